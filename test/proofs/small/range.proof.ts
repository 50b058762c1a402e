/** At small heaps, the longest range allowed in one message is delivered in each format, and a longer one is refused. */
import assert from "node:assert/strict";
import { HISTORY_FORMATS } from "../../../src/nodes/shared/formats.js";
import { type NodeRed, startNodeRed } from "../../support/node-red.js";
import { serve, type TestServer, UID } from "../../support/server.js";
import { body } from "../../support/server-answers.js";
import { lastLine } from "../support/rows.js";

const HEAPS_MB = [128, 256, 512];
const DAY = 86_400_000;
const FIRST = Date.UTC(2016, 0, 1);
const LONGEST = 4000;
const MARGIN = 0.97;
const PATIENCE = 120_000;
/** Many, so that few days make a large message. */
const CHANNELS = Array.from({ length: 6 }, (_, n) => `c${n}`);

const delivered: string[] = [];
lastLine(() => `Delivered: ${delivered.join("; ")}`);

/** A whole day of minutes from `start`, epoch ms. */
function dayBody(start: number): string {
  const pairs = Array.from({ length: 1439 }, (_, n) => `[${start + (1438 - n) * 60_000},${n % 7}.${n % 1000}]`).join();
  return `{"io_id":1,"data":{${CHANNELS.map((channel) => `"${channel}":[${pairs}]`).join()}}}`;
}

for (const heap of HEAPS_MB) {
  describe(`a range in one message, at a heap of ${heap} MB`, () => {
    let nodeRed: NodeRed;
    let server: TestServer;

    before(async function () {
      this.timeout(60_000);
      server = await serve((response, n) => {
        const seconds = Number(server.questions[n]?.url.searchParams.get("time"));
        return body(dayBody(seconds * 1000))(response, n);
      });
      nodeRed = await startNodeRed({ nodeArgs: [`--max-old-space-size=${heap}`] });
    });
    after(async function () {
      this.timeout(30_000);
      await nodeRed?.stop();
      await server?.close();
    });

    /** The outcome of a range of this many days: "delivered", or why not. */
    async function ask(format: string, days: number): Promise<string> {
      const at = { z: "tab", x: 0, y: 0 };
      const to = new Date(FIRST + (days - 1) * DAY).toISOString().slice(0, 10);
      const end = (id: string, value: string, type: string) => ({
        ...{ ...at, id, type: "change", wires: [["end"]] },
        rules: [
          { t: "set", p: "end", pt: "msg", to: value, tot: type },
          { t: "delete", p: "payload", pt: "msg" },
          { t: "delete", p: "ui_update", pt: "msg" },
        ],
      });
      await nodeRed.deploy([
        { id: "tab", type: "tab", label: "range" },
        { id: "cemm", type: "cemm-device", name: "House", host: server.host, uid: UID, timezone: "UTC" },
        { ...at, id: "go", type: "inject", props: [], wires: [["ask"]] },
        {
          ...{ ...at, id: "ask", type: "cemm-history", device: "cemm", alias: "p1", period: "day", format },
          ...{ time: "2016-01-01", timeType: "str", to, toType: "str", deliver: "one", wires: [["delivered"]] },
        },
        { ...at, id: "failed", type: "catch", scope: ["ask"], wires: [["refused"]] },
        end("delivered", "delivered", "str"),
        end("refused", "error.message", "msg"),
        {
          ...at,
          id: "end",
          type: "debug",
          name: "end",
          complete: "end",
          targetType: "msg",
          active: true,
          tosidebar: true,
        },
      ]);
      nodeRed.debug.clear();
      await nodeRed.inject("go");
      const { value } = await nodeRed.debug.next(({ name }) => name === "end", PATIENCE);
      return String(value);
    }

    for (const format of HISTORY_FORMATS.keys()) {
      it(`is delivered up to the limit as ${format}`, async () => {
        const refusal = await ask(format, LONGEST);
        const [needed = 0, limit = 0] = [...refusal.matchAll(/(\d+) MB/g)].map(([, mb]) => Number(mb));
        assert.ok(needed > limit && limit > 0, refusal);
        const days = Math.floor(((LONGEST * limit) / needed) * MARGIN);
        assert.equal(await ask(format, days), "delivered");
        assert.equal((await nodeRed.admin("settings")).status, 200, "Node-RED still runs");
        delivered.push(`${heap} MB ${format} ${days * CHANNELS.length * 1439} samples`);
      }).timeout(2 * PATIENCE);
    }
  });
}
