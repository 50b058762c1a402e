/** What ends with a token rejects with this. One for all: thousands may end at once, and nobody sees its stack. */
export const CANCELLED = new Error("cancelled");

/**
 * Ends a piece of work early. What an AbortController does, but making one of those, and listening to it, takes
 * nearly as long as sending a request.
 */
export class CancelToken {
  cancelled = false;
  readonly #callbacks = new Set<() => void>();

  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    for (const callback of this.#callbacks) callback();
  }

  /** Calls `callback` on cancellation, at once where that has happened. Returns a function that takes it back. */
  onCancel(callback: () => void): () => void {
    if (this.cancelled) callback();
    this.#callbacks.add(callback);
    return () => this.#callbacks.delete(callback);
  }

  /** An AbortSignal that goes with this, for what takes no other. */
  signal(): AbortSignal {
    const controller = new AbortController();
    this.onCancel(() => controller.abort(CANCELLED));
    return controller.signal;
  }
}

/** Waits `ms`. Rejects as soon as `token` is cancelled. */
export function delay(ms: number, token: CancelToken): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      forget();
      resolve();
    }, ms);
    const forget = token.onCancel(() => {
      clearTimeout(timer);
      reject(CANCELLED);
    });
  });
}

interface Listener {
  callbacks: Set<() => void>;
  stop: () => void;
}

const listeners = new WeakMap<AbortSignal, Listener>();

/**
 * Calls `callback` when `signal` aborts. Returns a function that takes it back. A signal has one listener, however
 * many callbacks: `addEventListener` scans the whole list each time, which thousands of requests would feel.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const listener = listeners.get(signal) ?? listenTo(signal);
  listener.callbacks.add(callback);
  return () => {
    listener.callbacks.delete(callback);
    if (listener.callbacks.size === 0) listener.stop();
  };
}

function listenTo(signal: AbortSignal): Listener {
  const callbacks = new Set<() => void>();
  const abort = () => {
    for (const callback of callbacks) callback();
  };
  signal.addEventListener("abort", abort);
  const stop = () => {
    signal.removeEventListener("abort", abort);
    listeners.delete(signal);
  };
  const listener = { callbacks, stop };
  listeners.set(signal, listener);
  return listener;
}
