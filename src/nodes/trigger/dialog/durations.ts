/** Lengths of time in the words of the catalogue's language, whatever the browser's is. */
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

/** Whole units of the largest kind: `90 seconds`, `45 minutes`, `1 hour`. */
export function inWords(seconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => seconds > 0 && seconds % size === 0) ?? ["second", 1];
  return amount(seconds / size, unit, "long");
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
