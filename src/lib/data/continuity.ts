/** Whether two live answers can only be the same meter's: of two houses, the counters stand apart. */
import { countersIn, usableIn } from "./counters.js";
import type { Readings } from "./schemas.js";

type Counters = ReadonlyMap<string, number>;

/** The counters of a live answer, by channel, and when it came, in ms of the monotonic clock. */
export interface CounterStand {
  at: number;
  live: Counters;
  /** A live t1 and the reading t1 may be two quantities: each is compared with its own kind. */
  totals: Counters;
}

export function counterStand({ data, totals = {} }: Readings): CounterStand {
  return { at: performance.now(), live: countersIn(data), totals: countersIn(totals) };
}

/**
 * Whether every counter goes on, by no more than a house can use meanwhile. By this machine's clock: the device's may be
 * set so that any rise would do.
 */
export function isSameMeter(before: CounterStand, now: CounterStand): boolean {
  const elapsed = now.at - before.at;
  const goesOn = areContinued(before.live, now.live, elapsed) && areContinued(before.totals, now.totals, elapsed);
  return goesOn && (isDistinct(before.live) || isDistinct(before.totals));
}

function areContinued(before: Counters, now: Counters, elapsed: number): boolean {
  for (const [channel, value] of before) {
    const rise = (now.get(channel) ?? Number.NaN) - value;
    if (!(rise >= 0 && rise <= usableIn(channel, elapsed))) return false;
  }
  return true;
}

/** Every new meter begins at 0: that says nothing. */
function isDistinct(counters: Counters): boolean {
  for (const value of counters.values()) if (value > 0) return true;
  return false;
}
