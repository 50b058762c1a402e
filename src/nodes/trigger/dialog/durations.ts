/** Parses and formats durations, in the catalogue's language even if the browser has another one. */
import { triggerText } from "./texts.js";

const UNITS = [
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;
type TimeUnit = (typeof UNITS)[number][0];

function amount(count: number, unit: TimeUnit, unitDisplay: "long" | "short"): string {
  return new Intl.NumberFormat(triggerText("sentence.locale"), { style: "unit", unit, unitDisplay }).format(count);
}

/** The names of units in English, Dutch and German; in seconds. */
const WRITTEN: [name: RegExp, size: number][] = [
  [/^(d|days?|dag(en)?|tage?)$/, 86_400],
  [/^(h|hrs?|hours?|u|uur|uren|std|stunden?)$/, 3600],
  [/^(m|mins?|minutes?|minuut|minuten)$/, 60],
  [/^(s|secs?|seconds?|seconden?|sek|sekunden?)$/, 1],
];

/** The seconds of `15 min`, `90 s`, `90` or `1 h 30` (a missing last unit is the next smaller one); else undefined. */
export function parseDuration(text: string): number | undefined {
  const parts = [
    ...text
      .trim()
      .toLowerCase()
      .matchAll(/(\d+(?:[.,]\d+)?)\s*([a-z]*)\.?\s*|./g),
  ];
  let [seconds, last] = [0, Number.POSITIVE_INFINITY];
  for (const [, number, unit] of parts) {
    const size = unit ? sizeOf(unit) : parts.length === 1 ? 1 : sizeBelow(last);
    if (number === undefined || size === undefined || size >= last) return undefined;
    seconds += Number(number.replace(",", ".")) * size;
    last = size;
  }
  return parts.length > 0 ? seconds : undefined;
}

function sizeOf(unit: string): number | undefined {
  return WRITTEN.find(([name]) => name.test(unit))?.[1];
}

function sizeBelow(size: number): number | undefined {
  return size === Number.POSITIVE_INFINITY ? undefined : WRITTEN.find(([, below]) => below < size)?.[1];
}

/** The format of a field: `45 min`, `90 s`, `1 h 30 min`. */
export function writeDuration(seconds: number): string {
  if (seconds < 120 && seconds !== 60) return `${seconds} ${triggerText("unit.second")}`;
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const parts = [
    hours > 0 && `${hours} ${triggerText("unit.hour")}`,
    minutes > 0 && `${minutes} ${triggerText("unit.minute")}`,
    rest > 0 && `${rest} ${triggerText("unit.second")}`,
  ];
  return parts.filter(Boolean).join(" ");
}

/** In the largest unit that gives a whole number. */
export function inUnits(seconds: number): [count: number, unit: TimeUnit] {
  const [unit, size] = UNITS.find(([, size]) => seconds > 0 && seconds % size === 0) ?? ["second", 1];
  return [seconds / size, unit];
}

/** `90 seconds`, `45 minutes`, `1 hour`. */
export function inWords(seconds: number): string {
  return amount(...inUnits(seconds), "long");
}

/** `4 hr 58 min`, to the minute. */
export function inShort(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const parts = [
    hours > 0 && amount(hours, "hour", "short"),
    (rest > 0 || hours === 0) && amount(rest, "minute", "short"),
  ];
  return parts.filter(Boolean).join(" ");
}
