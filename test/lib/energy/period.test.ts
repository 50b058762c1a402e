/** Days of every length, comparisons up to the same time, and unknown days. */
import assert from "node:assert/strict";
import { periodView } from "../../../src/lib/energy/period.js";
import type { History } from "../../../src/lib/energy/slots.js";
import { Tariff } from "../../../src/lib/energy/tariff.js";
import type { PeriodView } from "../../../src/lib/energy/view.js";
import { periodAt, periodName, periodsBetween } from "../../../src/lib/internal.js";
import { assertSound, evenDay } from "./even-day.js";

const ZONE = "Europe/Amsterdam";
const at = (iso: string): number => Date.parse(iso);

/** Each day from `first` until now, with 1 kWh an hour all day. */
function evenHistory(first: string, now: string, without: readonly string[] = []): History {
  const day = (time: number) => periodAt("day", time, ZONE);
  const days = periodsBetween(day(at(first)), day(at(now)))
    .map((period) => evenDay(period, at(now)))
    .filter(({ date }) => !without.includes(date));
  return {
    timezone: ZONE,
    now: at(now),
    meters: [{ alias: "p1", role: "grid", name: null }],
    days: new Map(days.map((each) => [each.date, each])),
    firstDay: periodName(day(at(first))),
    tariff: Tariff.parse({}),
    prices: [],
  };
}

function view(unit: PeriodView["unit"], history: History, time = history.now): PeriodView {
  const seen = periodView(unit, time, history);
  assertSound(seen);
  return seen;
}

const boughtBefore = ({ before }: PeriodView) => before && [before.name, before.figures.bought];

describe("a period", () => {
  for (const { date, hours, names } of [
    { date: "2026-03-29", hours: 23, names: ["01:00", "03:00", "04:00"] },
    { date: "2026-10-25", hours: 25, names: ["01:00", "02:00", "02:00"] },
    { date: "2026-06-16", hours: 24, names: ["01:00", "02:00", "03:00"] },
  ]) {
    it(`${date} has ${hours} hours, each with its local time`, () => {
      const day = view("day", evenHistory(`${date}T12:00Z`, "2026-12-01T12:00Z"), at(`${date}T12:00Z`));
      assert.equal(day.bars.length, hours);
      assert.deepEqual(
        day.bars.slice(1, 4).map(({ name }) => name),
        names,
      );
      assert.equal(day.figures.bought, hours);
      assert.equal(day.power.length, 4 * hours);
    });
  }

  for (const { it: name, unit, now, expected } of [
    { it: "a day, with yesterday", unit: "day", now: "2026-06-16T15:00+02:00", expected: ["2026-06-15", 15] },
    { it: "the day after one of 23 hours", unit: "day", now: "2026-03-30T15:00+02:00", expected: ["2026-03-29", 14] },
    { it: "the day after one of 25 hours", unit: "day", now: "2026-10-26T15:00+01:00", expected: ["2026-10-25", 16] },
    { it: "a day of 23 hours", unit: "day", now: "2026-03-29T15:00+02:00", expected: ["2026-03-28", 15] },
    { it: "a day of 25 hours", unit: "day", now: "2026-10-25T15:00+01:00", expected: ["2026-10-24", 15] },
    { it: "New Year's Day", unit: "day", now: "2026-01-01T06:00+01:00", expected: ["2025-12-31", 6] },
    { it: "a month", unit: "month", now: "2026-06-16T12:00+02:00", expected: ["2026-05", 15 * 24 + 12] },
    {
      it: "March, which is longer than February",
      unit: "month",
      now: "2026-03-31T12:00+02:00",
      expected: ["2026-02", 28 * 24],
    },
    { it: "January", unit: "month", now: "2026-01-02T12:00+01:00", expected: ["2025-12", 36] },
    {
      it: "29 February, with January",
      unit: "month",
      now: "2028-02-29T12:00+01:00",
      expected: ["2028-01", 28 * 24 + 12],
    },
    {
      it: "a leap year's 29 February, with the year before",
      unit: "year",
      now: "2028-02-29T12:00+01:00",
      expected: ["2027", 59 * 24],
    },
    {
      it: "the year after a leap year, on 1 March",
      unit: "year",
      now: "2029-03-01T12:00+01:00",
      expected: ["2028", 60 * 24 + 12],
    },
  ] as const) {
    it(`is compared up to the same local time: ${name}`, () => {
      const first = `${Number(now.slice(0, 4)) - 1}-01-01T12:00Z`;
      assert.deepEqual(boughtBefore(view(unit, evenHistory(first, now))), expected);
    });
  }

  it("in the past is compared with the whole one before it", () => {
    const history = evenHistory("2026-01-01T12:00Z", "2026-06-16T12:00Z");
    assert.deepEqual(boughtBefore(view("month", history, at("2026-03-10T12:00Z"))), ["2026-02", 28 * 24]);
  });

  it("is not compared with one that is not completely known", () => {
    const begun = evenHistory("2026-05-03T12:00Z", "2026-06-16T12:00Z");
    assert.equal(view("month", begun).before, null);
    const pending = evenHistory("2026-05-01T12:00Z", "2026-06-16T12:00Z", ["2026-05-07"]);
    assert.equal(view("month", pending).before, null);
  });

  it("shows how many of its days are known, and which bars are not final", () => {
    const history = evenHistory("2026-01-01T12:00Z", "2026-03-10T12:00Z", ["2026-01-05", "2026-01-06"]);
    const year = view("year", history);
    assert.deepEqual(year.progress, { done: 67, total: 69 });
    assert.deepEqual(
      year.bars.slice(0, 4).map(({ state }) => state),
      ["pending", "whole", "running", "future"],
    );
    assert.equal(view("month", history).progress, null);
  });

  it("has no figures before the first day or in the future", () => {
    const history = evenHistory("2026-03-01T12:00Z", "2026-03-10T12:00Z");
    for (const [time, state] of [
      ["2025-12-24T12:00Z", "missing"],
      ["2026-12-24T12:00Z", "future"],
    ] as const) {
      const day = view("day", history, at(time));
      assert.equal(day.figures.bought, null);
      assert.deepEqual([...new Set(day.bars.map((bar) => bar.state))], [state]);
      assert.equal(day.before, null);
    }
  });

  it("links back to the first day, and forward to today", () => {
    const history = evenHistory("2026-03-09T12:00Z", "2026-03-10T12:00Z");
    const steps = (time: string) => {
      const { previous, next } = view("day", history, at(time));
      return [previous, next];
    };
    assert.deepEqual(steps("2026-03-10T12:00Z"), ["2026-03-09", null]);
    assert.deepEqual(steps("2026-03-09T12:00Z"), [null, "2026-03-10"]);
  });
});
