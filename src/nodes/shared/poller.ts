/** Requests at an interval: with jitter at the start, backoff while it fails, and one error for each outage. */
import { setTimeout as delay } from "node:timers/promises";
import { CemmError, LIMITS, policyOf, type RouteName } from "../../lib/internal.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Timers stand still while the machine sleeps: the calendar clock is looked at so often. */
const MAX_TIMER = 10 * SECOND;
/** The first poll comes no later than this, however long the interval is. */
const MAX_START = 30 * SECOND;
const AFTER_DENIAL = 15 * MINUTE;
/** The longest pause that a server may ask for. */
const MAX_RETRY_AFTER = 60 * MINUTE;

/** The shortest interval for each route, in ms. */
export const leastInterval = (route: RouteName): number => LIMITS.interval[route] * SECOND;
/** The longest backoff for each route, in ms. */
const MAX_BACKOFF: Record<RouteName, number> = { lan: MINUTE, cloud: 5 * MINUTE };

export interface PollerOptions {
  /** Milliseconds from the start of one poll to the start of the next. */
  interval: number;
  /** One request. Resolves with the route that answered. */
  poll: () => Promise<RouteName>;
  /** The route whose limits hold before the first answer. */
  route: RouteName;
  /** Called once for each outage, with its first error. */
  onOutage: (error: unknown) => void;
  /** Called when an outage is over: how long it was, in ms, and how many polls failed. */
  onRecovery: (outage: { ms: number; polls: number }) => void;
}

export class Poller {
  readonly #options: PollerOptions;
  #route: RouteName;
  #failures = 0;
  #downSince = 0;
  #resume: (() => void) | undefined;

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
    this.#resume?.();
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const started = performance.now();
    try {
      this.#route = await this.#options.poll();
      this.#recovered();
    } catch (error) {
      if (signal.aborted) return;
      this.#failed(error);
      const least = Math.max(this.#interval(), retryAfter(error));
      if (this.#isDenied(error)) return this.#pauseUntilResumed(Math.max(least, AFTER_DENIAL), signal);
      return pause(Math.max(least, this.#backoff()), signal);
    }
    await pause(this.#interval() - (performance.now() - started), signal);
  }

  #interval(): number {
    return Math.max(this.#options.interval, leastInterval(this.#route));
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

  /**
   * The cloud denies until a person acts. On the LAN the same code may come of a CEMM that is still starting; and what
   * the cloud denies in place of the LAN, the LAN may answer again at any time.
   */
  #isDenied(error: unknown): boolean {
    return this.#options.route === "cloud" && policyOf(error)?.denied === true;
  }

  async #pauseUntilResumed(ms: number, signal: AbortSignal): Promise<void> {
    const ending = new AbortController();
    const end = () => ending.abort();
    this.#resume = end;
    signal.addEventListener("abort", end);
    try {
      await pause(ms, ending.signal);
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    } finally {
      signal.removeEventListener("abort", end);
      this.#resume = undefined;
    }
  }
}

/** The pause that the server asked for, in ms; 0: none. */
function retryAfter(error: unknown): number {
  return Math.min((error instanceof CemmError && error.retryAfter) || 0, MAX_RETRY_AFTER);
}

/** Ends after `ms`, or once they have passed by the calendar clock: the first thing after a sleep is one poll. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const due = Date.now() + ms;
  let left = Math.max(ms, 0);
  do {
    const wait = Math.min(left, MAX_TIMER);
    await delay(wait, undefined, { signal });
    left = Math.min(left - wait, due - Date.now());
  } while (left > 0);
}
