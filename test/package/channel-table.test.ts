/** The channel table is what Home Assistant is told; the READMEs and the help are held against it by tests of their own. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import vm from "node:vm";
import { z } from "zod";
import { CHANNELS, type Kind } from "../../src/lib/data/channel-table.js";
import { readReadings } from "../../src/lib/data/channels.js";
import type { Answer } from "../../src/lib/index.js";
import { ofChannel, originOf } from "../../src/nodes/shared/message.js";
import { UID } from "../support/server.js";

const EXAMPLE = "14 MQTT with Home Assistant discovery.json";
const AT = Date.UTC(2026, 5, 10, 12);

const FunctionNodes = z.array(z.object({ name: z.string().optional(), func: z.string().optional() }));
const Config = z.object({
  payload: z.object({
    name: z.string(),
    unit_of_measurement: z.string().optional(),
    device_class: z.string().optional(),
    state_class: z.string().optional(),
  }),
});

/** The example's function node that announces a channel. */
function announce(msg: object): z.infer<typeof Config>["payload"] | null {
  const flow = FunctionNodes.parse(JSON.parse(readFileSync(join(__dirname, "../../examples/flows", EXAMPLE), "utf8")));
  const code = flow.find(({ name }) => name === "discovery")?.func ?? assert.fail("no function announces");
  const told: unknown = vm.runInNewContext(`((msg) => {${code}\n})(msg)`, { msg });
  return told === null ? null : Config.parse(told).payload;
}

describe("the Home Assistant example", () => {
  const live = [...CHANNELS].flatMap(([channel, rows]) => {
    const row = rows.find(({ kinds }) => kinds.some((kind: Kind) => kind === "realtime"));
    return row ? [{ channel, row }] : [];
  });
  const read = readReadings(Object.fromEntries(live.map(({ channel }) => [channel, [AT, 1]])), "realtime");
  const answer: Answer = {
    kind: "realtime",
    source: "lan",
    uid: UID,
    host: "192.168.1.10",
    alias: "p1",
    ioId: null,
    requestedAt: AT,
    receivedAt: AT,
    age: 0,
    stale: false,
    suspects: [],
    ...read,
    raw: {},
  };
  const origin = originOf(answer, "House");

  for (const { channel, row } of live) {
    it(`announces ${channel} by the name, unit and classes of the table`, () => {
      const cemm = ofChannel(origin, channel);
      const told = announce({ topic: `cemm/${UID}/p1/realtime/${channel}`, payload: 1, cemm });
      // Balances are told as the counters that they are made of.
      if (channel.startsWith("electric_energy")) return assert.equal(told, null);
      const { name, unit_of_measurement = null, device_class = null, state_class = null } = told ?? {};
      assert.deepEqual(
        [name, unit_of_measurement, device_class, state_class],
        [row.name, row.unit, row.deviceClass, row.stateClass],
      );
    });
  }
});
