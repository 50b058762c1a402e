/**
 * Whether a meter's counters go on where they stood. A counter that falls, or that rises faster than any house can use,
 * was replaced, reset, misread, or belongs to another house. Home Assistant's `total_increasing` takes any fall for a
 * reset; dsmr-reader refuses readings that jump. Here nothing is dropped; what is suspect is marked.
 */
import { LATEST, toEpochMs } from "../syntax.js";
import { CHANNELS } from "./channel-table.js";

/** A counter's value with its time, and when it arrived, both in epoch ms; `at`: the same in ms of the steady clock. */
export interface CounterReading {
  time: number;
  value: number;
  receivedAt: number;
  at: number;
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
  // A time from the future allows no rise that had no time to happen; nor does a clock that was set back forbid one.
  const hadTime = Math.max(Math.min(next.time, next.receivedAt) - previous.time, next.at - previous.at, limit.step);
  const rise = next.value - previous.value;
  // A reading from before the last one: the counter went on from there.
  const isLate = elapsed < 0 && elapsed > -LATE;
  const fall = isLate ? usableIn(channel, Math.max(-elapsed, limit.step)) : ROUNDING;
  if (rise < -fall) return "fell";
  return rise > usableIn(channel, hadTime) ? "jumped" : undefined;
}

/** The most by which a counter rises in so many ms, in its unit. */
export function usableIn(channel: string, elapsed: number): number {
  return ((LIMITS.get(channel)?.perHour ?? 0) * elapsed) / HOUR + ROUNDING;
}

/** When a counter among these `[time, value]` pairs was measured last, epoch ms; undefined where none has a time. */
export function lastCounted(pairs: Record<string, unknown>): number | undefined {
  const times = counterPairs(pairs).map(([, time]) => toEpochMs(time));
  return times.length > 0 ? Math.max(...times) : undefined;
}

/** The values of the counters among `[time, value]` pairs, by channel; those without a time or a value are left out. */
export function countersIn(pairs: Record<string, unknown>): Map<string, number> {
  return new Map(counterPairs(pairs).map(([channel, , value]) => [channel, value]));
}

function counterPairs(pairs: Record<string, unknown>): [channel: string, time: number, value: number][] {
  return [...LIMITS.keys()].flatMap((channel): [string, number, number][] => {
    const pair = Object.hasOwn(pairs, channel) ? pairs[channel] : undefined;
    if (!Array.isArray(pair) || pair.length !== 2) return [];
    const [time, value] = [Number(pair[0]), Number(pair[1])];
    return time > 0 && time <= LATEST && Number.isFinite(value) ? [[channel, time, value]] : [];
  });
}
