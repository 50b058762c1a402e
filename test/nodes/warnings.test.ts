/** What a node warns of, and how often. */
import assert from "node:assert/strict";
import { KnownFaults } from "../../src/nodes/shared/known-faults.js";
import { type Flow, flows, logged, startFlow } from "../support/flow.js";
import { testbed } from "../support/server.js";
import { inTurn, json } from "../support/server-answers.js";

const type = "cemm-realtime";
const MINUTE = 60_000;
const AT = Date.now() - MINUTE;

describe("the faults that a node knows", () => {
  const news = (faults: KnownFaults, subject: string, found: string[], now: number) => [
    ...faults.update(subject, found, now),
  ];

  it("are news once, for each subject and each fault", () => {
    const faults = new KnownFaults();
    assert.deepEqual(news(faults, "p1", ["t1"], 0), ["t1"]);
    assert.deepEqual(news(faults, "p1", ["t1", "t2"], MINUTE), ["t2"]);
    assert.deepEqual(news(faults, "p2", ["t1"], MINUTE), ["t1"]);
    assert.deepEqual(news(faults, "p1", ["t1"], 10_000 * MINUTE), [], "it lasts");
  });

  it("are news again after the thing was good for an hour, not sooner", () => {
    const faults = new KnownFaults();
    news(faults, "p1", ["t1"], 0);
    news(faults, "p1", [], 1 * MINUTE);
    assert.deepEqual(news(faults, "p1", ["t1"], 60 * MINUTE), []);
    news(faults, "p1", [], 61 * MINUTE);
    news(faults, "p1", [], 90 * MINUTE);
    assert.deepEqual(news(faults, "p1", ["t1"], 121 * MINUTE), ["t1"]);
  });

  it("are forgotten where there are too many", () => {
    const faults = new KnownFaults();
    for (let n = 0; n < 1001; n++) news(faults, `meter ${n}`, ["t1"], n);
    assert.deepEqual(news(faults, "meter 1000", ["t1"], 2000), []);
    assert.deepEqual(news(faults, "meter 0", ["t1"], 2000), ["t1"]);
  });
});

describe("warnings", () => {
  flows();
  const bed = testbed();
  const device = { name: "House" };

  async function warned(flow: Flow, messages: object[]): Promise<string[]> {
    for (const msg of messages) await flow.answer({ ...msg });
    return logged("warn", flow);
  }

  it("a channel that cannot be used: once for each meter, though the answers come by turns", async () => {
    const { host } = await bed.serve(json({ data: { electric_power: [AT, 5], t1: [AT, "NaN"] } }));
    const flow = await startFlow({ node: { type, alias: "alias", aliasType: "msg" }, device: { host, ...device } });
    const messages = Array.from({ length: 10 }, (_, n) => ({ alias: n % 2 ? "p1" : "mb5" }));
    const lines = await warned(flow, messages);
    assert.equal(lines.length, 2);
    for (const [n, alias] of ["mb5", "p1"].entries()) assert.match(lines[n] ?? "", RegExp(`^House: .*"${alias}".*t1$`));
  });

  it("a counter that fell: the CEMM, the channel, the reason and both values, once", async () => {
    const reading = (t1: number) => json({ data: { electric_power: [AT, 5], t1: [AT, t1] } });
    const { host } = await bed.serve(inTurn(reading(413.5), reading(0), reading(413.5), reading(0)));
    const flow = await startFlow({ node: { type }, device: { host, ...device } });
    const [line, ...more] = await warned(flow, [{}, {}, {}, {}]);
    assert.match(line ?? "", /^House: t1 of "p1" fell from 413\.5 to 0 kWh/);
    assert.deepEqual(more, []);
  });

  it("a counter that jumped", async () => {
    const reading = (gas: number) => json({ data: { electric_power: [AT, 5], gas: [AT, gas] } });
    const { host } = await bed.serve(inTurn(reading(100), reading(2617)));
    const flow = await startFlow({ node: { type }, device: { host, ...device } });
    assert.match((await warned(flow, [{}, {}])).join(), /^House: gas of "p1" rose .* from 100 to 2617 m³/);
  });

  it("a clock that disagrees: once, with the difference", async () => {
    const { host } = await bed.serve(json({ data: { electric_power: [Date.now() + 5 * MINUTE, 5] } }));
    const flow = await startFlow({ node: { type }, device: { host, ...device } });
    const [line, ...more] = await warned(flow, [{}, {}]);
    assert.match(line ?? "", /^House: .* 5 min ahead of this machine's clock/);
    assert.deepEqual(more, []);
  });

  it("a clock that disagrees shows in the history of today, too; the samples are delivered", async () => {
    // A whole minute: a day's last second is a placeholder.
    const time = Math.floor((Date.now() + 5 * MINUTE) / MINUTE) * MINUTE;
    const { host } = await bed.serve(json({ data: { electric_power: [[time, 5]] } }));
    const node = { type: "cemm-history", time: String(time), timeType: "num" };
    const flow = await startFlow({ node, device: { host, ...device } });
    const [line, ...more] = await warned(flow, [{}, {}]);
    assert.match(line ?? "", /^House: .* [45] min ahead of this machine's clock/);
    assert.deepEqual(more, []);
    assert.deepEqual((await flow.answer()).payload, { electric_power: [{ time, value: 5 }] });
  });

  it("a clock that is a minute off is none", async () => {
    const { host } = await bed.serve(json({ data: { electric_power: [Date.now() + MINUTE / 2, 5] } }));
    const flow = await startFlow({ node: { type }, device: { host, ...device } });
    assert.deepEqual(await warned(flow, [{}]), []);
  });

  for (const node of ["cemm-totals", "cemm-history"]) {
    it(`${node} warns once, too`, async () => {
      const pair = node === "cemm-history" ? [[AT, 5], [AT]] : [AT, 5];
      const { host } = await bed.serve(json({ data: { t1: pair, t2: "odd" }, totals: { t1: pair, t2: "odd" } }));
      const flow = await startFlow({ node: { type: node }, device: { host, ...device } });
      assert.equal((await warned(flow, [{}, {}])).length, 1);
    });
  }
});
