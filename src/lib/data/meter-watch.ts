import type { Answer } from "./answer.js";
import { CounterGuard, type NewCounter } from "./counter-guard.js";
import { Arrivals, type Freshness, markFreshness } from "./freshness.js";
import { RecentMap } from "./recent-map.js";

/** Meters that are remembered; the one that was read longest ago is forgotten first. */
const MAX_METERS = 1000;

/** What came to light when an answer was compared with those before it. */
export interface Findings {
  clockAhead: Freshness["clockAhead"];
  newCounters: readonly NewCounter[];
}

/**
 * What one reader, such as a node, remembers of the meters that it read. Each has its own, so that each sees every mark,
 * however often others ask.
 */
export class MeterWatch {
  readonly #meters = new RecentMap<{ arrivals: Arrivals; guard: CounterGuard }>(MAX_METERS);

  /** Marks a live answer, or readings of now, by what was read before: `stale` and `suspects`. `at`: the steady clock, ms. */
  mark(answer: Answer, at = performance.now()): Findings {
    const { uid, host, alias, kind, channels, receivedAt } = answer;
    const meter = this.#meter(`${uid ?? host} ${alias} ${kind}`);
    const { stale, clockAhead } = markFreshness(channels, alias, receivedAt, meter.arrivals, at);
    const { suspects, newCounters } = meter.guard.check(channels, receivedAt, at);
    answer.stale = stale;
    answer.suspects = suspects;
    return { clockAhead, newCounters };
  }

  #meter(key: string): { arrivals: Arrivals; guard: CounterGuard } {
    const meter = this.#meters.get(key) ?? { arrivals: new Arrivals(), guard: new CounterGuard() };
    this.#meters.set(key, meter);
    return meter;
  }
}
