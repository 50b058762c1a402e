import type { Control } from "./cancel-token.js";

/**
 * Lets at most `width` exchanges run at once, first come first served. An undici queue does not heed signals
 * while a request waits in it, this one does: who gives up leaves the queue.
 */
export class Lane {
  #running = 0;
  readonly #queue = new Set<() => void>();

  constructor(readonly width: number) {}

  get idle(): boolean {
    return this.#running === 0;
  }

  /** Runs `work` when its turn comes. Rejects where `control` is aborted before, or as `work` does. */
  async run<T>(work: () => Promise<T>, control: Control): Promise<T> {
    if (this.#running < this.width) this.#running++;
    else await this.#turn(control);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #turn(control: Control): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#queue.delete(go);
        reject(new Error("aborted"));
      };
      const go = () => {
        control.off("abort", giveUp);
        resolve();
      };
      control.once("abort", giveUp);
      this.#queue.add(go);
    });
  }

  #leave(): void {
    const [next] = this.#queue;
    if (!next) {
      this.#running--;
      return;
    }
    this.#queue.delete(next);
    next();
  }
}
