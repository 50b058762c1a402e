/** Days, months and years in the meter's time zone. The only file that uses Temporal. */
import type { Temporal as Polyfill } from "temporal-polyfill";
import { configError, describeValue, inputError } from "../errors.js";
import { LATEST, parseTime as parseWrittenTime, type WrittenTime } from "../syntax.js";
import { PERIOD_UNITS, type PeriodUnit } from "./channel-table.js";
import { LIMITS } from "./limits-table.js";

let loaded: typeof Polyfill | undefined;

/** Node's own where available. Loaded with the first client, so that a Node-RED without one does not pay for it. */
function temporal(): typeof Polyfill {
  const known: typeof Polyfill = loaded ?? Reflect.get(globalThis, "Temporal") ?? polyfill().Temporal;
  loaded = known;
  return known;
}

function polyfill(): typeof import("temporal-polyfill") {
  return require("temporal-polyfill");
}

function zonedAt(instant: number, timezone: string): Polyfill.ZonedDateTime {
  return temporal().Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone);
}

/** A calendar period: `start` is its first instant, `end` the first instant after it, both epoch ms. */
export interface Period {
  unit: PeriodUnit;
  start: number;
  end: number;
  timezone: string;
}

const DAY = 86_400_000;

/** @throws CemmError `CEMM_INPUT` */
export function checkUnit(unit: unknown): PeriodUnit {
  const known = PERIOD_UNITS.find((each) => each === unit);
  if (known) return known;
  throw inputError(`${describeValue(unit)} is not a period; use day, month or year.`);
}

/** `label`: the CEMM's, for the error. @throws CemmError `CEMM_CONFIG` if this runtime does not know the zone. */
export function checkTimezone(timezone: string, label: string): string {
  try {
    // The canonical spelling, so that a zone looks the same everywhere.
    return zonedAt(0, timezone).timeZoneId;
  } catch {
    throw configError(
      `${label}: ${describeValue(timezone)} is not a time zone; use an IANA name such as Europe/Amsterdam.`,
    );
  }
}

/** The instant that a text, number or `Date` means, epoch ms. @throws CemmError `CEMM_INPUT` */
export function parseTime(time: unknown, timezone: string): number {
  const written = writtenTime(time);
  if (written?.kind === "instant") return written.epochMs;
  if (written) return zonedAt(written.asUtc, "UTC").toPlainDateTime().toZonedDateTime(timezone).epochMilliseconds;
  throw inputError(
    `${describeValue(time)} is not a time; use epoch milliseconds, epoch seconds, a Date, YYYY, YYYY-MM, YYYY-MM-DD or an ISO date-time.`,
  );
}

function writtenTime(time: unknown): WrittenTime | undefined {
  if (typeof time === "number" || typeof time === "string") return parseWrittenTime(time);
  // A Date made in a function node belongs to another realm: instanceof would not recognise it.
  const epochMs = Object.prototype.toString.call(time) === "[object Date]" ? Number(time) : Number.NaN;
  return epochMs >= 0 && epochMs < LATEST ? { kind: "instant", epochMs } : undefined;
}

/** The period of `unit` that contains `instant` (epoch ms), or the one `ago` before. @throws CemmError `CEMM_INPUT` */
export function periodAt(unit: PeriodUnit, instant: number, timezone: string, ago = 0): Period {
  checkUnit(unit);
  const first = firstDate(unit, dateAt(instant, timezone));
  const years = Number.isInteger(ago) ? ago / { day: 365, month: 12, year: 1 }[unit] : Number.NaN;
  if (!(first.year - years >= 1970 && first.year - years <= 3000)) {
    throw inputError(`${describeValue(ago)} ${unit}s ago is not a time; use a whole number, such as 1.`);
  }
  const date = first.subtract({ [`${unit}s`]: ago });
  const end = startOfDate(date.add({ [`${unit}s`]: 1 }), timezone);
  return { unit, start: startOfDate(date, timezone), end, timezone };
}

/**
 * The periods from `first` to `last`, of `first`'s unit and time zone, oldest first; at most 4000.
 * @throws CemmError `CEMM_INPUT` if `last` is before `first`, or for more than 4000 periods.
 */
export function periodsBetween({ unit, start, timezone }: Period, last: Period): Period[] {
  const first = dateAt(start, timezone);
  const count = first.until(dateAt(last.start, timezone), { largestUnit: unit })[`${unit}s`] + 1;
  if (count < 1) throw inputError("The range ends before it begins; swap its first and its last period.");
  if (count > LIMITS.periods) {
    throw inputError(`The range has ${count} ${unit}s; at most ${LIMITS.periods} can be requested at once.`);
  }
  const edges = edgesFrom(first, unit, count, timezone);
  const periods = edges.slice(1).map((end, n) => ({ unit, start: edges[n] ?? end, end, timezone }));
  // Samoa had no 30 December 2011.
  return periods.filter(({ start, end }) => start < end);
}

/** The starts of `count` periods, and the end of the last one. Adds 24 hours where it can: Temporal is slow. */
function edgesFrom(first: Polyfill.PlainDate, unit: PeriodUnit, count: number, timezone: string): number[] {
  let edge = startOfDate(first, timezone);
  let nextChange = Number.NEGATIVE_INFINITY;
  const edges = [edge];
  for (let n = 1; n <= count; n++) {
    if (unit === "day" && edge + DAY < nextChange) edge += DAY;
    else {
      edge = startOfDate(first.add({ [`${unit}s`]: n }), timezone);
      nextChange = nextClockChange(edge, timezone);
    }
    edges.push(edge);
  }
  return edges;
}

/** When the clock changes next; `instant` itself if it changes then, as on a day that starts at 01:00 or is skipped. */
function nextClockChange(instant: number, timezone: string): number {
  return zonedAt(instant - 1, timezone).getTimeZoneTransition("next")?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
}

/** The period as people write it: `2026`, `2026-03` or `2026-03-29`. */
export function periodName({ unit, start, timezone }: Period): string {
  const length = { day: 10, month: 7, year: 4 }[unit];
  return dateText(start, timezone).slice(0, length);
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** `2026-03-29`. By Intl, which takes a tenth of the time of Temporal's polyfill: a range has years of days. */
function dateText(instant: number, timezone: string): string {
  const digits = { timeZone: timezone, year: "numeric", month: "2-digit", day: "2-digit" } as const;
  const format = dateFormats.get(timezone) ?? new Intl.DateTimeFormat("en-US", digits);
  dateFormats.set(timezone, format);
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`;
}

function firstDate(unit: PeriodUnit, date: Polyfill.PlainDate): Polyfill.PlainDate {
  if (unit === "day") return date;
  return unit === "month" ? date.with({ day: 1 }) : date.with({ month: 1, day: 1 });
}

function dateAt(instant: number, timezone: string): Polyfill.PlainDate {
  return zonedAt(instant, timezone).toPlainDate();
}

function startOfDate(date: Polyfill.PlainDate, timezone: string): number {
  return date.toZonedDateTime(timezone).epochMilliseconds;
}

/** Local time at `instant`: `13:00`. */
export function localTime(instant: number, timezone: string): string {
  return zonedAt(instant, timezone).toPlainTime().toString({ smallestUnit: "minute" });
}

/** `instant` a period earlier, at the same local time; without such a day (31 February) the end of its month. */
export function periodEarlier(unit: PeriodUnit, instant: number, timezone: string): number {
  const now = zonedAt(instant, timezone);
  const before = now.subtract({ [`${unit}s`]: 1 });
  if (unit === "day" || before.day === now.day) return before.epochMilliseconds;
  return periodAt("month", before.epochMilliseconds, timezone).end;
}
