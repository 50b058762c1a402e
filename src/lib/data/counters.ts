/**
 * Whether a meter's counters continue from their last values. A counter that falls, or that rises faster than any house
 * can use,
 * was replaced, reset, misread, or belongs to another house. Home Assistant's `total_increasing` treats any fall as a
 * reset; dsmr-reader rejects readings that jump. Here nothing is dropped; suspect values are marked.
 */
import { LATEST, toEpochMs } from "../syntax.js";
import { CHANNELS } from "./channel-table.js";
import type { Readings } from "./schemas.js";

/**
 * A counter's value with its time, and when it arrived, both in epoch ms; `at`: the arrival by the monotonic clock, ms.
 */
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
  // By both clocks: a time in the future must not allow too high a rise, nor a clock set back forbid a normal one.
  const hadTime = Math.max(Math.min(next.time, next.receivedAt) - previous.time, next.at - previous.at, limit.step);
  const rise = next.value - previous.value;
  // A reading older than the last one: the counter has continued since.
  const isLate = elapsed < 0 && elapsed > -LATE;
  const fall = isLate ? usableIn(channel, Math.max(-elapsed, limit.step)) : ROUNDING;
  if (rise < -fall) return "fell";
  return rise > usableIn(channel, hadTime) ? "jumped" : undefined;
}

/** The maximum rise of a counter in this many ms, in its unit. */
export function usableIn(channel: string, elapsed: number): number {
  return ((LIMITS.get(channel)?.perHour ?? 0) * elapsed) / HOUR + ROUNDING;
}

/** The newest time of a counter among these `[time, value]` pairs, epoch ms; undefined if none has a time. */
export function lastCounted(pairs: Record<string, unknown>): number | undefined {
  const times = counterPairs(pairs).map(([, time]) => toEpochMs(time));
  return times.length > 0 ? Math.max(...times) : undefined;
}

/** The values of the counters among `[time, value]` pairs, by channel; without those that lack a time or a value. */
function countersIn(pairs: Record<string, unknown>): Map<string, number> {
  const counters = new Map<string, number>();
  for (const [channel, , value] of counterPairs(pairs)) counters.set(channel, value);
  return counters;
}

function counterPairs(pairs: Record<string, unknown>): [channel: string, time: number, value: number][] {
  const found: [string, number, number][] = [];
  for (const channel of LIMITS.keys()) {
    const pair = Object.hasOwn(pairs, channel) ? pairs[channel] : undefined;
    if (!Array.isArray(pair) || pair.length !== 2) continue;
    const [time, value] = [Number(pair[0]), Number(pair[1])];
    if (time > 0 && time <= LATEST && Number.isFinite(value)) found.push([channel, time, value]);
  }
  return found;
}

/** The counters of a live answer, by channel, and when it arrived, by the monotonic clock, ms. */
export interface CounterStand {
  at: number;
  live: ReadonlyMap<string, number>;
  /** The live t1 and the reading t1 may differ in meaning, so each is compared with its own kind. */
  totals: ReadonlyMap<string, number>;
}

export function counterStand({ data, totals = {} }: Readings): CounterStand {
  return { at: performance.now(), live: countersIn(data), totals: countersIn(totals) };
}

/**
 * Whether two live answers must come from the same meter: every counter continues, by no more than a house can use
 * meanwhile. Uses this machine's clock, because the device's could be set so that any rise passes.
 */
export function isSameMeter(before: CounterStand, now: CounterStand): boolean {
  const elapsed = now.at - before.at;
  const isContinued = areContinued(before.live, now.live, elapsed) && areContinued(before.totals, now.totals, elapsed);
  // Every new meter starts at 0, so 0 proves nothing.
  return isContinued && [...before.live.values(), ...before.totals.values()].some((value) => value > 0);
}

function areContinued(before: CounterStand["live"], now: CounterStand["live"], elapsed: number): boolean {
  for (const [channel, value] of before) {
    const rise = (now.get(channel) ?? Number.NaN) - value;
    if (!(rise >= 0 && rise <= usableIn(channel, elapsed))) return false;
  }
  return true;
}
