/** A moving average, weighted by time: a sample counts for the time since the one before it. */
import { z } from "zod";

/** The average between two times, epoch ms. */
export const Span = z.object({ from: z.number(), to: z.number(), mean: z.number() });
export type Span = z.infer<typeof Span>;

/** A window is kept in at most this many parts, however often samples arrive; a sample's time decides its part. */
const PARTS = 60;

/** `spans` with one more sample, without those outside the window (ms). */
export function withSample(spans: readonly Span[], time: number, value: number, window: number): Span[] {
  const last = spans.at(-1);
  if (!last) return [{ from: time, to: time, mean: value }];
  if (time <= last.to) return [...spans];
  const before = spans.length === 1 ? widened(last, time) : last;
  const kept = spans.slice(0, -1).filter(({ to }) => to > time - window);
  const part = window / PARTS;
  const isSamePart = Math.floor(before.to / part) === Math.floor(time / part);
  const next = { from: before.to, to: time, mean: value };
  return isSamePart ? [...kept, joined(before, next)] : [...kept, before, next];
}

/** The average of the window (ms) that ends with the last sample. */
export function meanOf(spans: readonly Span[], window: number): number {
  const last = spans.at(-1);
  if (!last) return Number.NaN;
  let [sum, duration] = [0, 0];
  for (const { from, to, mean } of spans) {
    const share = Math.max(0, to - Math.max(from, last.to - window));
    sum += mean * share;
    duration += share;
  }
  return duration > 0 ? sum / duration : last.mean;
}

/** The time before the first sample is unknown, so that sample counts as much as the second one. */
function widened(first: Span, time: number): Span {
  return first.from === first.to ? { ...first, from: first.to - (time - first.to) } : first;
}

function joined(a: Span, b: Span): Span {
  const [one, other] = [a.to - a.from, b.to - b.from];
  return { from: a.from, to: b.to, mean: (a.mean * one + b.mean * other) / (one + other) };
}
