/** History as ECharts options for a `ui-chart` of Dashboard 2, which would draw a payload at its arrival. */
import type { PeriodUnit } from "./channel-table.js";
import type { Collector } from "./collect.js";
import { LIMITS } from "./limits-table.js";

type ChartPoint = [time: number, value: number | null];

interface ChartSeries {
  name: string;
  type: "line" | "bar";
  showSymbol: false;
  /** Bars of one unit, such as the two tariffs, are stacked; lines are not. */
  stack: string | null;
  data: ChartPoint[];
}

interface ChartOptions {
  xAxis: { min: number; max: number };
  yAxis: { name: string; min: null; max: null };
  series: ChartSeries[];
}

const HOUR = 3_600_000;
/** Maximum samples of a channel in a day of 25 hours: one a minute, or one an hour. */
const [MINUTES, HOURS] = [1500, 25];
/** A little more than half the width of a bar, in ms: half a day, half a month. */
const HALF_BAR: Record<PeriodUnit, number> = { day: 0, month: 12 * HOUR, year: 15 * 24 * HOUR };

/**
 * Lines for days, bars for months and years. The chart merges new options into its old ones, series by series and point by
 * point, so each answer has the same number of both; otherwise leftovers of the previous one would stay.
 */
export function chartCollector(): Collector<ChartOptions> {
  const series = new Map<string, ChartSeries>();
  const units = new Set<string>();
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let days = 0;
  return {
    add({ channels, period }) {
      if (!period) return;
      min = Math.min(min, period.start - HALF_BAR[period.unit]);
      max = Math.max(max, period.end - HALF_BAR[period.unit]);
      days += period.unit === "day" ? 1 : 0;
      for (const [channel, { name, unit, samples }] of Object.entries(channels)) {
        const known = series.get(channel) ?? newSeries(name, unit, period.unit);
        series.set(channel, known);
        units.add(unit ?? "");
        for (const { time, value } of samples) if (time !== null) known.data.push([time, value]);
      }
    },
    bytes: () => LIMITS.bytes.chart.each * lengthOf([...series.values()], days) * Math.max(series.size, 2),
    payload() {
      const [first, ...more] = series.values();
      const all = first ? [first, ...(more.length > 0 ? more : [{ ...first, data: [] }])] : [];
      const length = lengthOf(all, days);
      const filler: ChartPoint = [max, null];
      for (const each of all) {
        const missing = Math.max(0, length - each.data.length);
        each.data = each.data.concat(new Array<ChartPoint>(missing).fill(filler));
      }
      return { xAxis: { min, max }, yAxis: { name: [...units].join(", "), min: null, max: null }, series: all };
    },
  };
}

/** How many points each series has: the same for a month as for a day, since one chart may show both. */
function lengthOf(series: readonly ChartSeries[], days: number): number {
  const longest = Math.max(0, ...series.map(({ data }) => data.length));
  return Math.max(MINUTES, days * (longest > days * HOURS ? MINUTES : HOURS));
}

function newSeries(name: string, unit: string | null, of: PeriodUnit): ChartSeries {
  const isDay = of === "day";
  return { name, type: isDay ? "line" : "bar", showSymbol: false, stack: isDay ? null : (unit ?? name), data: [] };
}
