/** A light AbortController: a real one for each request, with its listener, doubles the CPU time of a cloud message. */

/** Cancelled work rejects with this. One instance: thousands may be cancelled at once, and nobody sees the stack. */
export const CANCELLED = new Error("cancelled");

/** Cancels a sequence of steps, of which only one runs at a time. */
export class CancelToken {
  cancelled = false;
  onCancel: (() => void) | undefined;

  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.onCancel?.();
  }

  /** An AbortSignal that follows this token, for APIs that need one. */
  signal(): AbortSignal {
    const controller = new AbortController();
    this.onCancel = () => controller.abort(CANCELLED);
    if (this.cancelled) controller.abort(CANCELLED);
    return controller.signal;
  }
}

/** Waits `ms`. Rejects as soon as `token` is cancelled. */
export function sleep(ms: number, token: CancelToken): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    token.onCancel = () => {
      clearTimeout(timer);
      reject(CANCELLED);
    };
    if (token.cancelled) token.onCancel();
  });
}

interface Listener {
  callbacks: Set<() => void>;
  stop: () => void;
}

const listeners = new WeakMap<AbortSignal, Listener>();

/**
 * Calls `callback` when `signal` aborts; returns a function that removes it. A signal has one listener for all
 * callbacks, because `addEventListener` scans the whole list, which is slow with thousands of requests.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const listener = listeners.get(signal) ?? listenTo(signal);
  listener.callbacks.add(callback);
  return () => {
    listener.callbacks.delete(callback);
    if (listener.callbacks.size === 0) listener.stop();
  };
}

/** A controller whose signal keeps its listener: a new one for each request takes a tenth of the client's own time. */
export function lastingController(): AbortController {
  const controller = new AbortController();
  onAbort(controller.signal, () => {});
  return controller;
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
