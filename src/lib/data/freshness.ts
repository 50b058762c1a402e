import { staleAfter } from "./channel-table.js";
import type { Channels } from "./channels.js";
import { familyOf } from "./meters.js";

/** How old an answer is. Each channel also has its own `stale`. */
export interface Freshness {
  /** Ms from the newest measurement to its arrival, negative if this machine's clock is slow; null: unknown. */
  age: number | null;
  /** The value of the channel with the shortest limit among those with a time; true if no channel has a time. */
  stale: boolean;
  /** By how many ms the CEMM's clock is ahead of this machine's; negative: behind; undefined: unknown. */
  clockAhead: number | undefined;
}

/** Difference between the clocks above which a warning is given, in ms. */
const CLOCK_TOLERANCE = 5 * 60_000;

interface Arrival {
  time: number;
  /** When the last answer arrived. Here and below: ms of the monotonic clock. */
  at: number;
  /** Where its age starts; undefined: at its own time, by the clocks. */
  from: number | undefined;
}

/** Remembers when each channel's time arrived: a value whose time advances is fresh, even if a clock is wrong. */
export class Arrivals {
  readonly #channels = new Map<string, Arrival>();

  /** How old the value is, in ms, at `at`. */
  age(channel: string, time: number, receivedAt: number, at: number): number {
    const before = this.#channels.get(channel);
    const from = before?.time === time ? before.from : ageStart(before, time, receivedAt, at);
    this.#channels.set(channel, { time, at, from });
    return from === undefined ? receivedAt - time : at - from;
  }
}

function ageStart(before: Arrival | undefined, time: number, receivedAt: number, at: number): number | undefined {
  const byClocks = receivedAt - time;
  // The first answer, or the clock was set back: the value cannot be from the future.
  if (!before || time < before.time) return byClocks < 0 ? at : undefined;
  const lag = Math.max(0, at - before.at - (time - before.time));
  return at - (byClocks < 0 ? lag : Math.min(lag, byClocks));
}

/** The channel that decides for the whole answer; time 0: none. */
interface Decisive {
  limit: number;
  time: number;
  age: number;
}

/** Marks live values or current readings. `at`: the monotonic clock, ms; without `arrivals` only the clocks decide. */
export function markFreshness(
  channels: Channels,
  alias: string,
  receivedAt: number,
  arrivals?: Arrivals,
  at = performance.now(),
): Freshness {
  const mayBeSilent = familyOf(alias)?.isPulsed ?? false;
  let newest = 0;
  let decisive: Decisive = { limit: Number.POSITIVE_INFINITY, time: 0, age: 0 };
  for (const [name, channel] of Object.entries(channels)) {
    // A rate that is 0 because no pulse came has the time of its counter.
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

/** The value of a meter that may be silent for longer does not show that a clock is a little slow. */
function clockAhead({ limit, time, age }: Decisive, receivedAt: number): number | undefined {
  const ahead = time === 0 ? 0 : time + age - receivedAt;
  if (ahead > CLOCK_TOLERANCE || -ahead > Math.max(CLOCK_TOLERANCE, limit)) return ahead;
  return limit > CLOCK_TOLERANCE || time === 0 ? undefined : 0;
}
