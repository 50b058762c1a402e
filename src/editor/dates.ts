/** Dates as year, month and day of the meter's time zone; kept as UTC, independent of the browser's time zone. */
import type { PeriodUnit } from "../lib/data/channel-table.js";
import { parseTime } from "../lib/syntax.js";

const DAY = 86_400_000;

/** The date of an instant, epoch ms, in `timezone`. */
function dateIn(instant: number, timezone: string): Date {
  // The Swedish date format is ISO 8601.
  const format = new Intl.DateTimeFormat("sv", { timeZone: timezone });
  return new Date(`${format.format(instant)}T00:00:00Z`);
}

export function todayIn(timezone: string): Date {
  return dateIn(Date.now(), timezone);
}

/** The first day of the period of `unit` that contains `date`, `back` periods earlier. */
export function firstOf(unit: PeriodUnit, date: Date, back = 0): Date {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (unit === "day") return new Date(Date.UTC(year, month, day - back));
  return unit === "month" ? new Date(Date.UTC(year, month - back, 1)) : new Date(Date.UTC(year - back, 0, 1));
}

/** `2026-03-29`, `2026-03` or `2026` */
export function nameOf(unit: PeriodUnit, date: Date): string {
  return date.toISOString().slice(0, { day: 10, month: 7, year: 4 }[unit]);
}

/** The number of periods from `from` to `to`, both first days. */
export function countPeriods(unit: PeriodUnit, from: Date, to: Date): number {
  if (unit === "day") return Math.round((to.getTime() - from.getTime()) / DAY) + 1;
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  return (unit === "month" ? months : months / 12) + 1;
}

/** The day of a typed text or number; undefined if invalid. */
export function readDate(text: string, timezone: string): Date | undefined {
  const time = parseTime(text);
  if (time?.kind === "instant") return dateIn(time.epochMs, timezone);
  return time && new Date(time.asUtc - (time.asUtc % DAY));
}
