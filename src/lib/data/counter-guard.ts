import type { Channel, Channels } from "./channels.js";
import { type CounterProblem, type CounterReading, counterProblem, isCounter } from "./counters.js";
import { RecentMap } from "./recent-map.js";

/** A counter that does not go on where it stood: it is handed on, marked. */
export interface Suspect {
  channel: string;
  problem: CounterProblem;
  before: number;
  now: number;
}

/** Meters that are remembered; the one that was met longest ago is forgotten first. */
const MAX_METERS = 1000;

/**
 * Compares each counter with the last reading of the same meter. As Home Assistant's `total_increasing` does, a fall
 * counts against the last reading whatever that was, so that a meter that was replaced is suspect once; as dsmr-reader
 * does, a jump beyond what a house can use is not believed either.
 */
export class CounterGuard {
  readonly #meters = new RecentMap<Map<string, CounterReading>>(MAX_METERS);

  /** The suspects among `channels` of the meter `key`, which become its last reading. */
  check(key: string, channels: Channels): Suspect[] {
    const last = this.#meters.get(key) ?? this.#remember(key);
    const suspects: Suspect[] = [];
    for (const channel of Object.keys(channels)) {
      const now = isCounter(channel) ? readingOf(channels[channel]) : undefined;
      if (!now) continue;
      const before = last.get(channel);
      const problem = before && counterProblem(channel, before, now);
      if (before && problem) suspects.push({ channel, problem, before: before.value, now: now.value });
      last.set(channel, now);
    }
    return suspects;
  }

  #remember(key: string): Map<string, CounterReading> {
    const last = new Map<string, CounterReading>();
    this.#meters.set(key, last);
    return last;
  }
}

function readingOf(channel: Channel | undefined): CounterReading | undefined {
  const { time = null, value = null } = channel?.samples.at(-1) ?? {};
  return time === null || value === null ? undefined : { time, value };
}
