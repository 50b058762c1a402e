/**
 * Whether a meter's counters go on where they stood. A counter that falls, or that rises faster than any house can use,
 * was replaced, reset, misread, or belongs to another house. Home Assistant's `total_increasing` takes any fall for a
 * reset; dsmr-reader refuses readings that jump. Here nothing is dropped; what is suspect is marked.
 */
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
  /** A counter may rise in steps: what is used in this time, in ms, may come at once. */
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
  // A smart meter of DSMR 3 and 4 reports gas once an hour, and its reading may carry the electricity's time.
  ["gas", { perHour: 25, step: HOUR }],
  ["volume", { perHour: 10, step: 5 * MINUTE }],
]);

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
  // Of an older reading that comes late, what matters is that the counter went on from there.
  const isLate = elapsed < 0 && elapsed > -LATE;
  const most = usableIn(channel, Math.max(Math.abs(elapsed), limit.step));
  if (rise < -ROUNDING) return isLate && -rise <= most ? undefined : "fell";
  return rise > most ? "jumped" : undefined;
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
