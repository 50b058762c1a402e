/** When a promised answer is looked for again: soon at first, then less often, and once more before its promise ends. */

const FIRST_WAIT = 250;
const LONGEST_WAIT = 2_000;
/** A promise lives for 10 s. The last look arrives at this age: not so late that a slow network makes it miss. */
const LAST_LOOK = 9_870;
const LIFETIME = 10_000;
/** And one last time so long before nobody waits for it any more. */
const LAST_CALL = 200;

/** An answer that was promised, and what it says of when to ask again. Times are in ms of the monotonic clock. */
export interface Promised {
  /** Undefined where the answer had no body. */
  id: string | undefined;
  /** When the request was sent that brought it. */
  sentAt: number;
  retryAfter: number | undefined;
}

export class PromiseSchedule {
  #wait = FIRST_WAIT;
  #id: string | undefined;
  #since = Number.NEGATIVE_INFINITY;

  /**
   * Milliseconds from `now` to the next look; undefined where it would come too late for who waits `left` ms more. A new
   * id means that the promise before it has expired.
   */
  next({ id, sentAt, retryAfter }: Promised, now: number, left: number): number | undefined {
    if (left <= LAST_CALL) return undefined;
    const isNew = id === undefined ? sentAt - this.#since >= LIFETIME : id !== this.#id;
    if (isNew) [this.#id, this.#since] = [id, sentAt];
    const wait = retryAfter === undefined ? this.#wait : Math.max(retryAfter, FIRST_WAIT);
    this.#wait = Math.min(this.#wait * 1.5, LONGEST_WAIT);
    const untilLastLook = this.#since + LAST_LOOK - now;
    // A look that would come after the promise's end comes just before it.
    const due = retryAfter === undefined && untilLastLook > 0 ? Math.min(wait, untilLastLook) : wait;
    return Math.min(due, left - LAST_CALL);
  }
}
