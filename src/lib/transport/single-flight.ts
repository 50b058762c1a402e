/** Shares one request among concurrent callers, each with its own deadline. */
import { CancelToken, onAbort } from "./cancel-token.js";

/** A request may wait in the queue for this many times its timeout. */
export const QUEUE_SHARE = 10;

/**
 * The time limit for one answer, including promises and retries. It starts with the request's turn; waiting in the
 * queue may take ten times as long. Uses the monotonic clock.
 */
export class Deadline {
  #end: number;
  hadTurn: boolean;

  /** `timeout` in ms. */
  constructor(readonly timeout: number) {
    this.hadTurn = false;
    this.#end = performance.now() + timeout * QUEUE_SHARE;
  }

  start(): void {
    if (this.hadTurn) return;
    this.hadTurn = true;
    this.#end = performance.now() + this.timeout;
  }

  /** Remaining milliseconds, never negative: in the queue, or for the answer once the turn has come. */
  get left(): number {
    return Math.max(0, this.#end - performance.now());
  }

  /** Remaining milliseconds for the answer itself. */
  get answerTime(): number {
    return this.hadTurn ? this.left : this.timeout;
  }
}

/** One caller: its deadline and callbacks. `Part`: an intermediate result of the work. */
export interface RequestContext<Part = never> {
  deadline: Deadline;
  signals: readonly AbortSignal[];
  /** Called once if the answer takes longer because the CEMM has to be asked first. */
  onPromise?: (() => void) | undefined;
  /** Called when a request has had no answer and is sent again. */
  onSilence?: (() => void) | undefined;
  /** Called with each part, including earlier ones. Must not throw. */
  onPart?: ((part: Part) => void) | undefined;
}

/** Thrown when one caller's time is up. Not an Error: thousands may run out of time at once, and need no stack. */
export class DeadlineExpired {
  constructor(readonly stage: "queued" | "asked" | "promised") {}
}

/** Deduplicates concurrent work by key: callers that want the same thing at the same time share one piece of work. */
export class SingleFlight<T, Part = never> {
  readonly #calls = new Map<string, Call<T, Part>>();

  /**
   * The result for `key`; starts `work` only if none is running, or the running one is silent.
   * @throws DeadlineExpired, the reason of one of the signals, or what the work throws.
   */
  do(key: string, context: RequestContext<Part>, work: (call: Call<T, Part>) => Promise<T>): Promise<T> {
    for (const signal of context.signals) signal.throwIfAborted();
    const known = this.#calls.get(key);
    if (known && !known.isSilent) return known.join(context);
    const call = new Call<T, Part>(this.#calls, key);
    const result = call.join(context);
    void call.run(work);
    return result;
  }
}

/** Settles a caller's promise. */
interface Settle<T> {
  resolve: (result: T) => void;
  reject: (error: unknown) => void;
}

interface Waiter<T, Part> extends Settle<T> {
  context: RequestContext<Part>;
  timer: NodeJS.Timeout | undefined;
  unsubscribe: (() => void)[];
}

/** One piece of shared work, as the work itself and its callers see it. */
export class Call<T, Part = never> {
  /** Cancelled when nobody waits any more. */
  readonly token = new CancelToken();
  readonly #waiters = new Set<Waiter<T, Part>>();
  #hadTurn = false;
  #isPromised = false;
  readonly #parts: Part[] = [];
  #patience = 0;
  #silentFrom = Number.POSITIVE_INFINITY;

  constructor(
    private readonly calls: Map<string, Call<T, Part>>,
    private readonly key: string,
  ) {
    calls.set(key, this);
  }

  /** Does the work. Never rejects. */
  async run(work: (call: Call<T, Part>) => Promise<T>): Promise<void> {
    try {
      const result = await work(this);
      this.#close();
      for (const waiter of this.#waiters) this.#leave(waiter).resolve(result);
    } catch (error) {
      this.#close();
      for (const waiter of this.#waiters) this.#leave(waiter).reject(error);
    }
  }

  join(context: RequestContext<Part>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiter: Waiter<T, Part> = { context, timer: undefined, unsubscribe: [], resolve, reject };
      this.#waiters.add(waiter);
      for (const signal of context.signals) {
        waiter.unsubscribe.push(onAbort(signal, () => this.#giveUp(waiter, signal.reason)));
      }
      if (this.#hadTurn) context.deadline.start();
      if (this.#isPromised) this.#notify(waiter, context.onPromise);
      for (const part of this.#parts) context.onPart?.(part);
      this.#watch(waiter);
    });
  }

  /** Whether it has been silent for so long that a new caller should start its own request. */
  get isSilent(): boolean {
    return performance.now() >= this.#silentFrom;
  }

  /** The longest remaining time of all callers, in ms. */
  get remaining(): number {
    let longest = 0;
    for (const { context } of this.#waiters) longest = Math.max(longest, context.deadline.answerTime);
    return longest;
  }

  /** Whether a caller's time is already running: the work is a repeat. */
  get hadTurn(): boolean {
    for (const { context } of this.#waiters) if (context.deadline.hadTurn) return true;
    return this.#hadTurn;
  }

  /** The work's turn has come: the deadlines start. It counts as silent after `patience` ms without an answer. */
  asked(patience: number): void {
    this.#patience = patience;
    this.heard();
    if (this.#hadTurn) return;
    this.#hadTurn = true;
    for (const { context } of this.#waiters) context.deadline.start();
  }

  heard(): void {
    this.#silentFrom = performance.now() + this.#patience;
  }

  /** No request is running at the moment. */
  pausing(): void {
    this.#silentFrom = Number.POSITIVE_INFINITY;
  }

  promised(): void {
    this.pausing();
    if (this.#isPromised) return;
    this.#isPromised = true;
    for (const waiter of this.#waiters) this.#notify(waiter, waiter.context.onPromise);
  }

  silent(): void {
    this.pausing();
    for (const waiter of this.#waiters) this.#notify(waiter, waiter.context.onSilence);
  }

  part(part: Part): void {
    this.#parts.push(part);
    for (const { context } of this.#waiters) context.onPart?.(part);
  }

  /** A callback that throws must not affect other callers. */
  #notify(waiter: Waiter<T, Part>, callback: (() => void) | undefined): void {
    try {
      callback?.();
    } catch (error) {
      this.#giveUp(waiter, error);
    }
  }

  /** One timer for each caller: usually its turn comes immediately, and the answer long before the timer. */
  #watch(waiter: Waiter<T, Part>, ms = waiter.context.deadline.timeout): void {
    const { deadline } = waiter.context;
    const end = () => {
      if (deadline.left > 0) return this.#watch(waiter, Math.min(deadline.left, deadline.timeout));
      const stage = this.#isPromised ? "promised" : this.#hadTurn ? "asked" : "queued";
      this.#giveUp(waiter, new DeadlineExpired(stage));
    };
    waiter.timer = setTimeout(end, ms);
  }

  /** New callers start work of their own. */
  #close(): void {
    if (this.calls.get(this.key) === this) this.calls.delete(this.key);
  }

  /** Ends one caller's wait; the last one's ends the work. */
  #giveUp(waiter: Waiter<T, Part>, reason: unknown): void {
    this.#leave(waiter).reject(reason);
    if (this.#waiters.size > 0) return;
    this.#close();
    this.token.cancel();
  }

  #leave(waiter: Waiter<T, Part>): Settle<T> {
    const { resolve, reject, timer, unsubscribe } = waiter;
    clearTimeout(timer);
    for (const each of unsubscribe) each();
    this.#waiters.delete(waiter);
    // V8 keeps what was in a Set until its next major collection: the waiter must not keep the answer as well.
    waiter.resolve = () => {};
    waiter.reject = () => {};
    return { resolve, reject };
  }
}
