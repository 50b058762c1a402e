/** Requests at an interval: with jitter at the start, backoff while it fails, and one error for each outage. */
import { setTimeout as delay } from "node:timers/promises";
import { CemmError, LIMITS, policyOf, type RouteName } from "../../lib/internal.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Timers stop while the machine sleeps, so the system clock is checked at this interval, ms. */
const MAX_TIMER = 10 * SECOND;
/** The latest time of the first poll, ms. */
const MAX_START = 30 * SECOND;
const AFTER_DENIAL = 15 * MINUTE;
/** The longest pause that a server may ask for, ms. */
const MAX_RETRY_AFTER = 60 * MINUTE;

/** The shortest interval for each route, in ms. */
export const minInterval = (route: RouteName): number => LIMITS.interval[route] * SECOND;
/** The longest backoff for each route, in ms. */
const MAX_BACKOFF: Record<RouteName, number> = { lan: MINUTE, cloud: 5 * MINUTE };

export interface PollerOptions {
  /** Milliseconds from the start of one poll to the start of the next. */
  interval: number;
  /** One request. Resolves with the route that answered. */
  poll: () => Promise<RouteName>;
  /** The route whose limits apply before the first answer. */
  route: RouteName;
  /** Called once for each outage, with its first error. */
  onOutage: (error: unknown) => void;
  /** Called when an outage is over, with its length in ms and the number of failed polls. */
  onRecovery: (outage: { ms: number; polls: number }) => void;
}

export class Poller {
  readonly #options: PollerOptions;
  #route: RouteName;
  #failures = 0;
  #downSince = 0;
  #resuming = new AbortController();

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#route = options.route;
  }

  /** Polls until the signal aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      await pause(Math.random() * Math.min(this.#options.interval / 5, MAX_START), signal);
      while (!signal.aborted) await this.#turn(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Ends the pause after a denial: a message was answered meanwhile. */
  resume(): void {
    this.#resuming.abort();
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const started = performance.now();
    try {
      this.#route = await this.#options.poll();
      this.#recovered();
    } catch (error) {
      if (signal.aborted) return;
      this.#failed(error);
      const min = Math.max(this.#interval(), retryAfter(error));
      if (this.#isDenied(error)) return this.#pauseUntilResumed(Math.max(min, AFTER_DENIAL), signal);
      return pause(Math.max(min, this.#backoff()), signal);
    }
    await pause(this.#interval() - (performance.now() - started), signal);
  }

  #interval(): number {
    return Math.max(this.#options.interval, minInterval(this.#route));
  }

  #failed(error: unknown): void {
    if (this.#failures === 0) {
      this.#downSince = performance.now();
      this.#options.onOutage(error);
    }
    this.#failures++;
  }

  #recovered(): void {
    if (this.#failures === 0) return;
    this.#options.onRecovery({ ms: performance.now() - this.#downSince, polls: this.#failures });
    this.#failures = 0;
  }

  #backoff(): number {
    const grown = Math.min(this.#interval() * 2 ** this.#failures, MAX_BACKOFF[this.#route]);
    return grown * (0.8 + Math.random() * 0.2);
  }

  /** The cloud denies until a person acts; on the LAN a starting CEMM may, and with `auto` the LAN may be back soon. */
  #isDenied(error: unknown): boolean {
    return this.#options.route === "cloud" && policyOf(error)?.denied === true;
  }

  async #pauseUntilResumed(ms: number, signal: AbortSignal): Promise<void> {
    this.#resuming = new AbortController();
    const { signal: resumed } = this.#resuming;
    try {
      await pause(ms, AbortSignal.any([signal, resumed]));
    } catch (error) {
      if (!resumed.aborted) throw error;
    }
  }
}

/** The pause that the server asked for, in ms; 0: none. */
function retryAfter(error: unknown): number {
  return Math.min((error instanceof CemmError && error.retryAfter) || 0, MAX_RETRY_AFTER);
}

/** Ends after `ms` by either clock, so that a poll follows immediately when the machine wakes up. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const due = Date.now() + ms;
  let left = Math.max(ms, 0);
  do {
    const wait = Math.min(left, MAX_TIMER);
    await delay(wait, undefined, { signal });
    left = Math.min(left - wait, due - Date.now());
  } while (left > 0);
}
