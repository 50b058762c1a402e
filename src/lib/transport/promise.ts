/**
 * When to poll for a promised answer: soon, then less often, and once more before the promise expires. An answer is
 * late by at most half the time it took plus the first wait, and never by more than 2 s.
 */

/** From a promise to the first poll, and the shortest time between two polls, ms. */
export const FIRST_POLL = 250;
/** A little less than 2 s, since the machine may be busy. */
const LONGEST_WAIT = 1_990;
/** Timer slack, ms. */
const TIMER = 2;
/** A promise expires after 10 s. The last poll arrives at this age, early enough for a slow network. */
const LAST_POLL = 9_870;
const LIFETIME = 10_000;
/** How long before the caller's deadline the last poll is, ms. */
const DEADLINE_MARGIN = 200;

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
    if (left <= DEADLINE_MARGIN) return undefined;
    this.#askedAt ??= sentAt;
    const isNew = promise === undefined ? sentAt - this.#since >= LIFETIME : promise !== this.#promise;
    if (isNew) [this.#promise, this.#since] = [promise, sentAt];
    if (retryAfter !== undefined) return Math.min(Math.max(retryAfter, FIRST_POLL), left - DEADLINE_MARGIN);
    const roundTrip = now - sentAt;
    const wait = growing(sentAt - this.#askedAt, roundTrip);
    const untilLastPoll = this.#since + LAST_POLL - now;
    // A poll that would come after the last one is due, or still be running then, becomes the last one.
    const due = untilLastPoll > 0 && wait + roundTrip > untilLastPoll ? untilLastPoll : wait;
    return Math.min(due, left - DEADLINE_MARGIN);
  }
}

/** The wait after a poll, `age` ms after the first request. The round trip counts as part of it. */
function growing(age: number, roundTrip: number): number {
  const late = Math.min(FIRST_POLL + age / 2, LONGEST_WAIT);
  return Math.max(late - 1.5 * roundTrip - TIMER, FIRST_POLL);
}
