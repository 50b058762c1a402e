import { staleAfter } from "./channel-table.js";
import type { Channels } from "./channels.js";
import { isPulsed } from "./meters.js";

/** How old an answer's values are. Each of its channels is marked with its own `stale`. */
export interface Freshness {
  /** Ms from the newest measurement to its arrival, negative where this machine's clock is slow; null: no time is known. */
  age: number | null;
  /** That of the channel with the shortest limit among those whose time is known; true where no time is known at all. */
  stale: boolean;
  /** By how much the CEMM's clock is ahead of this machine's, in ms; negative: behind; 0: they agree; undefined: not known. */
  clockAhead: number | undefined;
}

/** More than this between two clocks is worth a warning, in ms. */
const CLOCK_TOLERANCE = 5 * 60_000;

interface Arrival {
  time: number;
  /** When the last answer came. Here and below: ms of the steady clock. */
  at: number;
  /** From when its age counts; undefined: from its own time, by the clocks. */
  from: number | undefined;
}

/**
 * When the times of one meter's channels arrived. A value whose time moves on is fresh, whichever clock is wrong: its age
 * counts from its arrival, less what its time lags behind the time between the two answers.
 */
export class Arrivals {
  readonly #channels = new Map<string, Arrival>();

  /** How old the value is, in ms, at `at`. */
  age(channel: string, time: number, receivedAt: number, at: number): number {
    const before = this.#channels.get(channel);
    const from = before?.time === time ? before.from : countedFrom(before, time, receivedAt, at);
    this.#channels.set(channel, { time, at, from });
    return from === undefined ? receivedAt - time : at - from;
  }
}

function countedFrom(before: Arrival | undefined, time: number, receivedAt: number, at: number): number | undefined {
  const byClocks = receivedAt - time;
  // The first one, or a clock that was set back: from the future at least it cannot be.
  if (!before || time < before.time) return byClocks < 0 ? at : undefined;
  const lag = Math.max(0, at - before.at - (time - before.time));
  return at - (byClocks < 0 ? lag : Math.min(lag, byClocks));
}

/** The channel by which the whole answer is judged; time 0: there is none. */
interface Decisive {
  limit: number;
  time: number;
  age: number;
}

/**
 * Marks the `channels` of a live answer or a reading of now. `at` is the steady clock's time, in ms; without `arrivals` of
 * answers before this one the clocks alone decide.
 */
export function markFreshness(
  channels: Channels,
  alias: string,
  receivedAt: number,
  arrivals?: Arrivals,
  at = performance.now(),
): Freshness {
  const mayBeSilent = isPulsed(alias);
  let newest = 0;
  let decisive: Decisive = { limit: Number.POSITIVE_INFINITY, time: 0, age: 0 };
  for (const [name, channel] of Object.entries(channels)) {
    // A rate that is 0 since no pulse came was measured as late as its counter.
    const time = channel.samples.at(-1)?.time ?? channel.idleAt ?? null;
    channel.stale = time === null;
    if (time === null) continue;
    const limit = (mayBeSilent ? undefined : staleAfter(name)) ?? Number.POSITIVE_INFINITY;
    const age = arrivals ? arrivals.age(name, time, receivedAt, at) : Math.max(0, receivedAt - time);
    channel.stale = age > limit;
    newest = Math.max(newest, channel.samples.at(-1)?.time ?? 0);
    const isShorter = limit < decisive.limit;
    if (decisive.time === 0 || isShorter || (limit === decisive.limit && time > decisive.time))
      decisive = { limit, time, age };
  }
  return {
    age: newest === 0 ? null : receivedAt - newest,
    stale: decisive.time === 0 || decisive.age > decisive.limit,
    clockAhead: clockAhead(decisive, receivedAt),
  };
}

/** A meter that may rightly be silent for longer does not show a clock that is little behind. */
function clockAhead({ limit, time, age }: Decisive, receivedAt: number): number | undefined {
  const ahead = time === 0 ? 0 : time + age - receivedAt;
  if (ahead > CLOCK_TOLERANCE || -ahead > Math.max(CLOCK_TOLERANCE, limit)) return ahead;
  return limit > CLOCK_TOLERANCE || time === 0 ? undefined : 0;
}
