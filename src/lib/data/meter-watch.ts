import type { Answer } from "./answer.js";
import { CounterGuard, type NewCounter } from "./counter-guard.js";
import { Arrivals, type Freshness, markFreshness } from "./freshness.js";
import { RecentMap } from "./recent-map.js";

/** Maximum number of meters kept; the least recently read is dropped first. */
const MAX_METERS = 1000;

export interface Findings {
  clockAhead: Freshness["clockAhead"];
  newCounters: readonly NewCounter[];
}

/** What one reader, such as a node, remembers of its meters. Each reader has its own, so that none misses a mark. */
export class MeterWatch {
  readonly #meters = new RecentMap<{ arrivals: Arrivals; guard: CounterGuard }>(MAX_METERS);

  /** Sets `stale` and `suspects` of a current answer, compared with earlier ones. `at`: the monotonic clock, ms. */
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
