import { CANCELLED, type CancelToken } from "./cancel-token.js";

/** Runs at most `concurrency` tasks at once, in order. Unlike in undici's queue, a cancelled task leaves it. */
export class Limiter {
  #running = 0;
  readonly #queue = new Set<() => void>();
  /** Repeats go first: behind new requests, a promise would expire. */
  readonly #repeats = new Set<() => void>();

  constructor(readonly concurrency: number) {}

  get idle(): boolean {
    return this.#running === 0;
  }

  /** Runs `work` when its turn comes. Rejects if `token` is cancelled before that, or as `work` does. */
  async run<T>(work: () => Promise<T>, token: CancelToken, isRepeat = false): Promise<T> {
    if (this.#running < this.concurrency) this.#running++;
    else await this.#acquire(isRepeat ? this.#repeats : this.#queue, token);
    try {
      return await work();
    } finally {
      const queue = this.#repeats.size > 0 ? this.#repeats : this.#queue;
      const [next] = queue;
      if (next) {
        queue.delete(next);
        next();
      } else this.#running--;
    }
  }

  #acquire(queue: Set<() => void>, token: CancelToken): Promise<void> {
    return new Promise((resolve, reject) => {
      queue.add(resolve);
      token.onCancel = () => {
        queue.delete(resolve);
        reject(CANCELLED);
      };
      if (token.cancelled) token.onCancel();
    });
  }
}
