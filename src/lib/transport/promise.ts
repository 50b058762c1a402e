/**
 * When to poll for a promised answer: soon, then less often, and once more before the promise expires. An answer is at
 * most half the time it took plus the first wait late, and never more than 2 s.
 */

/** ms from a promise to the first poll, and at least between two polls. */
export const FIRST_LOOK = 250;
/** A little less than 2 s, since the machine may be busy. */
const LONGEST_WAIT = 1_990;
/** Timer slack, ms. */
const TIMER = 2;
/** A promise expires after 10 s. The last poll arrives at this age, early enough for a slow network. */
const LAST_LOOK = 9_870;
const LIFETIME = 10_000;
/** Time of the last poll before the caller's deadline, ms. */
const LAST_CALL = 200;

/** A promised answer, and when to poll again. Times are in ms of the monotonic clock. */
export interface Promised {
  /** Undefined if the answer had no body. */
  promise: string | undefined;
  sentAt: number;
  retryAfter: number | undefined;
}

export class PromiseSchedule {
  /** When the first request was sent. */
  #askedAt: number | undefined;
  #promise: string | undefined;
  /** When the current promise was given. */
  #since = Number.NEGATIVE_INFINITY;

  /** Ms from `now` to the next poll; undefined if `left` ms are too short. A new id means a new promise. */
  next({ promise, sentAt, retryAfter }: Promised, now: number, left: number): number | undefined {
    if (left <= LAST_CALL) return undefined;
    this.#askedAt ??= sentAt;
    const isNew = promise === undefined ? sentAt - this.#since >= LIFETIME : promise !== this.#promise;
    if (isNew) [this.#promise, this.#since] = [promise, sentAt];
    if (retryAfter !== undefined) return Math.min(Math.max(retryAfter, FIRST_LOOK), left - LAST_CALL);
    const roundTrip = now - sentAt;
    const wait = growing(sentAt - this.#askedAt, roundTrip);
    const untilLastLook = this.#since + LAST_LOOK - now;
    // A poll that would come later, or still be running then, becomes the last poll.
    const due = untilLastLook > 0 && wait + roundTrip > untilLastLook ? untilLastLook : wait;
    return Math.min(due, left - LAST_CALL);
  }
}

/** The wait after a poll at this age. The round trip counts as part of it. */
function growing(age: number, roundTrip: number): number {
  const late = Math.min(FIRST_LOOK + age / 2, LONGEST_WAIT);
  return Math.max(late - 1.5 * roundTrip - TIMER, FIRST_LOOK);
}
