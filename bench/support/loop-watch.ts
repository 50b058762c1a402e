import { readFileSync } from "node:fs";

/**
 * The longest time that the event loop of this thread was blocked. The time that the thread waited for a processor is
 * subtracted, if the system reports it (Linux), so that a busy machine does not count.
 */
export class LoopWatch {
  #longest = 0;
  #last = now();
  #isOver = false;

  constructor() {
    this.#round();
  }

  /** Ends it; the longest block, ms. */
  stop(): number {
    this.#look();
    this.#isOver = true;
    return this.#longest;
  }

  /** A timer alone could run between others while nothing else does: only after an immediate the loop has come round. */
  #round(): void {
    this.#look();
    if (!this.#isOver) setTimeout(() => setImmediate(() => this.#round()), 1);
  }

  #look(): void {
    const [before, here] = [this.#last, now()];
    this.#longest = Math.max(this.#longest, here.ms - before.ms - (here.inLine - before.inLine));
    this.#last = here;
  }
}

function now(): { ms: number; inLine: number } {
  return { ms: performance.now(), inLine: nanosecondsInLine() / 1e6 };
}

/** Of this thread, since it began. */
function nanosecondsInLine(): number {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[1]);
  } catch {
    return 0;
  }
}
