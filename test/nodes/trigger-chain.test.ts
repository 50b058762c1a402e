/** `cemm-trigger` behind `cemm-realtime`, in every format that it accepts. */
import assert from "node:assert/strict";
import { z } from "zod";
import { endFlow, flows, logged, nodeOf, startFlow } from "../support/flow.js";
import { eventually, testbed, UID } from "../support/server.js";
import { json } from "../support/server-answers.js";

const VerdictMessage = z.object({
  payload: z.literal(true),
  cemm: z.object({ uid: z.literal(UID) }),
  trigger: z.object({ value: z.literal(-1500), since: z.number() }),
});

describe("cemm-trigger behind cemm-realtime", () => {
  flows();
  const bed = testbed();

  async function start(properties: object, times: { power?: number; gas?: number } = {}) {
    const time = Date.now() - 2000;
    const gas = times.gas === undefined ? [0, 0] : [times.gas, 2616.84];
    const data = { t1: [time, 5237.19], t2: [time, 12.5], electric_power: [times.power ?? time, -1500], gas };
    const { host } = await bed.serve(json({ data }));
    const rule = { type: "cemm-trigger", on: -1000, off: -200 };
    const flow = await startFlow({
      node: { type: "cemm-realtime", ...properties },
      device: { host, uid: UID },
      wires: ["rule"],
      more: [{ ...rule, id: "rule", wires: [["sent"]] }],
    });
    return { flow, time };
  }

  for (const properties of [
    { format: "values" },
    { format: "measurements" },
    { format: "influx" },
    { format: "values", split: true },
    { format: "measurements", split: true },
  ]) {
    it(`accepts ${JSON.stringify(properties)}, once, with the time of the measurement`, async () => {
      const { flow, time } = await start(properties);
      flow.give();
      const { trigger } = VerdictMessage.parse(await flow.sent.next());
      assert.equal(trigger.since, time);
      assert.equal(flow.sent.all.length, 1);
      assert.deepEqual(logged("error"), []);
    });
  }

  it("does not switch by a power value that is hours old, even if other channels are new", async () => {
    const HOUR = 3_600_000;
    for (const gas of [Date.now(), Date.now() + 365 * 24 * HOUR]) {
      const { flow } = await start({}, { power: Date.now() - 3 * HOUR, gas });
      await flow.end();
      // The trigger handles one message after another, so this one comes last.
      nodeOf("rule").receive({ payload: 0 });
      const { trigger } = z.object({ trigger: z.object({ value: z.number() }) }).parse(await flow.sent.next());
      assert.equal(trigger.value, 0);
      await endFlow();
    }
  });

  it("refuses the format raw", async () => {
    const { flow } = await start({ format: "raw" });
    await flow.end();
    await eventually(() => logged("error").length > 0, "the trigger's error");
    assert.match(logged("error").join(), /no number for "electric_power"/);
  });
});
