/** The charts of a day, a month and a year. */
import type { PeriodView, PowerPoint } from "../lib/energy/view.js";
import type { ChartData, Series } from "./chart-data.js";
import type { Formats } from "./numbers.js";
import { barTitle, shortBarTitle } from "./period-names.js";
import type { ColumnName } from "./period-table.js";
import { valueIn } from "./period-table.js";
import type { Reader } from "./reader.js";

const QUARTER = 15 * 60_000;
const HOUR = 60 * 60_000;

/**
 * Power between two instants: what is bought above the axis, what is sold below, solar and consumption as lines. The
 * night use of an inverter is not shown as solar energy, since below the axis means sold.
 */
export function powerChart(
  points: PowerPoint[],
  span: { start: number; end: number; step: number },
  reader: Reader,
): ChartData {
  const { t, formats } = reader;
  const values = (pick: (point: PowerPoint) => number | null) => points.map(pick);
  const series: Series[] = [
    { name: t("bought"), color: "--bought", kind: "area", values: values(({ grid }) => grid && Math.max(0, grid)) },
    { name: t("sold"), color: "--sold", kind: "area", values: values(({ grid }) => grid && Math.min(0, grid)) },
    { name: t("solar"), color: "--solar", kind: "line", values: values(({ solar }) => solar && Math.max(0, solar)) },
    { name: t("consumption"), color: "--consumption", kind: "line", values: values(({ consumption }) => consumption) },
  ];
  return {
    series: withoutEmpty(
      series,
      points.some(({ solar }) => solar !== null),
    ),
    axis: {
      // The average of a step is drawn at its middle.
      times: points.map(({ time }) => time + span.step / 2),
      start: span.start,
      end: span.end,
      ticks: ticksBetween(span.start, span.end, formats),
      label: (time) => formats.time(time),
    },
    format: (watts) => formats.power(Math.abs(watts)),
    formatAxis: (watts) => formats.powerAxis(Math.abs(watts)),
    title: (index) => formats.time(points[index]?.time ?? span.start),
  };
}

/** Without solar the consumption equals what is bought. */
function withoutEmpty(series: Series[], hasSolar: boolean): Series[] {
  const isLine = ({ kind }: Series) => kind === "line";
  return series.filter(
    (each) => (hasSolar || !isLine(each)) && each.values.some((value) => value !== null && value !== 0),
  );
}

export const dayPower = (view: PeriodView, reader: Reader): ChartData =>
  powerChart(view.power, { start: view.start, end: view.end, step: QUARTER }, reader);

/** Round local times, also on a day of 23 or 25 hours: every third hour of a day, every quarter of a shorter span. */
function ticksBetween(start: number, end: number, formats: Formats): number[] {
  const step = end - start > 3 * HOUR ? HOUR : QUARTER;
  const first = Math.ceil(start / step) * step;
  const all = Array.from({ length: Math.floor((end - first) / step) + 1 }, (_, n) => first + n * step);
  return step === QUARTER ? all : all.filter((time) => Number(formats.time(time).slice(0, 2)) % 3 === 0);
}

/** Bought energy stacked on the used solar energy; sold energy below the axis. */
export function energyBars(view: PeriodView, reader: Reader): ChartData {
  const { t, formats } = reader;
  const used = view.bars.map(({ figures: { solar, sold } }) =>
    solar === null ? null : Math.max(0, solar - (sold ?? 0)),
  );
  const sold = view.bars.map(({ figures }) => figures.sold && -figures.sold);
  const hasGrid = view.bars.some(({ figures }) => figures.bought !== null);
  const series: Series[] = [
    { name: t(hasGrid ? "fromSolar" : "solar"), color: "--solar", kind: "bar", stack: "all", values: used },
    {
      name: t("bought"),
      color: "--bought",
      kind: "bar",
      stack: "all",
      values: view.bars.map(({ figures }) => figures.bought),
    },
    { name: t("sold"), color: "--sold", kind: "bar", stack: "all", values: sold },
  ];
  return {
    ...barsOf(view, reader),
    series: series
      .filter(({ values }) => values.some((value) => value))
      .map((each) => ({ ...each, muted: mutedOf(view) })),
    format: (kWh) => formats.energy(Math.abs(kWh)),
    formatAxis: (kWh) => formats.axis(Math.abs(kWh), "kWh"),
  };
}

/** A chart of one figure: gas, water, costs. */
export function figureBars(
  view: PeriodView,
  name: ColumnName & ("gas" | "water" | "costs"),
  reader: Reader,
): ChartData {
  const { t, formats } = reader;
  const values = view.bars.map((bar) => valueIn(bar, name));
  // Water per hour is in litres.
  const isLitres = name === "water" && values.every((value) => Math.abs(value ?? 0) < 1);
  return {
    ...barsOf(view, reader),
    series: [{ name: t(name), color: `--${name}`, kind: "bar", values, muted: mutedOf(view) }],
    format: (value) => formats.figure(name, value),
    formatAxis: (value) => axisText(name, value, isLitres, formats),
  };
}

function axisText(name: ColumnName, value: number, isLitres: boolean, formats: Formats): string {
  if (name === "costs") return formats.money(value);
  return isLitres ? formats.axis(value * 1000, "L") : formats.axis(value, "m³");
}

/** The quarter-hour peak of each month. */
export function peakBars(view: PeriodView, reader: Reader): ChartData {
  const { t, formats } = reader;
  const values = view.bars.map(({ name }) => view.peaks.find(({ month }) => month === name)?.power ?? null);
  return {
    ...barsOf(view, reader),
    series: [{ name: t("peak"), color: "--bought", kind: "bar", values, muted: mutedOf(view) }],
    format: (watts) => formats.peak(watts),
    formatAxis: (watts) => formats.powerAxis(watts),
  };
}

const mutedOf = (view: PeriodView): boolean[] => view.bars.map(({ state }) => state === "pending");

const barsOf = (view: PeriodView, reader: Reader): Pick<ChartData, "axis" | "title"> => ({
  axis: { labels: view.bars.map((bar) => shortBarTitle(bar, view.unit, reader.formats)) },
  title: (index) => {
    const bar = view.bars[index];
    return bar ? barTitle(bar, view.unit, reader.formats) : "";
  },
});
