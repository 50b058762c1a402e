/** Requests at an interval: with jitter at the start, backoff while it fails, and one error for each outage. */
import { setTimeout as delay } from "node:timers/promises";
import { CemmError, type Source } from "../../lib/index.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** A longer timer would fire at once. */
const MAX_TIMER = 2 ** 31 - 1;
/** The first poll comes no later than this, however long the interval is. */
const MAX_START = 30 * SECOND;
const AFTER_DENIAL = 15 * MINUTE;

/** The shortest interval for each route, in ms. */
export const MIN_INTERVAL: Record<Source, number> = { lan: SECOND, cloud: 10 * SECOND };
/** The longest backoff for each route, in ms. */
const MAX_BACKOFF: Record<Source, number> = { lan: MINUTE, cloud: 5 * MINUTE };

export interface PollerOptions {
  /** Milliseconds from the start of one poll to the start of the next. */
  interval: number;
  /** One request. Resolves with the route that answered. */
  poll: () => Promise<Source>;
  /** The route whose limits hold before the first answer. */
  source: Source;
  /** Called once for each outage, with its first error. */
  onOutage: (error: unknown) => void;
  /** Called when an outage is over: how long it was, in ms, and how many polls failed. */
  onRecovery: (outage: { ms: number; polls: number }) => void;
}

export class Poller {
  readonly #options: PollerOptions;
  #source: Source;
  #failures = 0;
  #downSince = 0;
  #resume: (() => void) | undefined;

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#source = options.source;
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

  /** Ends a stop: a message was answered meanwhile. */
  resume(): void {
    this.#resume?.();
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const started = performance.now();
    try {
      this.#source = await this.#options.poll();
      this.#recovered();
    } catch (error) {
      if (signal.aborted) return;
      this.#failed(error);
      // The meter is not there: asking on would not change that.
      if (codeOf(error) === "CEMM_ALIAS_UNSUPPORTED") return this.#untilResumed(signal);
      return pause(this.#backoff(error), signal);
    }
    await pause(this.#interval() - (performance.now() - started), signal);
  }

  #interval(): number {
    return Math.max(this.#options.interval, MIN_INTERVAL[this.#source]);
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

  #backoff(error: unknown): number {
    const interval = this.#interval();
    if (codeOf(error) === "CEMM_UNAUTHORIZED") return Math.max(interval, AFTER_DENIAL);
    const grown = Math.min(interval * 2 ** this.#failures, MAX_BACKOFF[this.#source]);
    return Math.max(interval, grown * (0.8 + Math.random() * 0.2));
  }

  async #untilResumed(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const end = () => {
        signal.removeEventListener("abort", end);
        resolve();
      };
      this.#resume = end;
      signal.addEventListener("abort", end);
    });
    this.#resume = undefined;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof CemmError ? error.code : undefined;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(Math.min(Math.max(ms, 0), MAX_TIMER), undefined, { signal });
}
