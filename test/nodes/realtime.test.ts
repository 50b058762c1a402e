/** The formats of `cemm-realtime`. */
import assert from "node:assert/strict";
import { z } from "zod";
import { READING_FORMATS } from "../../src/nodes/shared/formats.js";
import { fixture } from "../support/fixtures.js";
import { flows, logged, startFlow } from "../support/flow.js";
import { originOf } from "../support/flow-seen.js";
import helper from "../support/node-red-helper.js";
import { testbed, UID } from "../support/server.js";
import { inTurn, json } from "../support/server-answers.js";

const AT = 1_632_948_526_000;
const BODY = {
  data: {
    electric_power: [AT, 193],
    t1: [AT / 1000, "5237.19"],
    gas: [0, 0],
    odd: [AT + 60_000, 1],
  },
};
const type = "cemm-realtime";

const Values = z.object({ electric_power: z.number().nullable() });
const Parts = z.object({ key: z.string(), index: z.number(), count: z.number() });

describe("cemm-realtime", () => {
  flows();
  const bed = testbed();

  async function start(properties: Record<string, unknown>, data: unknown = BODY) {
    const { host } = await bed.serve(json(data));
    return startFlow({ node: { type, ...properties }, device: { host, uid: UID, name: "House" } });
  }

  const EXPECTED = {
    values: { electric_power: 193, t1: 5237.19, gas: null, odd: 1 },
    measurements: {
      electric_power: { value: 193, unit: "W", time: AT },
      t1: { value: 5237.19, unit: "kWh", time: AT },
      gas: { value: null, unit: "m³", time: null },
      odd: { value: 1, unit: null, time: AT + 60_000 },
    },
  };
  for (const [format, expected] of [["" /* Not set. */, EXPECTED.values], ...Object.entries(EXPECTED)] as const) {
    it(`format ${format || "values, the default"}: an entry for each channel; null if never reported`, async () => {
      const flow = await start(format ? { format } : {});
      assert.deepEqual((await flow.answer()).payload, expected);
    });
  }

  it("format influx: one point for each distinct time, without nulls and without channels of unknown time", async () => {
    const flow = await start({ format: "influx", alias: "p1" });
    const tags = { uid: UID, alias: "p1", kind: "realtime" };
    assert.deepEqual((await flow.answer()).payload, [
      { measurement: "cemm", tags, fields: { electric_power: 193, t1: 5237.19 }, timestamp: new Date(AT) },
      { measurement: "cemm", tags, fields: { odd: 1 }, timestamp: new Date(AT + 60_000) },
    ]);
  });

  it("format raw: the unchanged body", async () => {
    const raw = fixture("lan/realtime-p1-with-totals");
    const flow = await start({ format: "raw" }, raw);
    assert.deepEqual((await flow.answer()).payload, raw);
  });

  it("format raw: each message has its own copy of the body, even if they shared one request", async () => {
    const flow = await start({ format: "raw" });
    const [first, second] = await Promise.all([flow.answer(), flow.answer()]);
    assert.deepEqual(first.payload, second.payload);
    assert.notEqual(first.payload, second.payload);
  });

  for (const [channel, payload] of [
    ["electric_power", 193],
    [" t1 ", 5237.19],
    ["gas", null],
  ] as const) {
    it(`format value: the number of one channel, or null: ${channel}`, async () => {
      const flow = await start({ format: "value", channel, split: true });
      const { payload: sent, topic, parts } = await flow.answer();
      assert.deepEqual([sent, topic, parts], [payload, `cemm/${UID}/p1/realtime`, undefined]);
    });
  }

  for (const channel of ["t9", "constructor", "__proto__"]) {
    it(`format value: CEMM_INPUT that names the meter's channels, for one that it does not have: ${channel}`, async () => {
      const flow = await start({ format: "value", channel });
      const { code, message } = await flow.error();
      assert.equal(code, "CEMM_INPUT");
      assert.match(message, /electric_power, t1, gas, odd/);
    });
  }

  describe("only changes", () => {
    /** What is sent for these values, one request after the other. */
    async function sent(properties: object, ...powers: (number | null)[]): Promise<unknown[]> {
      const answers = powers.map((power) => json({ data: { electric_power: [AT, power], t1: [AT, 5] } }));
      const { host } = await bed.serve(inTurn(...answers));
      const flow = await startFlow({ node: { type, onlyChanges: true, ...properties }, device: { host } });
      for (const _ of powers) await flow.end();
      return flow.sent.all.map(({ payload, parts }) => parts ?? payload);
    }
    const powers = (payloads: unknown[]) => payloads.map((payload) => Values.parse(payload).electric_power);

    it("sends a message only if a value differs from the last one sent", async () => {
      assert.deepEqual(powers(await sent({}, 193, 193, 194, 194, null, null, 194)), [193, 194, null, 194]);
    });

    it("compares with the last one sent, by more than the dead band, so that a slow drift comes through", async () => {
      assert.deepEqual(powers(await sent({ deadBand: "10" }, 100, 105, 110, 111, 101, 100)), [100, 111, 100]);
    });

    it("compares what is sent: only the channel of the format value, after rounding", async () => {
      const properties = { format: "value", channel: "electric_power", decimals: "0" };
      assert.deepEqual(await sent(properties, 193.1, 193.4, 193.6, -0.2, 0.3), [193, 194, 0]);
    });

    it("with split, sends only the channels that changed, as a complete sequence", async () => {
      const keys = (await sent({ split: true }, 193, 193, 200)).map((parts) => Parts.parse(parts));
      assert.deepEqual(
        keys.map(({ key, index, count }) => `${key} ${index + 1}/${count}`),
        ["electric_power 1/2", "t1 2/2", "electric_power 1/1"],
      );
    });

    it("works in every format", async () => {
      for (const format of READING_FORMATS.keys()) {
        await helper.unload();
        assert.equal((await sent({ format, channel: "t1" }, 1, 1)).length, 1, format);
      }
    });

    it("compares each meter that messages choose with itself", async () => {
      const { host } = await bed.serve(json({ data: { electric_power: [AT, 5] } }));
      const node = { type, onlyChanges: true, alias: "alias", aliasType: "msg" };
      const flow = await startFlow({ node, device: { host } });
      for (const alias of ["p1", "mb5", "p1", "mb5"]) await flow.end({ alias });
      assert.equal(flow.sent.all.length, 2);
    });

    for (const properties of [{ deadBand: "much" }, { deadBand: -1 }, { decimals: 7 }, { decimals: "1.5" }]) {
      it(`raises CEMM_INPUT before any request: ${JSON.stringify(properties)}`, async () => {
        const server = await bed.serve(json(BODY));
        const flow = await startFlow({
          node: { type, onlyChanges: true, ...properties },
          device: { host: server.host },
        });
        assert.equal((await flow.error()).code, "CEMM_INPUT");
        assert.equal(server.connections, 0);
      });
    }
  });

  it("rounds the values to the number of decimals, but not the raw body", async () => {
    const data = { electric_power: [AT, -4.449], gas: [AT, 2617.0005], t1: [0, 0] };
    for (const [format, expected] of [
      ["values", { electric_power: -4.4, gas: 2617, t1: null }],
      ["raw", { data }],
    ] as const) {
      const { host } = await bed.serve(json({ data }));
      await helper.unload();
      const flow = await startFlow({ node: { type, decimals: 1, format }, device: { host } });
      assert.deepEqual((await flow.answer()).payload, expected);
    }
  });

  for (const [format, expected] of Object.entries(EXPECTED)) {
    it(`split, ${format}: a message for each channel, topic <topic>/<channel>, with msg.parts`, async () => {
      const flow = await start({ format, split: true, topic: "home" });
      const { sent } = await flow.end({ kept: true });
      const ids = new Set(sent.map(({ parts }) => JSON.stringify(parts).match(/"id":"(\w+)"/)?.[1]));
      assert.equal(ids.size, 1);
      const [id] = ids;
      const channels = Object.entries(expected);
      assert.equal(sent.length, channels.length);
      for (const [index, [key, payload]] of channels.entries()) {
        const { cemm, _msgid, ...message } = sent[index] ?? {};
        const parts = { id, type: "object", key, index, count: channels.length };
        assert.deepEqual(message, { payload, topic: `home/${key}`, kept: true, parts });
        assert.deepEqual(Object.keys(originOf({ cemm }).channels), [key], "only that channel");
      }
    });

    it(`split, ${format}: a join node restores the object`, async () => {
      const { host } = await bed.serve(json(BODY));
      const join = { id: "joiner", type: "join", mode: "auto", wires: [["sent"]] };
      const flow = await startFlow({
        node: { type, format, split: true },
        wires: ["joiner"],
        device: { host },
        more: [join],
      });
      flow.give();
      assert.deepEqual((await flow.sent.next()).payload, expected);
    });
  }

  it("split: keeps the msg.parts of a message that was split before, one level down", async () => {
    const flow = await start({ split: true });
    const parts = { id: "before", type: "array", index: 0, count: 2 };
    const { sent } = await flow.end({ parts });
    for (const message of sent) assert.deepEqual(Object.entries(message.parts ?? {}).at(-1), ["parts", parts]);
  });

  it("split: a change to one message does not show in the next", async () => {
    const flow = await start({ split: true });
    const { sent } = await flow.end({ list: ["kept"] });
    const lists = new Set(sent.map(({ list }) => list));
    assert.equal(lists.size, sent.length);
  });

  for (const format of ["influx", "raw"]) {
    it(`split does not apply to ${format}, which has no channels`, async () => {
      const flow = await start({ format, split: true });
      assert.equal((await flow.answer()).parts, undefined);
    });
  }

  it("an invalid channel is null and named in one warning; the others are delivered", async () => {
    const flow = await start({}, { data: { electric_power: [AT, 5], t1: [AT, "NaN"], t2: 7 } });
    for (const _ of [1, 2]) {
      assert.deepEqual((await flow.answer()).payload, { electric_power: 5, t1: null, t2: null });
    }
    assert.equal(logged("warn").length, 1);
    assert.match(logged("warn")[0] ?? "", /t1, t2/);
  });

  it("raises CEMM_BAD_RESPONSE if no channel is valid", async () => {
    const flow = await start({}, { data: { t1: [AT, "NaN"] } });
    assert.equal((await flow.error()).code, "CEMM_BAD_RESPONSE");
  });
});
