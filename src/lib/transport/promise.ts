/**
 * When a promised answer is looked for again: soon at first, then less often, and once more before its promise ends. So
 * it comes at most half of the time that it took, and the first wait, after it was ready, and never more than 2 s.
 */

/** ms from a promise to the first look, and between two looks at least. */
const FIRST_LOOK = 250;
/** Nearly the 2 s: the machine may be busy. */
const LONGEST_WAIT = 1_990;
/** Timer slack, ms. */
const TIMER = 2;
/** A promise lives for 10 s. The last look arrives at this age: not so late that a slow network makes it miss. */
const LAST_LOOK = 9_870;
const LIFETIME = 10_000;
/** And one last time before nobody waits for it any more, ms. */
const LAST_CALL = 200;

/** An answer that was promised, and what it says of when to ask again. Times are in ms of the monotonic clock. */
export interface Promised {
  /** Undefined where the answer had no body. */
  promise: string | undefined;
  /** When the request was sent that brought it. */
  sentAt: number;
  retryAfter: number | undefined;
}

export class PromiseSchedule {
  /** When the question was asked first. */
  #askedAt: number | undefined;
  #promise: string | undefined;
  /** When the promise that holds now was given. */
  #since = Number.NEGATIVE_INFINITY;

  /**
   * Milliseconds from `now` to the next look; undefined where nobody waits that long: `left` ms more. A new id means
   * that the promise before it has expired.
   */
  next({ promise, sentAt, retryAfter }: Promised, now: number, left: number): number | undefined {
    if (left <= LAST_CALL) return undefined;
    this.#askedAt ??= sentAt;
    const isNew = promise === undefined ? sentAt - this.#since >= LIFETIME : promise !== this.#promise;
    if (isNew) [this.#promise, this.#since] = [promise, sentAt];
    if (retryAfter !== undefined) return Math.min(Math.max(retryAfter, FIRST_LOOK), left - LAST_CALL);
    const roundTrip = now - sentAt;
    const wait = growing(sentAt - this.#askedAt, roundTrip);
    const untilLastLook = this.#since + LAST_LOOK - now;
    // One that would come after it, or still be under way then, is the last look itself.
    const due = untilLastLook > 0 && wait + roundTrip > untilLastLook ? untilLastLook : wait;
    return Math.min(due, left - LAST_CALL);
  }
}

/** After a look at this age. Of the time until the next one is answered, the way there and back is a part, too. */
function growing(age: number, roundTrip: number): number {
  const late = Math.min(FIRST_LOOK + age / 2, LONGEST_WAIT);
  return Math.max(late - 1.5 * roundTrip - TIMER, FIRST_LOOK);
}
