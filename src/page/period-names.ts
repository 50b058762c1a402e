/** The names of days, months and years. */
import type { Bar } from "../lib/energy/view.js";
import { toUtc, type Unit, unitOf } from "./dates.js";
import type { Formats } from "./numbers.js";

const LONG: Record<Unit, Intl.DateTimeFormatOptions> = {
  day: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  month: { month: "long", year: "numeric" },
  year: { year: "numeric" },
};

/** `Saturday 28 November 2026`, `November 2026`, `2026`. */
export function periodName(date: string, locale: string): string {
  return named(date, LONG[unitOf(date) ?? "day"], locale);
}

/** A bar of a year, a month or a day: `November 2026`, `Saturday 28 November 2026`, `13:00 – 14:00`. */
export function barTitle(bar: Bar, unit: Unit, formats: Formats): string {
  if (unit === "day") return `${formats.time(bar.start)} – ${formats.time(bar.end)}`;
  return periodName(bar.name, formats.locale);
}

/** The same below a bar: `Nov`, `28`, `13:00`. */
export function shortBarTitle(bar: Bar, unit: Unit, formats: Formats): string {
  if (unit === "day") return formats.time(bar.start);
  return named(bar.name, unit === "month" ? { day: "numeric" } : { month: "short" }, formats.locale);
}

export const monthName = (month: string, locale: string): string => named(month, { month: "long" }, locale);

function named(date: string, options: Intl.DateTimeFormatOptions, locale: string): string {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(toUtc(date));
}
