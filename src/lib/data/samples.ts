/** How the device's `[time, value]` pairs become samples. */
import { LATEST, toEpochMs } from "../syntax.js";
import type { Period } from "./calendar.js";

/** One value. `time` is epoch ms, null if the device does not know it; `value` is null if nothing was measured. */
export interface Sample {
  time: number | null;
  value: number | null;
}

/** One `[time, value]` pair, or undefined if invalid: another shape, text, not finite. */
export function readPair(pair: unknown): Sample | undefined {
  if (!Array.isArray(pair) || pair.length !== 2) return undefined;
  // at(), because pair[0] makes V8 rebuild every pair once it has met one with a null in it: a third of all the time.
  const [first, second] = [pair.at(0), pair.at(1)];
  const time = typeof first === "number" ? first : readNumber(first);
  const value = typeof second === "number" ? second : readNumber(second);
  if (time === undefined || value === undefined || (time ?? 0) > LATEST || !Number.isFinite(value ?? 0))
    return undefined;
  if (time !== null && time > 0) return { time: toEpochMs(time), value };
  // [0, 0] is a channel that never reported: neither its value nor its time is known.
  return { time: null, value: value === 0 ? null : value };
}

/** Whether the pair is `[0, 0]`, the device's sign for a channel that has not reported. */
export function isUnreported(pair: unknown): boolean {
  return Array.isArray(pair) && pair.length === 2 && Number(pair[0]) === 0 && Number(pair[1]) === 0 && pair[1] !== null;
}

// The LAN API mixes numbers and quoted numbers.
function readNumber(value: unknown): number | null | undefined {
  if (value === null) return null;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

interface ReadSamples {
  samples: Sample[];
  broken: boolean;
  /** There were samples, but all outside the period: the answer is for another request. */
  strays: boolean;
}

interface TimedSample {
  time: number;
  value: number | null;
}

/** The samples of `period`, oldest first, each time once, without the device's placeholders. `now` is epoch ms. */
export function readSamples(pairs: unknown[], period: Period, now: number): ReadSamples {
  const samples: TimedSample[] = [];
  let broken = false;
  let inPeriod = false;
  let outside = false;
  let ascending = true;
  let previous = Number.NEGATIVE_INFINITY;
  // Backwards, because the device sends the newest first.
  for (let n = pairs.length - 1; n >= 0; n--) {
    const sample = readPair(pairs[n]);
    if (!sample) broken = true;
    else if (sample.time !== null) {
      const { time, value } = sample;
      if (time < period.start || time >= period.end) {
        outside = true;
        continue;
      }
      inPeriod = true;
      if (isPlaceholder(time, value, period, now)) continue;
      if (time <= previous) ascending = false;
      previous = time;
      samples.push({ time, value });
    }
  }
  return { samples: ascending ? samples : inOrder(samples), broken, strays: outside && !inPeriod };
}

/** 23:59:59 marks the end of a day; a future 0 or null in a month or year stands for a value still to come. */
function isPlaceholder(time: number, value: number | null, { unit, end }: Period, now: number): boolean {
  return unit === "day" ? time >= end - 1000 : time > now && !value;
}

/** Of two samples with the same time, keeps the first one that has a value. */
function inOrder(samples: TimedSample[]): TimedSample[] {
  const byTime = new Map<number, TimedSample>();
  for (const sample of samples) {
    if ((byTime.get(sample.time)?.value ?? null) === null) byTime.set(sample.time, sample);
  }
  return [...byTime.values()].sort((a, b) => a.time - b.time);
}
