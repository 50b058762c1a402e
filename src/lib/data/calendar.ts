/** Days, months and years as the meter's time zone counts them. The only file that knows Temporal. */
import { Temporal as Polyfill } from "temporal-polyfill";
import { CemmError } from "../errors.js";

const Temporal: typeof Polyfill = Reflect.get(globalThis, "Temporal") ?? Polyfill;

export const PERIOD_UNITS = ["day", "month", "year"] as const;
export type PeriodUnit = (typeof PERIOD_UNITS)[number];

/** A calendar period: `start` is its first instant, `end` the first instant after it, both epoch ms. */
export interface Period {
  unit: PeriodUnit;
  start: number;
  end: number;
  timezone: string;
}

/** Numbers below this are epoch seconds, from here on epoch milliseconds (1973-03-03 as milliseconds). */
const SECONDS_BELOW = 1e11;
/** Beyond it nothing was ever measured, and Temporal's limits come near. */
export const LATEST = Date.UTC(3000, 0);
const MAX_PERIODS = 4000;

/** Epoch ms from a time that may be in seconds or milliseconds. */
export function toEpochMs(time: number): number {
  return Math.abs(time) < SECONDS_BELOW ? time * 1000 : time;
}

/** @throws CemmError `CEMM_CONFIG` where this runtime does not know the zone. */
export function checkTimezone(timezone: string): string {
  try {
    // The constructor's own spelling of the name, so that one zone reads the same everywhere.
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timezone).timeZoneId;
  } catch {
    throw new CemmError(
      "CEMM_CONFIG",
      `"${timezone}" is not a time zone; use an IANA name such as Europe/Amsterdam, spelled as there.`,
    );
  }
}

/**
 * The instant a user means, as epoch ms. Takes epoch ms, epoch s (below 1e11), a `Date`, `YYYY`, `YYYY-MM`,
 * `YYYY-MM-DD` or an ISO date-time (with an offset, or as the clock on the wall in `timezone`), as text or number.
 * @throws CemmError `CEMM_INPUT` for anything else.
 */
export function parseTime(time: unknown, timezone: string): number {
  const instant = readTime(time, timezone);
  if (instant === undefined || !(instant >= 0 && instant < LATEST)) {
    throw new CemmError(
      "CEMM_INPUT",
      `${describe(time)} is not a time; use epoch milliseconds, epoch seconds, a Date, YYYY, YYYY-MM, YYYY-MM-DD or an ISO date-time.`,
    );
  }
  return instant;
}

function readTime(time: unknown, timezone: string): number | undefined {
  // A Date made in a function node belongs to another realm: instanceof would not know it.
  if (Object.prototype.toString.call(time) === "[object Date]") return Number(time);
  // The number 2026 is the year, as its text is: nobody asks for 33 minutes past midnight on 1 January 1970.
  if (typeof time === "number") return isYear(time) ? readText(String(time), timezone) : Math.trunc(toEpochMs(time));
  return typeof time === "string" ? readText(time.trim(), timezone) : undefined;
}

function isYear(time: number): boolean {
  return Number.isInteger(time) && time >= 1970 && time < 3000;
}

function readText(text: string, timezone: string): number | undefined {
  try {
    if (/^\d{4}$/.test(text)) return startOfDate(Temporal.PlainDate.from(`${text}-01-01`), timezone);
    if (/^\d{4}-\d{2}$/.test(text)) return startOfDate(Temporal.PlainDate.from(`${text}-01`), timezone);
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return startOfDate(Temporal.PlainDate.from(text), timezone);
    // Fewer digits are no epoch but a date without dashes, or a slip.
    if (/^\d{9,}(\.\d+)?$/.test(text)) return Math.trunc(toEpochMs(Number(text)));
    if (!/^\d{4}-\d{2}-\d{2}[T ]\d/i.test(text)) return undefined;
    if (/(z|[+-]\d{2}:?\d{2}|[+-]\d{2})$/i.test(text)) return Temporal.Instant.from(text).epochMilliseconds;
    return Temporal.PlainDateTime.from(text).toZonedDateTime(timezone).epochMilliseconds;
  } catch {
    return undefined;
  }
}

/**
 * The period of `unit` in which `instant` (epoch ms) lies, or the one `ago` periods before that.
 * @throws CemmError `CEMM_INPUT` where `ago` is not a whole number, or leads out of 1970 to 3000.
 */
export function periodAt(unit: PeriodUnit, instant: number, timezone: string, ago = 0): Period {
  const first = firstDate(unit, dateAt(instant, timezone));
  const year = first.year - ago / { day: 365, month: 12, year: 1 }[unit];
  if (!Number.isInteger(ago) || year < 1970 || year > 3000) {
    throw new CemmError("CEMM_INPUT", `${ago} ${unit}s ago is not a time; use a whole number, such as 1.`);
  }
  return periodFrom(unit, first.subtract({ [`${unit}s`]: ago }), timezone);
}

/**
 * The periods of `unit` from the one in which `from` lies to the one in which `to` lies, oldest first.
 * @throws CemmError `CEMM_INPUT` where `to` lies before `from`, or for more than 4000 periods.
 */
export function periodsBetween(unit: PeriodUnit, from: number, to: number, timezone: string): Period[] {
  const first = firstDate(unit, dateAt(from, timezone));
  const count = first.until(firstDate(unit, dateAt(to, timezone)), { largestUnit: unit })[`${unit}s`] + 1;
  if (count < 1) throw new CemmError("CEMM_INPUT", "The range ends before it begins; swap its two times.");
  if (count > MAX_PERIODS) {
    throw new CemmError(
      "CEMM_INPUT",
      `The range holds ${count} ${unit}s, at most ${MAX_PERIODS} can be asked at once.`,
    );
  }
  const edges = Array.from({ length: count + 1 }, (_, n) => startOfDate(first.add({ [`${unit}s`]: n }), timezone));
  const periods = edges.slice(1).map((end, n) => ({ unit, start: edges[n] ?? end, end, timezone }));
  // Samoa had no 30 December 2011.
  return periods.filter(({ start, end }) => start < end);
}

/** How people write the period: `2026`, `2026-03` or `2026-03-29`. */
export function periodName({ unit, start, timezone }: Period): string {
  const length = { day: 10, month: 7, year: 4 }[unit];
  return dateAt(start, timezone).toString().slice(0, length);
}

function periodFrom(unit: PeriodUnit, first: Polyfill.PlainDate, timezone: string): Period {
  const end = startOfDate(first.add({ [`${unit}s`]: 1 }), timezone);
  return { unit, start: startOfDate(first, timezone), end, timezone };
}

function firstDate(unit: PeriodUnit, date: Polyfill.PlainDate): Polyfill.PlainDate {
  if (unit === "day") return date;
  return unit === "month" ? date.with({ day: 1 }) : date.with({ month: 1, day: 1 });
}

function dateAt(instant: number, timezone: string): Polyfill.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone).toPlainDate();
}

function startOfDate(date: Polyfill.PlainDate, timezone: string): number {
  return date.toZonedDateTime(timezone).epochMilliseconds;
}

function describe(time: unknown): string {
  if (typeof time === "string") return `"${time.slice(0, 40)}"`;
  return typeof time === "object" && time !== null ? `An ${Array.isArray(time) ? "array" : "object"}` : String(time);
}
