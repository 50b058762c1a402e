/** A day, month or year of the house, in the format of the address: `2026-11-28`, `2026-11`, `2026`. */
export type Unit = "day" | "month" | "year";

const LENGTHS: Record<number, Unit> = { 4: "year", 7: "month", 10: "day" };

/** Undefined if `text` is not such a date. */
export function unitOf(text: string): Unit | undefined {
  const unit = /^\d{4}(-\d\d){0,2}$/.test(text) ? LENGTHS[text.length] : undefined;
  return unit && fromUtc(toUtc(text), unit) === text ? unit : undefined;
}

/** The date `count` units later. */
export function shift(date: string, count: number): string {
  const utc = toUtc(date);
  if (date.length === 10) utc.setUTCDate(utc.getUTCDate() + count);
  else if (date.length === 7) utc.setUTCMonth(utc.getUTCMonth() + count);
  else utc.setUTCFullYear(utc.getUTCFullYear() + count);
  return fromUtc(utc, unitOf(date) ?? "day");
}

/** The date in another unit: the period that contains `date`, or a shorter one in it: today's, else the first. */
export function inUnit(date: string, unit: Unit, today: string): string {
  const near = today.startsWith(date) ? today : `${date}-01-01`;
  return near.slice(0, lengthOf(unit));
}

const lengthOf = (unit: Unit): number => ({ year: 4, month: 7, day: 10 })[unit];

/** A date has no time zone, so UTC is used. */
export function toUtc(date: string): Date {
  const [year = 1970, month = 1, day = 1] = date.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day));
}

const fromUtc = (utc: Date, unit: Unit): string =>
  Number.isFinite(utc.getTime()) ? utc.toISOString().slice(0, lengthOf(unit)) : "";

/** The date of `time` (epoch ms) in the house's time zone. */
export function dayAt(time: number, timezone: string): string {
  // The Swedish date format is ISO 8601.
  return new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short" }).format(time);
}
