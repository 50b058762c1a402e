import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

/** The time by which one answer must be there, promises and retries included. Does not heed the wall clock's jumps. */
export class Deadline {
  readonly #at: number;

  constructor(readonly timeout: number) {
    this.#at = performance.now() + timeout;
  }

  /** Milliseconds left, never negative. */
  get remaining(): number {
    return Math.max(0, this.#at - performance.now());
  }

  get expired(): boolean {
    return this.remaining === 0;
  }

  /** The time that a part of the work may take: at most `ms`, and no longer than this deadline. */
  atMost(ms: number): Deadline {
    return new Deadline(Math.min(ms, this.remaining));
  }
}

/** Waits `ms`. Rejects with the signal's reason as soon as it aborts. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await unlessAborted(delay(ms, undefined, { signal }), signal);
}

/** `work`, or the signal's reason as soon as it aborts; leaves no listener behind. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Runs `work` with a signal that aborts as soon as one of `signals` does, or after `ms`; leaves nothing behind. */
export async function underSignals<T>(
  signals: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<T>,
  ms?: number,
): Promise<T> {
  // AbortSignal.any() would keep every request alive as long as the node, on Node 20.
  const controller = new AbortController();
  const stop = () => controller.abort(signals.find(({ aborted }) => aborted)?.reason);
  const timer = ms === undefined ? undefined : setTimeout(stop, ms);
  // A signal ends as many requests as there are at a time; above ten listeners Node would suspect a leak.
  setMaxListeners(0, ...signals);
  for (const signal of signals) signal.addEventListener("abort", stop, { once: true });
  try {
    for (const signal of signals) signal.throwIfAborted();
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener("abort", stop);
  }
}
