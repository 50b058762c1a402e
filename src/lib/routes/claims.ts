/** Asked at the same time: a network's CEMMs answer in a moment, and a flood must not open thousands of connections. */
const AT_ONCE = 8;
/** Hosts that are taken: more than a network holds, less than a flood brings. */
const MAX_CLAIMS = 2000;

/**
 * Hosts that claim to be CEMMs: a few are asked at a time, and each address in turn, so that a flood from one does not keep
 * the others waiting.
 */
export class Claims {
  readonly #ask: (host: string) => Promise<void>;
  readonly #signal: AbortSignal;
  readonly #known = new Set<string>();
  /** By address: those of its hosts that were not asked yet. */
  readonly #waiting = new Map<string, string[]>();
  readonly #running = new Set<Promise<void>>();

  /** Nobody is asked any more once `signal` aborts. */
  constructor(ask: (host: string) => Promise<void>, signal: AbortSignal) {
    this.#ask = ask;
    this.#signal = signal;
  }

  add(host: string): void {
    if (this.#known.has(host) || this.#known.size >= MAX_CLAIMS) return;
    this.#known.add(host);
    const [address = host] = host.split(":");
    const others = this.#waiting.get(address);
    if (others) others.push(host);
    else this.#waiting.set(address, [host]);
    this.#askMore();
  }

  /** Resolves once all were asked. */
  async end(): Promise<void> {
    while (this.#running.size > 0) await Promise.race(this.#running);
  }

  #askMore(): void {
    while (this.#running.size < AT_ONCE && !this.#signal.aborted) {
      const host = this.#next();
      if (host === undefined) return;
      const asked = this.#ask(host)
        .catch(() => {})
        .finally(() => {
          this.#running.delete(asked);
          this.#askMore();
        });
      this.#running.add(asked);
    }
  }

  #next(): string | undefined {
    const [first] = this.#waiting;
    if (!first) return undefined;
    const [address, hosts] = first;
    const host = hosts.shift();
    this.#waiting.delete(address);
    if (hosts.length > 0) this.#waiting.set(address, hosts);
    return host;
  }
}
