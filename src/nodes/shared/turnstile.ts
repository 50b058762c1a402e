/** In one turn of the event loop: a few milliseconds of work, on a small machine some tens. */
export const PER_TURN = 200;

/** Lets through at most so many in one turn of the event loop, first come first served: a storm leaves time for others. */
export class Turnstile {
  readonly #line: (() => void)[] = [];
  #passed = 0;

  /** Undefined: at once. */
  pass(): Promise<void> | undefined {
    if (this.#passed < PER_TURN) {
      if (this.#passed++ === 0) setImmediate(() => this.#nextTurn());
      return undefined;
    }
    return new Promise((resolve) => this.#line.push(resolve));
  }

  #nextTurn(): void {
    const next = this.#line.splice(0, PER_TURN);
    this.#passed = next.length;
    for (const enter of next) enter();
    if (next.length > 0) setImmediate(() => this.#nextTurn());
  }
}
