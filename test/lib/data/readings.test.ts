/** What live values and readings mean: rates before the first pulse, freshness, counters that do not go on. */
import assert from "node:assert/strict";
import { readReadings } from "../../../src/lib/data/channels.js";
import { CounterGuard } from "../../../src/lib/data/counter-guard.js";
import { freshnessOf } from "../../../src/lib/data/freshness.js";
import { Readings } from "../../../src/lib/data/schemas.js";
import { fixture } from "../../support/fixtures.js";

const AT = Date.UTC(2026, 5, 10, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const value = (data: Record<string, unknown>, channel: string, totals?: Record<string, unknown>) =>
  readReadings(data, "realtime", totals).channels[channel]?.samples[0];

describe("a live rate of [0, 0]", () => {
  it("is 0 beside a counter that has a time: no pulse since the CEMM started", () => {
    assert.deepEqual(value({ volume: [AT, 12.5], flow: [0, 0] }, "flow"), { time: null, value: 0 });
  });

  it("is 0 beside a counter among the totals", () => {
    assert.deepEqual(value({ electric_power: [0, 0] }, "electric_power", { t1: [AT, 3] }), { time: null, value: 0 });
  });

  it("is unknown without one, as every other channel is", () => {
    assert.deepEqual(value({ flow: [0, 0], volume: [0, 0] }, "flow"), { time: null, value: null });
    assert.deepEqual(value({ gas: [0, 0], t1: [AT, 3] }, "gas"), { time: null, value: null });
  });

  it("is 0 in the recording of an idle water meter", () => {
    const { data, totals } = Readings.parse(fixture("lan/realtime-water-idle"));
    assert.equal(value(data, "flow", totals)?.value, 0);
  });
});

describe("freshness", () => {
  const fresh = (data: Record<string, unknown>, alias: string, after: number) =>
    freshnessOf(readReadings(data, "realtime").channels, alias, AT + after);

  it("age is what passed from the measurement to its arrival, negative where this clock is slow", () => {
    assert.equal(fresh({ electric_power: [AT, 1] }, "p1", 4000).age, 4000);
    assert.equal(fresh({ electric_power: [AT, 1] }, "p1", -4000).age, -4000);
    assert.equal(fresh({ electric_power: [0, 0] }, "p1", 4000).age, null);
  });

  it("a smart meter is stale after minutes", () => {
    assert.equal(fresh({ electric_power: [AT, 1] }, "p1", MINUTE).stale, false);
    assert.equal(fresh({ electric_power: [AT, 1] }, "p1", 10 * MINUTE).stale, true);
  });

  it("gas may be silent for an hour, and for a while more", () => {
    assert.equal(fresh({ gas: [AT, 1] }, "p1-gas", 2 * HOUR).stale, false);
    assert.equal(fresh({ gas: [AT, 1] }, "p1-gas", 3 * HOUR).stale, true);
  });

  it("the newest channel that has a limit decides", () => {
    assert.equal(fresh({ electric_power: [AT, 1], gas: [AT - 5 * HOUR, 1] }, "p1", MINUTE).stale, false);
  });

  for (const alias of ["s01", "pulse-2"]) {
    it(`a pulse meter (${alias}) may rightly be silent for days`, () => {
      assert.equal(fresh({ electric_power: [AT, 1], volume: [AT, 1] }, alias, 100 * HOUR).stale, false);
    });
  }

  it("an unknown channel has no limit", () => {
    assert.equal(fresh({ odd: [AT, 1] }, "p1", 100 * HOUR).stale, false);
  });
});

describe("the counter guard", () => {
  const check = (...readings: [channel: string, after: number, value: number][]) => {
    const guard = new CounterGuard();
    const found = readings.map(([channel, after, value]) =>
      guard.check("meter", readReadings({ [channel]: [AT + after, value] }, "totals").channels),
    );
    return found.map((suspects) => suspects.map(({ channel, problem }) => `${channel} ${problem}`).join());
  };

  it("says nothing of a counter that goes on", () => {
    assert.deepEqual(check(["t1", 0, 100], ["t1", HOUR, 103], ["t1", 2 * HOUR, 103]), ["", "", ""]);
  });

  it("marks a fall, such as the zero after a restart, and the jump back", () => {
    assert.deepEqual(check(["t1", 0, 413.5], ["t1", MINUTE, 0], ["t1", 2 * MINUTE, 413.6]), [
      "",
      "t1 fell",
      "t1 jumped",
    ]);
  });

  it("marks more than 55 kW, 25 m³/h of gas or 10 m³/h of water", () => {
    assert.deepEqual(check(["t2", 0, 100], ["t2", HOUR, 154]), ["", ""]);
    assert.deepEqual(check(["t2", 0, 100], ["t2", HOUR, 156]), ["", "t2 jumped"]);
    assert.deepEqual(check(["gas", 0, 100], ["gas", HOUR, 126]), ["", "gas jumped"]);
    assert.deepEqual(check(["volume", 0, 100], ["volume", HOUR, 111]), ["", "volume jumped"]);
  });

  it("lets gas of an hour come at once: a smart meter tells it hourly", () => {
    assert.deepEqual(check(["gas", 0, 100], ["gas", 10_000, 102]), ["", ""]);
  });

  it("lets an older reading come late, by another route", () => {
    assert.deepEqual(check(["t1", 0, 100.2], ["t1", -2 * MINUTE, 100], ["t1", MINUTE, 100.3]), ["", "", ""]);
  });

  it("marks what no lateness explains: a fall by more, a clock that was set back, a zero", () => {
    assert.deepEqual(check(["t1", 0, 110], ["t1", -2 * MINUTE, 100]), ["", "t1 fell"]);
    assert.deepEqual(check(["t1", 0, 100], ["t1", -2 * HOUR, 99.9]), ["", "t1 fell"]);
    assert.deepEqual(check(["t1", 0, 413.5], ["t1", -MINUTE, 0]), ["", "t1 fell"]);
    assert.deepEqual(check(["t1", 0, 100], ["t1", -20 * 365 * 24 * HOUR, 900]), ["", "t1 jumped"]);
    assert.deepEqual(check(["t1", 0, 100], ["t1", -MINUTE, 102]), ["", "t1 jumped"]);
  });

  it("lets a balance fall: it is no counter", () => {
    assert.deepEqual(check(["electric_energy", 0, 100], ["electric_energy", MINUTE, -100]), ["", ""]);
  });
});
