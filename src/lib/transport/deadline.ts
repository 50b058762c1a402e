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

/**
 * `work`, or the reason of the first of `signals` that aborts; leaves no listener behind.
 * AbortSignal.any() would do, but keeps every request alive as long as the node, on Node 20.
 */
export function unlessAborted<T>(work: Promise<T>, signals: readonly AbortSignal[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signals.find(({ aborted }) => aborted)?.reason);
    const leave = () => {
      for (const signal of signals) signal.removeEventListener("abort", abort);
    };
    for (const signal of signals) {
      if (signal.aborted) abort();
      signal.addEventListener("abort", abort);
    }
    work.then(resolve, reject).then(leave, leave);
  });
}
