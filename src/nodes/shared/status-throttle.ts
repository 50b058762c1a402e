/** Maximum number of statuses in a second, since every editor and every status node gets each. */
const MAX_EVENTS = 4;
/** A second plus the inaccuracy of timers, in ms. */
const WINDOW = 1010;

/** Limits statuses per second: passes one on immediately if allowed, else the newest one as soon as possible. */
export class StatusThrottle<T> {
  /** Times of the last statuses, oldest first. */
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

  /** Drops pending and later statuses. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** Time until the next status may be sent, in ms. */
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
