/** The data that the page gives to the chart library. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { PeriodView } from "../../src/lib/energy/view.js";
import { dayPower, energyBars, figureBars, powerChart } from "../../src/page/period-charts.js";
import { columnsOf } from "../../src/page/period-table.js";
import { readerIn } from "../../src/page/reader.js";

const reader = readerIn("en-GB", "Europe/Amsterdam");
const QUARTER = 15 * 60_000;

function viewOf(house: string, period: string): PeriodView {
  const file = resolve(__dirname, `../fixtures/page/${house}.json`);
  return PeriodView.parse(JSON.parse(readFileSync(file, "utf8"))[period]);
}

/** The tick labels of a day that starts and ends at these times. */
function ticksOf(start: string, end: string): string[] {
  const span = { start: Date.parse(start), end: Date.parse(end), step: QUARTER };
  const { axis } = powerChart([], span, reader);
  return "ticks" in axis ? axis.ticks.map(axis.label) : [];
}

describe("the page's charts", () => {
  it("a day's axis has a tick every three hours of local time, also with 23 and 25 hours", () => {
    const ticks = ["00:00", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "00:00"];
    assert.deepEqual(ticksOf("2026-11-27T23:00Z", "2026-11-28T23:00Z"), ticks);
    assert.deepEqual(ticksOf("2026-03-28T23:00Z", "2026-03-29T22:00Z"), ticks);
    assert.deepEqual(ticksOf("2026-10-24T22:00Z", "2026-10-25T23:00Z"), ticks);
  });

  it("a day shows bought above zero, sold below, and solar and consumption as lines", () => {
    const { series } = dayPower(viewOf("default", "day"), reader);
    assert.deepEqual(
      series.map(({ name, kind }) => `${name} ${kind}`),
      ["Bought area", "Sold area", "Solar line", "Consumption line"],
    );
    assert(series[1]?.values.every((value) => value === null || value <= 0));
  });

  it("a house without solar shows only bought", () => {
    const { series } = dayPower(viewOf("belgian", "day"), reader);
    assert.deepEqual(
      series.map(({ name }) => name),
      ["Bought"],
    );
  });

  it("a month's solar and grid bars add up to its consumption; future days have no bar", () => {
    const view = viewOf("default", "month");
    const { series } = energyBars(view, reader);
    const [solar, bought] = series;
    const used = (solar?.values[3] ?? 0) + (bought?.values[3] ?? 0);
    assert(Math.abs(used - (view.bars[3]?.figures.consumption ?? 0)) < 0.002);
    assert.deepEqual(bought?.values.slice(-2), [null, null]);
  });

  it("periods that are still being added up are muted", () => {
    const view = viewOf("default", "year");
    const mutedNames = energyBars(view, reader)
      .series[0]?.muted?.map((muted, n) => muted && view.bars[n]?.name)
      .filter(Boolean);
    assert.deepEqual(
      mutedNames,
      view.bars.filter(({ state }) => state === "pending").map(({ name }) => name),
    );
  });

  it("water is in litres per hour of a day, and in cubic metres per month of a year", () => {
    assert.equal(figureBars(viewOf("default", "day"), "water", reader).formatAxis(0.008), "8 L");
    assert.equal(figureBars(viewOf("default", "year"), "water", reader).formatAxis(3), "3 m³");
  });

  it("the table has only the columns that the house needs", () => {
    const none = { grid: false, sold: false, solar: false, gas: false, water: false, costs: false };
    const names = (house: string, has: object) =>
      columnsOf(viewOf(house, "day"), { ...none, ...has }).map(({ name }) => name);
    assert.deepEqual(names("belgian", { grid: true, gas: true }), ["bought", "gas"]);
    assert.deepEqual(names("water-only", { water: true }), ["water"]);
  });
});
