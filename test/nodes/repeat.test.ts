/** `repeat` of `cemm-realtime`: values that are none, or too small. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { flows, flowsAtOnce, logged, startFlow } from "../support/flow.js";
import { KEY, testbed, UID } from "../support/server.js";
import { good } from "../support/server-answers.js";

const type = "cemm-realtime";
const NONE = [0, "0", "", undefined, null];
const WRONG = [-1, "-5", "NaN", "soon", {}, [1, 2]];
const HUGE = [1e12, "1e999", 1e308];
const shown = (repeat: unknown) => (typeof repeat === "number" ? String(repeat) : JSON.stringify(repeat));

describe("repeat", () => {
  const bed = testbed();
  const rows = [
    ...NONE.map((repeat) => ({ it: `${shown(repeat)}: only on input, without a word`, repeat, polls: 0, warnings: 0 })),
    ...WRONG.map((repeat) => ({
      it: `${shown(repeat)}: only on input, with a warning`,
      repeat,
      polls: 0,
      warnings: 1,
    })),
    ...HUGE.map((repeat) => ({
      it: `${shown(repeat)}: at most once, not again at once`,
      repeat,
      polls: 1,
      warnings: 0,
    })),
  ];

  flowsAtOnce(
    rows,
    async ({ repeat }) => {
      const server = await bed.serve(good);
      return { node: { type, repeat }, device: { host: server.host }, server };
    },
    async (flow, { polls, warnings }, { server }) => {
      assert.equal(logged("warn", flow).length, warnings);
      await delay(300);
      assert.ok(server.questions.length <= polls);
      assert.deepEqual((await flow.answer()).payload, { electric_power: 193 });
    },
  );
});

describe("repeat of a CEMM in the cloud", () => {
  flows();
  const bed = testbed();

  it("repeat below 10 s (cloud) is raised to that, with a warning", async () => {
    const server = await bed.serve(good);
    const account = { baseUrl: `http://${server.host}/v1/`, apiKey: KEY };
    await startFlow({ node: { type, repeat: 2 }, device: { access: "cloud", uid: UID }, account });
    assert.match(logged("warn").join(), /every 10 s/);
  });
});
