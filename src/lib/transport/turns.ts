/** Hosts asked at a time: CEMMs answer quickly, and a flood of claims must not open thousands of connections. */
const MAX_CONCURRENT = 8;

/** Work for many hosts, round-robin over the addresses, so that a flood from one does not delay the others. */
export class Turns {
  #running = 0;
  readonly #waiting = new Map<string, (() => void)[]>();

  /** Does `work` when the turn of `host`, as `address[:port]`, has come. */
  async run<T>(host: string, work: () => Promise<T>): Promise<T> {
    const [address = host] = host.split(":");
    await new Promise<void>((resolve) => {
      const others = this.#waiting.get(address);
      if (others) others.push(resolve);
      else this.#waiting.set(address, [resolve]);
      this.#startMore();
    });
    try {
      return await work();
    } finally {
      this.#running--;
      this.#startMore();
    }
  }

  #startMore(): void {
    const [next] = this.#waiting;
    if (!next || this.#running >= MAX_CONCURRENT) return;
    const [address, waiting] = next;
    const start = waiting.shift();
    this.#waiting.delete(address);
    if (waiting.length > 0) this.#waiting.set(address, waiting);
    this.#running++;
    start?.();
  }
}
