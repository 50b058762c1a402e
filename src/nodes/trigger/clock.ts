/** A longer timer would fire immediately. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The monotonic clock, ms: the time of day jumps when a machine without a battery synchronises its clock. */
export function monotonicNow(): number {
  return Math.round(performance.now());
}

/** Calls back once, at the earliest requested time, and rather too early than too late. */
export class Alarm {
  #timer: NodeJS.Timeout | undefined;
  #at = Number.POSITIVE_INFINITY;

  constructor(private readonly ring: () => void) {}

  /** `at`: by the monotonic clock; a time later than the current one has no effect. */
  setBy(at: number): void {
    if (at >= this.#at) return;
    clearTimeout(this.#timer);
    this.#at = at;
    this.#timer = setTimeout(() => this.#ring(), Math.min(Math.max(0, at - monotonicNow()), LONGEST_TIMER));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#at = Number.NEGATIVE_INFINITY;
  }

  #ring(): void {
    this.#at = Number.POSITIVE_INFINITY;
    this.ring();
  }
}
