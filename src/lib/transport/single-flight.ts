import { setImmediate as nextTurn } from "node:timers/promises";
import { CancelToken, onAbort } from "./cancel-token.js";
import { Deadline } from "./deadline.js";

/** Who waits for an answer, and for how long. */
export interface RequestContext {
  deadline: Deadline;
  /** Each of them ends the wait. */
  signals: readonly AbortSignal[];
  /** Called when the answer takes longer, because the CEMM has to be asked first. */
  onPromise?: (() => void) | undefined;
}

/**
 * Thrown where one caller's deadline has passed; the shared work may go on for the others. Not an Error: nobody sees its
 * stack, and thousands that stand in line may run out of time at once.
 */
export class DeadlineExpired {
  /** `stage`: how far the work had come. */
  constructor(readonly stage: "queued" | "asked" | "promised") {}
}

/** Deduplicates concurrent work by key: callers that want the same thing at the same time share one piece of work. */
export class SingleFlight<T> {
  readonly #calls = new Map<string, Call<T>>();

  /**
   * The result for `key`; starts `work` only where none is under way. The work lives as long as the caller with the
   * most time left; each caller's deadline and signals end its own wait only.
   * @throws DeadlineExpired, the reason of one of the signals, or what the work throws.
   */
  do(key: string, context: RequestContext, work: (call: Call<T>) => Promise<T>): Promise<T> {
    for (const signal of context.signals) signal.throwIfAborted();
    const call = this.#calls.get(key) ?? this.#newCall(key, work);
    return call.wait(context);
  }

  #newCall(key: string, work: (call: Call<T>) => Promise<T>): Call<T> {
    const forget = () => {
      if (this.#calls.get(key) === call) this.#calls.delete(key);
    };
    const call = new Call<T>(work, forget);
    this.#calls.set(key, call);
    return call;
  }
}

/** Callers that get their result in one turn of the event loop: thousands would block it. */
const TOLD_PER_TURN = 200;

interface Waiter<T> {
  context: RequestContext;
  timer: NodeJS.Timeout | undefined;
  resolve: (result: T) => void;
  reject: (error: unknown) => void;
}

/** One piece of shared work, as the work itself and its callers see it. */
export class Call<T> {
  /** Cancelled when nobody waits any more. */
  readonly token = new CancelToken();
  readonly #waiters = new Set<Waiter<T>>();
  readonly #work: (call: Call<T>) => Promise<T>;
  readonly #forget: () => void;
  #isRunning = false;
  #hasTurn = false;
  #isPromised = false;

  constructor(work: (call: Call<T>) => Promise<T>, forget: () => void) {
    this.#work = work;
    this.#forget = forget;
  }

  /** The longest time that any caller still gives the answer, in ms. */
  get remaining(): number {
    let longest = 0;
    for (const { context } of this.#waiters) longest = Math.max(longest, context.deadline.answerTime);
    return longest;
  }

  /** Whether the work goes on with what had its turn before, such as a repeat: a caller's time is running. */
  get isContinued(): boolean {
    if (this.#hasTurn) return true;
    for (const { context } of this.#waiters) if (context.deadline.started) return true;
    return false;
  }

  /** For what the work asks in turn: it ends with the last caller, and its turn is the callers'. */
  context(): RequestContext {
    const deadline = new Deadline(this.remaining, () => this.started());
    if (this.isContinued) deadline.start();
    return { deadline, signals: [this.token.signal()], onPromise: () => this.promised() };
  }

  /** The work's turn has come: the callers' deadlines begin. */
  started(): void {
    if (this.#hasTurn) return;
    this.#hasTurn = true;
    for (const { context } of this.#waiters) context.deadline.start();
  }

  /** The answer was promised: it takes longer. One caller's callback that throws must not fail the others. */
  promised(): void {
    this.#isPromised = true;
    for (const { context, reject } of this.#waiters) {
      try {
        context.onPromise?.();
      } catch (error) {
        reject(error);
      }
    }
  }

  /** Starts the work, of which somebody waits for the result. */
  #run(): void {
    this.#isRunning = true;
    const settle = async (end: (waiter: Waiter<T>) => void) => {
      this.#forget();
      let told = 0;
      for (const waiter of this.#waiters) {
        if (++told % TOLD_PER_TURN === 0) await nextTurn();
        end(waiter);
      }
    };
    this.#work(this).then(
      (result) => settle(({ resolve }) => resolve(result)),
      (error) => settle(({ reject }) => reject(error)),
    );
  }

  wait(context: RequestContext): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const listening: (() => void)[] = [];
      const leave = () => {
        for (const forget of listening) forget();
        this.#leave(waiter);
      };
      const waiter: Waiter<T> = {
        context,
        timer: undefined,
        resolve: (result) => {
          leave();
          resolve(result);
        },
        reject: (error) => {
          leave();
          reject(error);
        },
      };
      this.#waiters.add(waiter);
      // First of all, so that the rest is done while the request is on its way.
      if (!this.#isRunning) this.#run();
      if (this.#hasTurn) context.deadline.start();
      for (const signal of context.signals) listening.push(onAbort(signal, () => waiter.reject(signal.reason)));
      this.#watch(waiter);
    });
  }

  /** One timer for each caller: as a rule its turn comes at once, and the answer long before the timer. */
  #watch(waiter: Waiter<T>): void {
    const { deadline } = waiter.context;
    const end = () => {
      if (!deadline.expired) return this.#watch(waiter);
      const stage = this.#isPromised ? "promised" : this.#hasTurn ? "asked" : "queued";
      waiter.reject(new DeadlineExpired(stage));
    };
    waiter.timer = setTimeout(end, Math.min(deadline.answerTime, deadline.remaining));
  }

  #leave(waiter: Waiter<T>): void {
    clearTimeout(waiter.timer);
    this.#waiters.delete(waiter);
    if (this.#waiters.size > 0) return;
    this.#forget();
    this.token.cancel();
  }
}
