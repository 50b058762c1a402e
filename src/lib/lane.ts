import { unlessAborted } from "./deadline.js";

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

  /** Runs `work` when its turn comes. Rejects with the signal's reason while it waits, or what `work` rejects with. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#running < this.width) this.#running++;
    else await this.#turn(signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    let go: () => void = () => {};
    const turn = new Promise<void>((resolve) => {
      go = resolve;
    });
    this.#queue.add(go);
    try {
      await unlessAborted(turn, signal);
    } catch (reason) {
      // Already called on? Then the place was given: hand it on.
      if (!this.#queue.delete(go)) this.#leave();
      throw reason;
    }
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
