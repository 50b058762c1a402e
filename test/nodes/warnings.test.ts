/** A node's warnings, and how often it gives them. */
import assert from "node:assert/strict";
import { WarnOnce } from "../../src/nodes/shared/warn-once.js";
import { type Flow, flows, logged, startFlow, startFlows } from "../support/flow.js";
import { originOf } from "../support/flow-seen.js";
import { testbed } from "../support/server.js";
import { inTurn, json } from "../support/server-answers.js";

const type = "cemm-realtime";
const MINUTE = 60_000;
const AT = Date.now() - MINUTE;

describe("faults", () => {
  const reported = (faults: WarnOnce, subject: string, found: string[], now: number) => [
    ...faults.update(subject, found, now),
  ];

  it("are reported once for each subject and fault", () => {
    const faults = new WarnOnce();
    assert.deepEqual(reported(faults, "p1", ["t1"], 0), ["t1"]);
    assert.deepEqual(reported(faults, "p1", ["t1", "t2"], MINUTE), ["t2"]);
    assert.deepEqual(reported(faults, "p2", ["t1"], MINUTE), ["t1"]);
    assert.deepEqual(reported(faults, "p1", ["t1"], 10_000 * MINUTE), [], "it has not ended");
  });

  it("are reported again after the subject was fine for an hour, not sooner", () => {
    const faults = new WarnOnce();
    reported(faults, "p1", ["t1"], 0);
    reported(faults, "p1", [], 1 * MINUTE);
    assert.deepEqual(reported(faults, "p1", ["t1"], 60 * MINUTE), []);
    reported(faults, "p1", [], 61 * MINUTE);
    reported(faults, "p1", [], 90 * MINUTE);
    assert.deepEqual(reported(faults, "p1", ["t1"], 121 * MINUTE), ["t1"]);
  });

  it("are forgotten if there are too many subjects", () => {
    const faults = new WarnOnce();
    for (let n = 0; n < 1001; n++) reported(faults, `meter ${n}`, ["t1"], n);
    assert.deepEqual(reported(faults, "meter 1000", ["t1"], 2000), []);
    assert.deepEqual(reported(faults, "meter 0", ["t1"], 2000), ["t1"]);
  });

  it("are not reported beyond 200 for one subject, since a device may invent names", () => {
    const faults = new WarnOnce();
    let count = 0;
    for (let n = 0; n < 1000; n++) count += reported(faults, "p1", [`t${n}`], n).length;
    assert.equal(count, 200);
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

  it("an invalid channel: once for each meter, even if their answers alternate", async () => {
    const { host } = await bed.serve(json({ data: { electric_power: [AT, 5], t1: [AT, "NaN"] } }));
    const flow = await startFlow({ node: { type, alias: "alias", aliasType: "msg" }, device: { host, ...device } });
    const messages = Array.from({ length: 10 }, (_, n) => ({ alias: n % 2 ? "p1" : "mb5" }));
    const lines = await warned(flow, messages);
    assert.equal(lines.length, 2);
    for (const [n, alias] of ["mb5", "p1"].entries()) assert.match(lines[n] ?? "", RegExp(`^House: .*"${alias}".*t1$`));
  });

  it("channels with invalid names: one line for all of them, without control characters", async () => {
    let n = 0;
    const odd = () => json({ data: { electric_power: [AT, 5], [`a\n\u001b[31m${n++}`]: [AT, 1], "b c": [AT, 1] } });
    const { host } = await bed.serve((...args) => odd()(...args));
    const flow = await startFlow({ node: { type }, device: { host, ...device } });
    assert.deepEqual((await flow.answer()).payload, { electric_power: 5 });
    const lines = await warned(flow, [{}, {}]);
    assert.deepEqual(lines, [
      'House: "p1" has a channel with a name that cannot be used: "a[31m0" and 1 more. It is left out.',
    ]);
  });

  it("a counter that fell: once, with the CEMM, the channel, the reason and both values", async () => {
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

  it("a suspect counter: marked in each answer of each node, until it is taken as a new counter", async () => {
    const HOUR = 60 * MINUTE;
    let at = AT - 3 * HOUR;
    let t1 = 413.5;
    const { host } = await bed.serve((...args) => json({ data: { electric_power: [at, 5], t1: [at, t1] } })(...args));
    const [often, rarely] = await startFlows([
      { node: { type }, device: { host, ...device } },
      { node: { type }, device: { host, ...device } },
    ]);
    assert(often && rarely);
    const look = async (flow: Flow) => originOf(await flow.answer()).suspect;
    assert.deepEqual([await look(often), await look(rarely)], [undefined, undefined]);
    for (const minutes of [1, 10, 16, 20]) {
      [at, t1] = [AT - 3 * HOUR + minutes * MINUTE, minutes / 100];
      assert.deepEqual(await look(often), minutes < 16 ? ["t1"] : undefined, `${minutes} min`);
    }
    assert.deepEqual(await look(rarely), ["t1"]);
    const lines = logged("info", often).filter((line) => line.includes("new counter"));
    assert.deepEqual(lines, [
      'House: t1 of "p1" is taken as a new counter (0.16 kWh, after 413.5); was the meter replaced?',
    ]);
  });

  for (const [ahead, words] of [
    [8 * MINUTE, "8 min ahead of"],
    [-8 * MINUTE, "8 min behind"],
  ] as const) {
    it(`a clock that is ${words} this one: once for the CEMM, for all of its nodes`, async () => {
      const now = () => json({ data: { electric_power: [Date.now() + ahead, 5] } });
      const { host } = await bed.serve((...args) => now()(...args));
      const all = await startFlows([
        { node: { type }, device: { host, ...device } },
        { node: { type, device: "0-device" } },
      ]);
      for (const flow of [...all, ...all]) await flow.answer();
      const lines = all.flatMap((flow) => logged("warn", flow));
      assert.deepEqual(lines, [`House: its clock is ${words} this machine's. Set the clock that is wrong.`]);
    });
  }

  it("a clock that is wrong: also found in today's history, whose samples are delivered", async () => {
    // A full minute, since a day's last second is a placeholder.
    const time = Math.floor((Date.now() + 8 * MINUTE) / MINUTE) * MINUTE;
    const { host } = await bed.serve(json({ data: { electric_power: [[time, 5]] } }));
    const node = { type: "cemm-history", time: String(time), timeType: "num" };
    const flow = await startFlow({ node, device: { host, ...device } });
    const [line, ...more] = await warned(flow, [{}, {}]);
    assert.match(line ?? "", /^House: its clock is [78] min ahead of this machine's\./);
    assert.deepEqual(more, []);
    assert.deepEqual((await flow.answer()).payload, { electric_power: [{ time, value: 5 }] });
  });

  it("none for clocks a few minutes apart", async () => {
    const { host } = await bed.serve(json({ data: { electric_power: [Date.now() + 4 * MINUTE, 5] } }));
    const flow = await startFlow({ node: { type }, device: { host, ...device } });
    assert.deepEqual(await warned(flow, [{}]), []);
  });

  // AT's day, since today may be only a minute old, with nothing measured yet.
  for (const node of [{ type: "cemm-totals" }, { type: "cemm-history", time: String(AT), timeType: "num" }]) {
    it(`once from ${node.type}, too`, async () => {
      const pair = node.type === "cemm-history" ? [[AT, 5], [AT]] : [AT, 5];
      const { host } = await bed.serve(json({ data: { t1: pair, t2: "odd" }, totals: { t1: pair, t2: "odd" } }));
      const flow = await startFlow({ node, device: { host, ...device } });
      assert.equal((await warned(flow, [{}, {}])).length, 1);
    });
  }
});
