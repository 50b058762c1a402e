/** `cemm-history`: ranges. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { NodeMessage } from "node-red";
import { type FlowOptions, flows, inCloud, logged, type Properties, startFlow } from "../support/flow.js";
import { errorOf, originOf } from "../support/flow-seen.js";
import { eventually, testbed, UID } from "../support/server.js";
import { type Answer, json, later, silence, status } from "../support/server-answers.js";

const START = Date.parse("2026-01-01T00:00+01:00");
const DAY_MS = 86_400_000;
const type = "cemm-history";
const FIVE_DAYS = { time: "2026-01-01", timeType: "str", to: "2026-01-05", toType: "str" };

/** One sample for each requested day, with the day's number as its value. */
const days: Answer = (response, n) => dayOf(n)(response, n);
function dayOf(n: number): Answer {
  return json({ io_id: 1, data: { electric_power: [[START + n * DAY_MS, n + 1]] } });
}
/** Fails on the given days. After a 404 the client also requests the list of meters, which does not exist here. */
const exceptDay =
  (failing: Record<number, Answer>): Answer =>
  (response, n) => {
    const time = new URLSearchParams(response.req.url?.split("?")[1]).get("time");
    if (time === null) return status(404)(response, n);
    const day = (Number(time) * 1000 - START) / DAY_MS;
    return (failing[day + 1] ?? days)(response, day);
  };

/** Enough channels for ten years of minutes to take gigabytes. */
const MANY = Array.from({ length: 10 }, (_, n) => `c${n}`);

describe("a range", () => {
  flows();
  const bed = testbed();

  async function start(answer: Answer, properties: Properties = {}, more: Partial<FlowOptions> = {}) {
    const server = await bed.serve(answer);
    const node = { type, ...FIVE_DAYS, ...properties };
    return { server, flow: await startFlow({ node, device: { host: server.host, uid: UID }, ...more }) };
  }

  it("deliver one is the default: all periods in one message", async () => {
    const { flow } = await start(days);
    const answer = await flow.answer({ parts: "kept" });
    const samples = [1, 2, 3, 4, 5].map((value) => ({ time: START + (value - 1) * DAY_MS, value }));
    assert.deepEqual(answer.payload, { electric_power: samples });
    assert.equal(answer.parts, "kept");
    const { period, time, missing } = originOf(answer);
    assert.deepEqual([period?.start, period?.end], [START, START + 5 * DAY_MS]);
    assert.equal(time, START + 4 * DAY_MS);
    assert.equal(missing, undefined);
  });

  for (const [what, empty, asked] of [
    ["after the first period, before the second is requested", 0, 1],
    ["also if the meter was installed after the first period", 1, 2],
  ] as const) {
    it(`too large for one message raises CEMM_INPUT ${what}`, async () => {
      const dayOfMinutes = (n: number) =>
        Array.from({ length: n < empty ? 0 : 1440 }, (_, minute) => [
          START + n * DAY_MS + minute * 60_000,
          1,
        ]).reverse();
      const { server, flow } = await start(
        (response, n) => {
          const data = Object.fromEntries(MANY.map((channel) => [channel, dayOfMinutes(n)]));
          return json({ io_id: 1, data })(response, n);
        },
        { to: "2036-11-30" },
      );
      const { sent, caught } = await flow.end();
      const { code, message } = errorOf(caught ?? {});
      assert.equal(code, "CEMM_INPUT");
      assert.match(message, /takes some \d+ MB in one message; .* Choose a message for each period/);
      assert.deepEqual([server.questions.length, sent], [asked, []]);
    });
  }

  it("rows have every column, even if a channel starts later", async () => {
    const withGas = json({ io_id: 1, data: { electric_power: [[START + DAY_MS, 2]], gas: [[START + DAY_MS, 0.5]] } });
    const { flow } = await start(exceptDay({ 2: withGas }), { format: "rows", to: "2026-01-02" });
    assert.deepEqual((await flow.answer()).payload, [
      { time: START, electric_power: 1, gas: null },
      { time: START + DAY_MS, electric_power: 2, gas: 0.5 },
    ]);
  });

  it("requests one period at a time", async () => {
    const { flow, server } = await start(later(10, days));
    await flow.answer();
    assert.equal(server.busiest, 1);
    assert.equal(server.questions.length, 5);
  });

  it("shows its progress in the status", async () => {
    const { flow } = await start(later(260, days));
    await flow.answer();
    await flow.statuses.next(({ fill }) => fill === "green");
    const [first, ...progress] = flow.shown();
    assert.deepEqual([first, progress.pop()], ["blue ring asking", "green dot samples"]);
    assert.deepEqual(progress, progress.toSorted());
    assert.ok(progress.length >= 3 && progress.every((line) => /^blue ring [0-4]\/5$/.test(line)), progress.join());
  });

  it("deliver each: a message for each period as it comes, with msg.parts", async () => {
    const { flow, server } = await start(days, { deliver: "each", format: "points" });
    const id = flow.give({ kept: [1] });
    await flow.sent.next();
    assert.ok(server.questions.length < 5, "the first came before the last was requested");
    const { sent } = await flow.ended(id);
    const ids = new Set(sent.map(({ parts }) => JSON.stringify(parts).match(/"id":"(\w+)"/)?.[1]));
    assert.equal(ids.size, 1);
    for (const [index, { payload, parts, kept, cemm }] of sent.entries()) {
      const time = START + index * DAY_MS;
      assert.deepEqual(payload, [{ time, channel: "electric_power", value: index + 1, unit: "W" }]);
      assert.deepEqual(parts, { id: [...ids][0], type: "array", index, count: 5 });
      assert.deepEqual(kept, [1]);
      assert.deepEqual(originOf({ cemm }).period?.start, time);
    }
    assert.equal(sent.length, 5);
  });

  it("deliver each, format raw: one body in each message", async () => {
    const { flow } = await start(days, { deliver: "each", format: "raw" });
    const { sent } = await flow.end();
    assert.deepEqual(sent[1]?.payload, { io_id: 1, data: { electric_power: [[START + DAY_MS, 2]] } });
  });

  for (const [what, failing, count] of [
    ["all days", {}, 5],
    ["the other days if the last ones fail", { 4: status(418), 5: status(418) }, 3],
  ] as const) {
    it(`deliver each: a join node restores the array of ${what}`, async () => {
      const join = { id: "joiner", type: "join", mode: "auto", wires: [["sent"]] };
      const { flow } = await start(exceptDay(failing), { deliver: "each" }, { wires: ["joiner"], more: [join] });
      flow.give();
      const { payload } = await flow.sent.next();
      assert.equal(Array.isArray(payload) && payload.length, count);
    });
  }

  for (const [code, expected] of [
    [404, "CEMM_ALIAS_UNSUPPORTED"],
    [500, "CEMM_GATEWAY"],
  ] as const) {
    it(`delivers the others if a period fails (${code}); msg.cemm.missing lists the failed ones, and one error counts them`, async () => {
      const { flow } = await start(exceptDay({ 2: status(code), 4: status(code) }));
      const { sent, caught } = await flow.end({ payload: "asked" });
      assert.equal(sent.length, 1);
      const [answer] = sent;
      const values = [1, 3, 5].map((day) => ({ time: START + (day - 1) * DAY_MS, value: day }));
      assert.deepEqual(answer?.payload, { electric_power: values });
      const missing = [2, 4].map((day) => ({
        period: `2026-01-0${day}`,
        start: START + (day - 1) * DAY_MS,
        end: START + day * DAY_MS,
        code: expected,
      }));
      assert.deepEqual(originOf(answer ?? {}).missing, missing);
      assert.equal(caught?.payload, "asked", "the original message comes with the error");
      const error = errorOf(caught ?? {});
      assert.equal(error.code, expected);
      assert.match(error.message, /2 of 5 days are missing, the first is 2026-01-02/);
      assert.equal(flow.caught.all.length, 1);
      assert.equal(flow.completed.all.length, 0);
      await flow.statuses.next(({ fill }) => fill === "red");
    });
  }

  const indexOf = ({ parts }: NodeMessage) => Object.entries(parts ?? {}).find(([key]) => key === "index")?.[1];
  const missingOf = (msg: NodeMessage) => originOf(msg).missing?.map(({ period }) => Number(period.slice(-2))) ?? [];

  const FAILING: { failing: number[]; sent: number[]; missing: number[][] }[] = [
    { failing: [1], sent: [2, 3, 4, 5], missing: [[1], [1], [1], [1]] },
    { failing: [3], sent: [1, 2, 4, 5], missing: [[], [3], [3], [3]] },
    { failing: [5], sent: [1, 2, 3, 4], missing: [[], [], [], [5]] },
    { failing: [2, 4, 5], sent: [1, 3], missing: [[2], [2, 4, 5]] },
    { failing: [2, 3, 4, 5], sent: [1], missing: [[2, 3, 4, 5]] },
  ];
  for (const { failing, sent: expected, missing } of FAILING) {
    it(`deliver each, day ${failing} failing: sends the others, the last one with msg.complete, and one error`, async () => {
      const answers = Object.fromEntries(failing.map((day) => [day, status(418)]));
      const { flow } = await start(exceptDay(answers), { deliver: "each" });
      const { sent, caught } = await flow.end();
      assert.deepEqual(
        sent.map((msg) => Number(indexOf(msg)) + 1),
        expected,
      );
      assert.deepEqual(
        sent.map(({ complete }) => complete),
        expected.map((_, n) => (n === expected.length - 1 ? true : undefined)),
      );
      assert.deepEqual(sent.map(missingOf), missing);
      assert.match(errorOf(caught ?? {}).message, new RegExp(`${failing.length} of 5 days`));
    });
  }

  for (const deliver of ["one", "each"]) {
    it(`deliver ${deliver}, all days failing: no message, one error`, async () => {
      const { flow } = await start(status(418), { deliver });
      const { sent, caught } = await flow.end();
      assert.deepEqual(sent, []);
      assert.match(errorOf(caught ?? {}).message, /5 of 5 days/);
    });
  }

  it("deliver each, stopped midway: nothing more is sent", async () => {
    const { flow, server } = await start(later(100, days), { deliver: "each" });
    const id = flow.give();
    await flow.sent.next();
    await flow.end({ reset: true });
    const { sent, caught } = await flow.ended(id);
    await delay(250);
    assert.deepEqual([sent.length, flow.sent.all.length, caught], [1, 1, undefined]);
    assert.ok(server.questions.length <= 3);
  });

  it("a single period that fails raises its own error", async () => {
    const { flow } = await start(status(500), { toType: "none" });
    assert.doesNotMatch((await flow.error()).message, /missing/);
  });

  it("stops asking a cloud that denies access, instead of trying a year day by day", async () => {
    const server = await bed.serve(status(403));
    const node = { type, ...FIVE_DAYS, to: "2026-12-31" };
    const flow = await startFlow({ node, ...inCloud(server.host) });
    const { code, message } = await flow.error();
    assert.equal(code, "CEMM_UNAUTHORIZED");
    assert.match(message, /365 of 365 days/);
    assert.equal(server.questions.length, 5);
  });

  it("is stopped by msg.reset: both messages are done, nothing is sent, no error is raised", async () => {
    const { flow, server } = await start(later(100, days));
    const id = flow.give();
    await flow.statuses.next(({ text }) => text === "1/5");
    const reset = await flow.end({ reset: true });
    const stopped = await flow.ended(id);
    for (const { sent, caught } of [reset, stopped]) assert.deepEqual([sent, caught], [[], undefined]);
    await flow.statuses.next(({ fill }) => fill === "grey");
    await delay(250);
    assert.ok(server.questions.length <= 2, "the third day was not requested");
    assert.equal(flow.shown().at(-1), "grey ring stopped");
    assert.deepEqual([flow.sent.all, logged("error")], [[], []]);
  });

  it("msg.reset does nothing if there is nothing to stop", async () => {
    const { flow, server } = await start(days);
    const { sent, caught } = await flow.end({ reset: true });
    assert.deepEqual([sent, caught, flow.shown()], [[], undefined, []]);
    assert.equal(server.connections, 0);
  });

  it("a msg.reset that is not true is ignored", async () => {
    const { flow } = await start(days);
    assert.equal((await flow.answer({ reset: false })).reset, false);
  });

  it("answers again after a reset", async () => {
    const { flow, server } = await start((response, n) => (n === 0 ? silence : dayOf(n - 1))(response, n));
    const id = flow.give();
    await eventually(() => server.questions.length > 0, "it is asked");
    flow.give({ reset: true });
    await flow.ended(id);
    assert.equal((await flow.answer()).topic, `cemm/${UID}/p1/day`);
  });
});
