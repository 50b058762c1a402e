import assert from "node:assert/strict";

/** In ms. Less than mocha's, which would not say what is missing. */
const PATIENCE = 9000;

/** Collects events in order of arrival, and waits for them. */
export class Capture<T> {
  readonly all: T[] = [];
  readonly #kind: string;
  readonly #onAdd = new Set<() => void>();

  constructor(kind: string) {
    this.#kind = kind;
  }

  add(item: T): void {
    this.all.push(item);
    for (const look of [...this.#onAdd]) look();
  }

  /** Drops everything so far, so that the next wait sees only later events. */
  clear(): void {
    this.all.length = 0;
  }

  /** The first match, received before or within `ms`. */
  async next(match: (item: T) => boolean = () => true, ms = PATIENCE): Promise<T> {
    const first = (await this.take(1, match, ms)).values().next();
    assert(!first.done);
    return first.value;
  }

  /** The first `count` that match, in order. */
  take(count: number, match: (item: T) => boolean = () => true, ms = PATIENCE): Promise<T[]> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.all.filter(match);
        if (found.length < count) return;
        end();
        resolve(found.slice(0, count));
      };
      const end = () => {
        clearTimeout(timer);
        this.#onAdd.delete(look);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(this.#missed(count, ms)));
      }, ms);
      // A test may wait for the first of several, and mocha's own timer keeps the process alive.
      timer.unref();
      this.#onAdd.add(look);
      look();
    });
  }

  #missed(count: number, ms: number): string {
    return `Waited ${ms} ms for ${count} ${this.#kind}(s); all that came: ${JSON.stringify(this.all, null, 1)}`;
  }
}
