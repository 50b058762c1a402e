/** Asks again and again: spread at the start, slower while it fails, and quietly. */
import { setTimeout as delay } from "node:timers/promises";
import { CemmError, type RouteName } from "../../lib/index.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** A longer timer would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;
/** Nobody waits longer than this for a first value, however rarely the node asks. */
const LONGEST_START = 30 * SECOND;
const AFTER_DENIAL = 15 * MINUTE;

/** How often a source may be asked, in ms. */
export const LEAST_INTERVAL: Record<RouteName, number> = { lan: SECOND, cloud: 10 * SECOND };
/** How long the pause may grow while a source fails, in ms. */
const LONGEST_BACKOFF: Record<RouteName, number> = { lan: MINUTE, cloud: 5 * MINUTE };

export interface PollerOptions {
  /** Milliseconds from the start of one poll to the start of the next. */
  interval: number;
  /** Asks once; rejects with what went wrong. Resolves with the source that answered. */
  poll: () => Promise<RouteName>;
  /** Which source's limits hold before the first answer. */
  source: RouteName;
  /** Told once for each outage. */
  onOutage: (error: unknown) => void;
  /** Told when an outage is over: how long it was, in ms, and how many polls it took. */
  onRecovery: (outage: { ms: number; polls: number }) => void;
}

export class Poller {
  readonly #options: PollerOptions;
  #source: RouteName;
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
      await pause(Math.random() * Math.min(this.#options.interval / 5, LONGEST_START), signal);
      while (!signal.aborted) await this.#turn(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Goes on after a stop: somebody asked by a message, and was answered. */
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
    return Math.max(this.#options.interval, LEAST_INTERVAL[this.#source]);
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
    const grown = Math.min(interval * 2 ** this.#failures, LONGEST_BACKOFF[this.#source]);
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
  await delay(Math.min(Math.max(ms, 0), LONGEST_TIMER), undefined, { signal });
}
