/** The figures of a day, month or year: the page's main view. */
import { type Period, periodAt, periodEarlier, periodName } from "../data/calendar.js";
import type { PeriodUnit } from "../data/channel-table.js";
import { dayBars, hourBars, KWH_TO_W, monthBars, powerOf } from "./bars.js";
import { QUARTER } from "./day-record.js";
import { amountIn, figuresOf, rounded } from "./figures.js";
import type { HouseMeter } from "./house.js";
import type { HouseDay } from "./house-day.js";
import { type History, type Slot, slotsOf, type Total, totalOf } from "./slots.js";
import { withoutSurplus } from "./tariff.js";
import type { Bar, Costs, Peak, PeriodView, Problem } from "./view.js";

/** In minutes: fewer are not reported. */
const MIN_GAPS = 5;
/** In kWh: the possible error from rounding, and from a clock that is off by some seconds. */
const NEGATIVE_TOLERANCE = 0.05;

/** `instant`: any moment in the period, epoch ms. */
export function periodView(unit: PeriodUnit, instant: number, history: History): PeriodView {
  const period = periodAt(unit, instant, history.timezone);
  const isRunning = period.start <= history.now && history.now < period.end;
  const slots = slotsOf(period, history);
  const days = slots.flatMap(({ day }) => day ?? []);
  const total = periodTotal(period, slots, history);
  const peakPeriod = unit === "day" ? periodAt("month", instant, history.timezone) : period;
  return {
    unit,
    name: periodName(period),
    start: period.start,
    end: period.end,
    ...neighbours(period, history),
    isRunning,
    figures: figuresOf(total.sums),
    source: sourceOf(days),
    before: period.start <= history.now ? beforeOf(period, slots, history) : null,
    bars: barsOf(period, slots, history),
    power: unit === "day" ? powerOf(days[0]) : [],
    meters: apartOf(days, history.meters),
    peaks: peaksOf(peakPeriod, history.days.values()),
    costs: total.costs && roundedCosts(total.costs),
    progress: progressOf(slots),
    problems: problemsOf(days, total),
  };
}

function periodTotal({ unit }: Period, slots: readonly Slot[], history: History, until?: number): Total {
  const { sums, costs } = totalOf(slots, history, until);
  if (unit !== "year" || !costs) return { sums, costs };
  return { sums, costs: withoutSurplus(costs, slots[0]?.name ?? "", sums, history.tariff) };
}

function barsOf(period: Period, slots: readonly Slot[], history: History): Bar[] {
  const [first] = slots;
  if (period.unit === "day") return first ? hourBars(period, first, history) : [];
  return period.unit === "month" ? dayBars(slots, history) : monthBars(slots, history);
}

/** Null if the previous period is not known from its start to the same moment. */
function beforeOf(period: Period, slots: readonly Slot[], history: History): PeriodView["before"] {
  const { timezone, firstDay } = history;
  const before = periodAt(period.unit, period.start, timezone, 1);
  const until = momentBefore(period, before, slots, history);
  const all = slotsOf(before, history).filter(({ period }) => period.start < until);
  const isKnown = all.every(({ state }) => state === "whole" || state === "missing");
  const hasBegun = firstDay === null || firstDay <= (all[0]?.name ?? "");
  if (!isKnown || !hasBegun || all.every(({ state }) => state === "missing")) return null;
  const { sums, costs } = periodTotal(before, all, history, until);
  return { name: periodName(before), until, figures: figuresOf(sums), costs: costs?.total ?? null };
}

/** The same part of both periods: a running one is compared up to the same local time. */
function momentBefore(period: Period, before: Period, slots: readonly Slot[], { now, timezone }: History): number {
  const today = slots.find(({ state }) => state === "running");
  if (!today) return before.end;
  return Math.min(periodEarlier(period.unit, today.day?.until ?? now, timezone), before.end);
}

function neighbours(period: Period, { now, firstDay, days }: History): Pick<PeriodView, "previous" | "next"> {
  const { unit, start, end, timezone } = period;
  const first = firstDay ?? [...days.keys()].reduce((a, b) => (a < b ? a : b), "9");
  const before = periodAt(unit, start, timezone, 1);
  const lastDayBefore = periodName(periodAt("day", before.end - 1, timezone));
  return {
    previous: lastDayBefore >= first ? periodName(before) : null,
    next: end <= now ? periodName(periodAt(unit, end, timezone)) : null,
  };
}

function apartOf(days: readonly HouseDay[], meters: readonly HouseMeter[]): PeriodView["meters"] {
  const apart = meters.filter(({ role }) => role === "sub-meter" || role === "unknown");
  return apart.map(({ alias }) => {
    let amount: number | null = null;
    let unit: "kWh" | "m³" = "kWh";
    for (const day of days) {
      const own = day.apart[alias];
      const ofDay = amountIn(own?.quarters ?? null, day, day.start, day.end);
      if (own) unit = own.unit;
      if (ofDay !== null) amount = (amount ?? 0) + ofDay;
    }
    return { id: alias, amount: rounded(amount), unit };
  });
}

/** Each month's highest quarter-hour, of the known days. */
function peaksOf({ start, end }: Period, days: Iterable<HouseDay>): Peak[] {
  const peaks = new Map<string, Peak>();
  for (const day of days) {
    if (day.start < start || day.start >= end) continue;
    const peak = peakOf(day);
    if (peak && peak.power > (peaks.get(peak.month)?.power ?? 0)) peaks.set(peak.month, peak);
  }
  return [...peaks.values()].sort((a, b) => a.start - b.start);
}

/** A day's highest quarter-hour, without the running one. */
export function peakOf({ date, start, until, bought }: HouseDay): Peak | undefined {
  let peak: Peak | undefined;
  for (const [n, kWh] of (bought ?? []).entries()) {
    const from = start + n * QUARTER;
    const power = rounded((kWh ?? 0) * KWH_TO_W);
    if (power <= (peak?.power ?? 0) || from + QUARTER > until) continue;
    peak = { month: date.slice(0, 7), power, start: from, end: from + QUARTER };
  }
  return peak;
}

function sourceOf(days: readonly HouseDay[]): PeriodView["source"] {
  const [source, ...more] = new Set(days.flatMap(({ source }) => source ?? []));
  return more.length > 0 ? "both" : (source ?? null);
}

function progressOf(slots: readonly Slot[]): PeriodView["progress"] {
  const asked = slots.filter(({ state }) => state !== "future");
  const done = asked.filter(({ state }) => state !== "pending").length;
  return done === asked.length ? null : { done, total: asked.length };
}

function problemsOf(days: readonly HouseDay[], { sums, costs }: Total): Problem[] {
  const codes = [
    days.some(({ gaps }) => gaps >= MIN_GAPS) && "GAPS",
    (figuresOf(sums).consumption ?? 0) < -NEGATIVE_TOLERANCE && "NEGATIVE_CONSUMPTION",
    (costs?.withoutPrice ?? 0) > 0 && "NO_PRICES",
  ];
  return codes.flatMap((code) => (code ? [{ code, meter: null, since: null, cause: null }] : []));
}

/** Removes rounding errors of sums; the page rounds to cents. */
function roundedCosts({ bought, sold, standing, gas, water, total, withoutPrice }: Costs): Costs {
  return {
    bought: rounded(bought),
    sold: rounded(sold),
    standing: rounded(standing),
    gas: rounded(gas),
    water: rounded(water),
    total,
    withoutPrice,
  };
}
