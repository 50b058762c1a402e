/**
 * Whether a meter's counters go on where they stood. A counter that falls, or that rises faster than any house can use,
 * was replaced, reset, misread, or belongs to another house. Home Assistant's `total_increasing` takes any fall for a
 * reset; dsmr-reader refuses readings that jump. Here nothing is dropped: who reads on is told.
 */
import { toEpochMs } from "../syntax.js";

/** A counter's value, with its time in epoch ms. */
export interface CounterReading {
  time: number;
  value: number;
}

/** A counter `fell`, or `jumped`: rose faster than a house can use. */
export type CounterProblem = "fell" | "jumped";

interface CounterLimit {
  /** The most that a house can use in an hour, in the counter's unit. */
  perHour: number;
  /** A counter may be told in steps: what is used in this time, in ms, may come at once. */
  step: number;
}

const MINUTE = 60_000;
const HOUR = 3_600_000;
/** A connection of 3 x 80 A. */
const ELECTRICITY: CounterLimit = { perHour: 55, step: MINUTE };

const LIMITS = new Map<string, CounterLimit>([
  ["t1", ELECTRICITY],
  ["t2", ELECTRICITY],
  ["t3", ELECTRICITY],
  ["t4", ELECTRICITY],
  // A smart meter of DSMR 3 and 4 tells gas once an hour, and its reading may carry the electricity's time.
  ["gas", { perHour: 25, step: HOUR }],
  ["volume", { perHour: 10, step: 5 * MINUTE }],
]);

/** Rounding of the device's own: readings with three decimals are single-precision numbers. */
const ROUNDING = 0.01;

export function isCounter(channel: string): boolean {
  return LIMITS.has(channel);
}

/** What is wrong with `next` after `previous`; undefined where the counter goes on. */
export function counterProblem(
  channel: string,
  previous: CounterReading,
  next: CounterReading,
): CounterProblem | undefined {
  const limit = LIMITS.get(channel);
  if (!limit) return undefined;
  const rise = next.value - previous.value;
  if (rise < -ROUNDING) return "fell";
  const elapsed = Math.max(next.time - previous.time, limit.step);
  return rise > (limit.perHour * elapsed) / HOUR + ROUNDING ? "jumped" : undefined;
}

/** The counters among `[time, value]` pairs, by channel; those without a value or a time are left out. */
export function countersIn(pairs: Record<string, unknown>): Map<string, CounterReading> {
  const counters = new Map<string, CounterReading>();
  for (const channel of LIMITS.keys()) {
    const pair = Object.hasOwn(pairs, channel) ? pairs[channel] : undefined;
    if (!Array.isArray(pair) || pair.length !== 2) continue;
    const [time, value] = [Number(pair[0]), Number(pair[1])];
    if (time > 0 && Number.isFinite(value)) counters.set(channel, { time: toEpochMs(time), value });
  }
  return counters;
}

/** Whether every counter of `previous` goes on in `next`, and there is one at least: then it is the same meter. */
export function areContinued(
  previous: ReadonlyMap<string, CounterReading>,
  next: ReadonlyMap<string, CounterReading>,
): boolean {
  if (previous.size === 0) return false;
  for (const [channel, before] of previous) {
    const now = next.get(channel);
    if (!now || counterProblem(channel, before, now)) return false;
  }
  return true;
}
