/** Which period a `cemm-history` asks for, and which day a `cemm-totals`. */
import assert from "node:assert/strict";
import { endFlow, flows, startFlow } from "../support/flow.js";
import { originOf } from "../support/flow-seen.js";
import { KEY, testbed, UID } from "../support/server.js";
import { json } from "../support/server-answers.js";

const AMSTERDAM = "Europe/Amsterdam";
const NOON = Date.parse("2026-03-29T12:00:00+02:00");

describe("times", () => {
  flows();
  const bed = testbed();

  async function start(properties: Record<string, unknown>) {
    const server = await bed.serve(json({ data: { electric_power: [] } }));
    const node = { type: "cemm-history", ...properties };
    return { server, flow: await startFlow({ node, device: { host: server.host } }) };
  }

  const SUMMER_TIME_BEGINS = { start: Date.parse("2026-03-28T23:00Z"), end: Date.parse("2026-03-29T22:00Z") };
  const MEANINGS: [string, unknown][] = [
    ["epoch ms", NOON],
    ["epoch s (below 1e11)", NOON / 1000],
    ["a Date", new Date(NOON)],
    ["YYYY-MM-DD", "2026-03-29"],
    ["an ISO date-time with an offset", "2026-03-29T00:00:00+01:00"],
    ["an ISO date-time in UTC", "2026-03-28T23:00:00Z"],
    ["an ISO date-time by the clock of the time zone", "2026-03-29T23:59:59"],
    ["epoch ms as text", String(NOON)],
  ];
  it("a time may be epoch ms, epoch s, a Date, YYYY-MM-DD or an ISO date-time; a day of 23 hours is one", async () => {
    const { flow, server } = await start({ time: "time", timeType: "msg" });
    for (const [what, time] of MEANINGS) {
      const { period } = originOf(await flow.answer({ time }));
      assert.deepEqual(period, { unit: "day", ...SUMMER_TIME_BEGINS, timezone: AMSTERDAM }, what);
    }
    for (const { url } of server.questions) {
      assert.equal(url.searchParams.get("time"), String(SUMMER_TIME_BEGINS.start / 1000), "the LAN wants the start");
    }
  });

  it("a day of 25 hours is one", async () => {
    const { flow } = await start({ time: "2026-10-25", timeType: "str" });
    const { period } = originOf(await flow.answer());
    assert.equal(period && period.end - period.start, 25 * 3_600_000);
  });

  const STARTS: [string, unknown, string][] = [
    ["year", "2026", "2026-01-01"],
    ["year", 2026, "2026-01-01"],
    ["year", "2026-07", "2026-01-01"],
    ["month", "2026-07", "2026-07-01"],
    ["month", "2026-07-31", "2026-07-01"],
    ["month", "2026", "2026-01-01"],
    ["day", "2026-07", "2026-07-01"],
  ];
  it("YYYY and YYYY-MM mean the period that begins there; any moment of a period means the period", async () => {
    const { flow } = await start({ period: "period", periodType: "msg", time: "time", timeType: "msg" });
    for (const [period, time, expected] of STARTS) {
      const answer = originOf(await flow.answer({ period, time }));
      assert.equal(answer.period?.unit, period);
      const day = new Date(answer.period?.start ?? 0).toLocaleDateString("sv", { timeZone: AMSTERDAM });
      assert.equal(day, expected, `${period} of ${time}`);
    }
  });

  const NO_TIMES = [
    undefined,
    null,
    "",
    "yesterday",
    "2026-13",
    "2026-02-30",
    "29-03-2026",
    Number.NaN,
    -1,
    1e18,
    {},
    [],
    true,
  ];
  it("anything else is CEMM_INPUT, before any request", async () => {
    const { flow, server } = await start({ time: "time", timeType: "msg" });
    for (const time of NO_TIMES) assert.equal((await flow.error({ time })).code, "CEMM_INPUT", String(time));
    assert.equal(server.connections, 0);
  });

  it("a period other than day, month and year is CEMM_INPUT, before any request", async () => {
    const { flow, server } = await start({ period: "period", periodType: "msg" });
    for (const period of ["week", "", 1, null, undefined, {}, "__proto__"]) {
      assert.equal((await flow.error({ period })).code, "CEMM_INPUT", String(period));
    }
    assert.equal(server.connections, 0);
  });

  it("timeType now is the default", async () => {
    const { flow } = await start({});
    const { period, requestedAt } = originOf(await flow.answer());
    assert.equal(period?.unit, "day", "the default period");
    assert.ok(period && period.start <= requestedAt && requestedAt < period.end);
  });

  for (const period of ["day", "month", "year"]) {
    it(`timeType ago: n ${period}s back; previous: one`, async () => {
      const { flow } = await start({ period, time: "0", timeType: "ago" });
      const now = originOf(await flow.answer()).period;
      await endFlow();
      const { flow: before } = await start({ period, time: "1", timeType: "ago" });
      const last = originOf(await before.answer()).period;
      assert.equal(last?.end, now?.start);
      await endFlow();
      const { flow: previous } = await start({ period, timeType: "previous" });
      assert.deepEqual(originOf(await previous.answer()).period, last, "previous is one period back");
    });
  }

  it("ago that is not 0, 1, 2, … is CEMM_INPUT", async () => {
    for (const time of ["-1", "1.5", "x", "1e9"]) {
      const { flow } = await start({ time, timeType: "ago" });
      assert.equal((await flow.error()).code, "CEMM_INPUT", time);
      await endFlow();
    }
  });

  it("toType none is the default: one period", async () => {
    const { flow, server } = await start({ time: "2026-01-01", timeType: "str", to: "2026-01-05" });
    await flow.answer();
    assert.equal(server.questions.length, 1);
  });

  it("from n periods ago to now", async () => {
    const { flow, server } = await start({ period: "month", time: "2", timeType: "ago", toType: "now" });
    await flow.answer();
    assert.equal(server.questions.length, 3);
  });

  it("a range that ends before it begins is CEMM_INPUT", async () => {
    const { flow } = await start({ time: "2026-01-02", timeType: "str", to: "2026-01-01", toType: "str" });
    assert.equal((await flow.error()).code, "CEMM_INPUT");
  });

  it("a range of over 4000 periods is CEMM_INPUT, before any request", async () => {
    const { flow, server } = await start({ time: "2000-01-01", timeType: "str", to: "2012-01-01", toType: "str" });
    const { code, message } = await flow.error();
    assert.equal(code, "CEMM_INPUT");
    assert.match(message, /4384 days.*4000/);
    assert.equal(server.connections, 0);
  });

  it("cemm-totals: the cloud is asked for the day of the time", async () => {
    const server = await bed.serve(json({ data: { t1: [NOON, 5] } }));
    const account = { baseUrl: `http://${server.host}/v1/`, apiKey: KEY };
    const node = { type: "cemm-totals", time: "day", timeType: "msg" };
    const flow = await startFlow({ node, device: { access: "cloud", uid: UID }, account });
    for (const [what, day] of MEANINGS) {
      const { period } = originOf(await flow.answer({ day }));
      assert.deepEqual(period, { unit: "day", ...SUMMER_TIME_BEGINS, timezone: AMSTERDAM }, what);
    }
    assert.equal((await flow.error({ day: "soon" })).code, "CEMM_INPUT");
  });
});
