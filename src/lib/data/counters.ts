/**
 * Whether a meter's counters continue from their last values. One that falls, or rises faster than any house can use,
 * was replaced, reset, misread, or belongs to another house. Nothing is dropped; suspect values are marked.
 */
import { LATEST, toEpochMs } from "../syntax.js";
import { CHANNELS } from "./channel-table.js";
import type { Readings } from "./schemas.js";

/** A counter's value with its time, and when it arrived: `receivedAt` in epoch ms, `at` by the monotonic clock. */
export interface CounterReading {
  time: number;
  value: number;
  receivedAt: number;
  at: number;
}

/** A counter `fell`, or `jumped`: rose faster than a house can use. */
export type CounterProblem = "fell" | "jumped";

const HOUR = 3_600_000;

/** The maximum rise of each counter. */
const LIMITS = new Map<string, { perHour: number; step: number }>();
for (const [channel, rows] of CHANNELS) {
  for (const { perHour, step = 0 } of rows) if (perHour !== undefined) LIMITS.set(channel, { perHour, step });
}

/** The device's own rounding: readings with three decimals are single-precision numbers. */
const ROUNDING = 0.01;

export function isCounter(channel: string): boolean {
  return LIMITS.has(channel);
}

/** How much older than the previous one a reading may be, in ms: the routes differ in delay. */
const LATE = HOUR;

/** What is wrong with `next` after `previous`; undefined if the counter continues. */
export function counterProblem(
  channel: string,
  previous: CounterReading,
  next: CounterReading,
): CounterProblem | undefined {
  const limit = LIMITS.get(channel);
  if (!limit) return undefined;
  const elapsed = next.time - previous.time;
  // By both clocks: a time in the future must not allow too high a rise, nor a clock set back rule out a normal one.
  const riseTime = Math.max(Math.min(next.time, next.receivedAt) - previous.time, next.at - previous.at, limit.step);
  const rise = next.value - previous.value;
  // A reading older than the last one: the counter has continued since.
  const isLate = elapsed < 0 && elapsed > -LATE;
  const fall = isLate ? maxRise(channel, Math.max(-elapsed, limit.step)) : ROUNDING;
  if (rise < -fall) return "fell";
  return rise > maxRise(channel, riseTime) ? "jumped" : undefined;
}

/** The maximum rise of a counter in this many ms, in its unit. */
export function maxRise(channel: string, elapsed: number): number {
  return ((LIMITS.get(channel)?.perHour ?? 0) * elapsed) / HOUR + ROUNDING;
}

/** The newest time of a counter among these `[time, value]` pairs, epoch ms; undefined if none has a time. */
export function lastCounted(pairs: Record<string, unknown>): number | undefined {
  const times = [...countersIn(pairs).values()].map(({ time }) => toEpochMs(time));
  return times.length > 0 ? Math.max(...times) : undefined;
}

interface CounterValue {
  time: number;
  value: number;
}

/** The counters among `[time, value]` pairs, by channel; without those that lack a time or a value. */
function countersIn(pairs: Record<string, unknown>): Map<string, CounterValue> {
  const found = new Map<string, CounterValue>();
  for (const channel of LIMITS.keys()) {
    const pair = Object.hasOwn(pairs, channel) ? pairs[channel] : undefined;
    if (!Array.isArray(pair) || pair.length !== 2) continue;
    const [time, value] = [Number(pair[0]), Number(pair[1])];
    if (time > 0 && time <= LATEST && Number.isFinite(value)) found.set(channel, { time, value });
  }
  return found;
}

/** The counters of a live answer, and when it arrived, by the monotonic clock, ms. */
export interface CounterStand {
  at: number;
  /** Live values and readings: t1 may differ in meaning, so each is compared with its own kind. */
  kinds: readonly ReadonlyMap<string, CounterValue>[];
}

export function counterStand({ data, totals = {} }: Readings): CounterStand {
  return { at: performance.now(), kinds: [countersIn(data), countersIn(totals)] };
}

/**
 * Whether two live answers must come from the same meter: every counter continues, by no more than a house can use
 * meanwhile. Uses this machine's clock, because the device's could be set so that any rise passes.
 */
export function isSameMeter(before: CounterStand, now: CounterStand): boolean {
  const elapsed = now.at - before.at;
  let isProven = false;
  for (const [n, counters] of before.kinds.entries()) {
    for (const [channel, { value }] of counters) {
      const rise = (now.kinds[n]?.get(channel)?.value ?? Number.NaN) - value;
      if (!(rise >= 0 && rise <= maxRise(channel, elapsed))) return false;
      // Every new meter starts at 0, so 0 proves nothing.
      isProven ||= value > 0;
    }
  }
  return isProven;
}
