import type { Channel, Channels } from "./channels.js";
import { type CounterProblem, type CounterReading, counterProblem, isCounter } from "./counters.js";

/** A counter that does not continue from the last trusted reading. It is passed on, but marked. */
export interface Suspect {
  channel: string;
  problem: CounterProblem;
  /** The last trusted value. */
  before: number;
  now: number;
}

/** A counter that continues plausibly from a new level: its meter may have been replaced. */
export interface NewCounter {
  channel: string;
  before: number;
  now: number;
}

/** A new level is trusted after this many ms (by the readings' own times) and this many readings. */
const NEW_LEVEL = { lasts: 15 * 60_000, readings: 3 };

interface Level {
  first: CounterReading;
  last: CounterReading;
  readings: number;
}

interface Counter {
  trusted: CounterReading;
  level?: Level | undefined;
}

/** Compares a meter's counters with their last trusted reading. After a while, a replaced meter is trusted again. */
export class CounterGuard {
  readonly #counters = new Map<string, Counter>();

  /** `at`: when the answer came, monotonic clock, ms; `receivedAt`: the same in epoch ms. */
  check(channels: Channels, receivedAt: number, at: number): { suspects: Suspect[]; newCounters: NewCounter[] } {
    const suspects: Suspect[] = [];
    const newCounters: NewCounter[] = [];
    for (const channel of Object.keys(channels)) {
      const now = isCounter(channel) ? readingOf(channels[channel], receivedAt, at) : undefined;
      if (!now) continue;
      const counter = this.#counters.get(channel);
      const problem = counter && counterProblem(channel, counter.trusted, now);
      if (!counter || !problem) {
        this.#counters.set(channel, { trusted: now });
        continue;
      }
      const change = { channel, before: counter.trusted.value, now: now.value };
      counter.level = continued(channel, counter.level, now);
      if (isTrusted(counter.level)) {
        newCounters.push(change);
        this.#counters.set(channel, { trusted: now });
      } else suspects.push({ ...change, problem });
    }
    return { suspects, newCounters };
  }
}

function continued(channel: string, level: Level | undefined, now: CounterReading): Level {
  if (!level || counterProblem(channel, level.last, now)) return { first: now, last: now, readings: 1 };
  // A repeated reading does not confirm it.
  const isNew = now.time > level.last.time;
  return isNew ? { ...level, last: now, readings: level.readings + 1 } : level;
}

function isTrusted({ first, last, readings }: Level): boolean {
  return readings >= NEW_LEVEL.readings && last.time - first.time >= NEW_LEVEL.lasts;
}

function readingOf(channel: Channel | undefined, receivedAt: number, at: number): CounterReading | undefined {
  const { time = null, value = null } = channel?.samples.at(-1) ?? {};
  return time === null || value === null ? undefined : { time, value, receivedAt, at };
}
