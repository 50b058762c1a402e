/** In a second: every editor and every status node gets each of them. */
const MAX_EVENTS = 4;
/** In ms: a second, and what timers, and who counts, are inexact by. */
const WINDOW = 1010;

/** Passes on a few statuses in any second: at once while there is room, else the newest one as soon as there is. */
export class StatusThrottle<T> {
  /** When the last ones went out, oldest first. */
  readonly #sentAt: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #newest: T | undefined;
  #isClosed = false;

  constructor(private readonly send: (value: T) => void) {}

  push(value: T): void {
    if (this.#isClosed) return;
    this.#newest = value;
    if (this.#timer) return;
    const wait = this.#wait();
    if (wait > 0) this.#timer = setTimeout(() => this.#flush(), wait);
    else this.#pass(value);
  }

  /** Drops what has not gone out, and all that comes. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** Until there is room, in ms. */
  #wait(): number {
    const oldest = this.#sentAt.length < MAX_EVENTS ? undefined : this.#sentAt[0];
    return oldest === undefined ? 0 : Math.ceil(oldest + WINDOW - performance.now());
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#newest !== undefined) this.#pass(this.#newest);
  }

  #pass(value: T): void {
    if (this.#sentAt.push(performance.now()) > MAX_EVENTS) this.#sentAt.shift();
    this.send(value);
  }
}
