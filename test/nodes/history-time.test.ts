/** Which period `cemm-history` and which day `cemm-totals` request. Valid times: test/lib/data/calendar.test.ts. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { endFlow, flows, inCloud, startFlow } from "../support/flow.js";
import { originOf } from "../support/flow-seen.js";
import { testbed } from "../support/server.js";
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
  it("any moment of a day in the CEMM's time zone means that day, also one of 23 hours", async () => {
    const { flow, server } = await start({ time: "time", timeType: "msg" });
    for (const time of [NOON, String(NOON / 1000), new Date(NOON), "2026-03-29", "2026-03-29T23:59:59"]) {
      const { period } = originOf(await flow.answer({ time }));
      assert.deepEqual(period, { unit: "day", ...SUMMER_TIME_BEGINS, timezone: AMSTERDAM }, String(time));
    }
    for (const { url } of server.questions) {
      assert.equal(url.searchParams.get("time"), String(SUMMER_TIME_BEGINS.start / 1000), "the LAN expects the start");
    }
  });

  const STARTS: [string, unknown, string][] = [
    ["year", 2026, "2026-01-01"],
    ["year", "2026-07", "2026-01-01"],
    ["month", "2026-07-31", "2026-07-01"],
    ["day", "2026-07", "2026-07-01"],
  ];
  it("YYYY and YYYY-MM mean the period that begins then", async () => {
    const { flow } = await start({ period: "period", periodType: "msg", time: "time", timeType: "msg" });
    for (const [period, time, expected] of STARTS) {
      const answer = originOf(await flow.answer({ period, time }));
      assert.equal(answer.period?.unit, period);
      const day = new Date(answer.period?.start ?? 0).toLocaleDateString("sv", { timeZone: AMSTERDAM });
      assert.equal(day, expected, `${period} of ${time}`);
    }
  });

  const REFUSED: Record<string, unknown[]> = {
    time: [undefined, null, "", "yesterday", "2026-02-30", -1, {}, [], true, Symbol("now"), Object.create(null)],
    to: [undefined, "1999-12-31", "2012-01-01", {}],
    period: ["week", "", 1, null, undefined, {}, "__proto__"],
  };
  for (const [name, values] of Object.entries(REFUSED)) {
    it(`an invalid ${name} is CEMM_INPUT, before any request`, async () => {
      const { flow, server } = await start({
        ...{ time: "2000-01-01", timeType: "str" },
        ...{ [name]: "value", [`${name}Type`]: "msg" },
      });
      for (const value of values) assert.equal((await flow.error({ value })).code, "CEMM_INPUT", inspect(value));
      assert.equal(server.connections, 0);
    });
  }

  it("timeType now is the default", async () => {
    const { flow } = await start({});
    const { period, requestedAt } = originOf(await flow.answer());
    assert.equal(period?.unit, "day", "the default period");
    assert.ok(period && period.start <= requestedAt && requestedAt < period.end);
  });

  for (const period of ["day", "month", "year"]) {
    it(`timeType ago goes n ${period}s back, previous goes back one`, async () => {
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

  it("timeType ago with anything but 0, 1, 2, … is CEMM_INPUT", async () => {
    for (const time of ["-1", "1.5", "x", "1e9"]) {
      const { flow } = await start({ time, timeType: "ago" });
      assert.equal((await flow.error()).code, "CEMM_INPUT", time);
      await endFlow();
    }
  });

  it("toType none is the default, and requests one period", async () => {
    const { flow, server } = await start({ time: "2026-01-01", timeType: "str", to: "2026-01-05" });
    await flow.answer();
    assert.equal(server.questions.length, 1);
  });

  it("a range goes from n periods ago to now", async () => {
    const { flow, server } = await start({ period: "month", time: "2", timeType: "ago", toType: "now" });
    await flow.answer();
    assert.equal(server.questions.length, 3);
  });

  it("cemm-totals asks the cloud for the day of the time", async () => {
    const server = await bed.serve(json({ data: { t1: [NOON, 5] } }));
    const node = { type: "cemm-totals", time: "day", timeType: "msg" };
    const flow = await startFlow({ node, ...inCloud(server.host) });
    const { period } = originOf(await flow.answer({ day: "2026-03-29" }));
    assert.deepEqual(period, { unit: "day", ...SUMMER_TIME_BEGINS, timezone: AMSTERDAM });
    assert.equal((await flow.error({ day: "soon" })).code, "CEMM_INPUT");
  });
});
