/**
 * Whether a meter's counters go on where they stood. A counter that falls, or that rises faster than any house can use,
 * was replaced, reset, misread, or belongs to another house. Home Assistant's `total_increasing` takes any fall for a
 * reset; dsmr-reader refuses readings that jump. Here nothing is dropped; what is suspect is marked.
 */
import { CHANNELS } from "./channel-table.js";

/** A counter's value, with its time in epoch ms. */
export interface CounterReading {
  time: number;
  value: number;
}

/** A counter `fell`, or `jumped`: rose faster than a house can use. */
export type CounterProblem = "fell" | "jumped";

interface CounterLimit {
  perHour: number;
  step: number;
}

const HOUR = 3_600_000;

const LIMITS: ReadonlyMap<string, CounterLimit> = new Map(
  [...CHANNELS].flatMap(([channel, rows]) =>
    rows.flatMap(({ perHour, step = 0 }) => (perHour === undefined ? [] : [[channel, { perHour, step }] as const])),
  ),
);

/** Rounding of the device's own: readings with three decimals are single-precision numbers. */
const ROUNDING = 0.01;

export function isCounter(channel: string): boolean {
  return LIMITS.has(channel);
}

/** A reading may be older than the one before it by so much, in ms: each route has its own pace. */
const LATE = HOUR;

/** What is wrong with `next` after `previous`; undefined where the counter goes on. */
export function counterProblem(
  channel: string,
  previous: CounterReading,
  next: CounterReading,
): CounterProblem | undefined {
  const limit = LIMITS.get(channel);
  if (!limit) return undefined;
  const elapsed = next.time - previous.time;
  const rise = next.value - previous.value;
  // A reading from before the last one: the counter went on from there.
  const isLate = elapsed < 0 && elapsed > -LATE;
  const fall = isLate ? usableIn(channel, Math.max(-elapsed, limit.step)) : ROUNDING;
  if (rise < -fall) return "fell";
  return rise > usableIn(channel, Math.max(elapsed, limit.step)) ? "jumped" : undefined;
}

/** The most by which a counter rises in so many ms, in its unit. */
export function usableIn(channel: string, elapsed: number): number {
  return ((LIMITS.get(channel)?.perHour ?? 0) * elapsed) / HOUR + ROUNDING;
}

/** Whether a `[time, value]` pair of some counter is there, with a time and a value. */
export function hasCounter(pairs: Record<string, unknown>): boolean {
  return countersIn(pairs).size > 0;
}

/** The values of the counters among `[time, value]` pairs, by channel; those without a time or a value are left out. */
export function countersIn(pairs: Record<string, unknown>): Map<string, number> {
  const counters = new Map<string, number>();
  for (const channel of LIMITS.keys()) {
    const pair = Object.hasOwn(pairs, channel) ? pairs[channel] : undefined;
    if (!Array.isArray(pair) || pair.length !== 2) continue;
    const value = Number(pair[1]);
    if (Number(pair[0]) > 0 && Number.isFinite(value)) counters.set(channel, value);
  }
  return counters;
}
