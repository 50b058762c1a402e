/** How many times its timeout a question may stand in line before its turn comes. */
const QUEUE_SHARE = 10;

/**
 * The time that one answer may take, promises and retries included. It begins with the question's turn: standing in
 * line may take ten times as long. Does not heed the wall clock's jumps.
 */
export class Deadline {
  #end: number | undefined;

  /** `timeout` in ms; `onStart` is called when the turn comes. */
  constructor(
    readonly timeout: number,
    private readonly onStart: () => void = () => {},
    private readonly queuedUntil = performance.now() + timeout * QUEUE_SHARE,
  ) {}

  get started(): boolean {
    return this.#end !== undefined;
  }

  /** The turn has come. Calling it again changes nothing. */
  start(): void {
    if (this.#end !== undefined) return;
    this.#end = performance.now() + this.timeout;
    this.onStart();
  }

  /** Milliseconds left, never negative: of the answer's time, or before its turn of the time in line. */
  get remaining(): number {
    return Math.max(0, (this.#end ?? this.queuedUntil) - performance.now());
  }

  /** Milliseconds that the answer itself may still take. */
  get answerTime(): number {
    return this.started ? this.remaining : this.timeout;
  }

  get expired(): boolean {
    return this.remaining === 0;
  }

  /** A part of this time: at most `ms`, and no longer than this deadline. Its turn is this one's, and so is its line. */
  part(ms: number): Deadline {
    const part = new Deadline(Math.min(ms, this.answerTime), () => this.start(), this.queuedUntil);
    if (this.started) part.start();
    return part;
  }
}
