import { EventEmitter } from "node:events";

/**
 * Ends a piece of work early. What an AbortController does, but to make one of those, and to listen to it, takes
 * nearly as long as sending a request; undici takes this as a signal just as well.
 */
export class Control extends EventEmitter {
  aborted = false;

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    this.emit("abort");
  }

  /** An AbortSignal that goes with this, for what takes no other. */
  signal(): AbortSignal {
    const controller = new AbortController();
    if (this.aborted) controller.abort();
    this.once("abort", () => controller.abort());
    return controller.signal;
  }
}

/** Waits `ms`. Rejects as soon as `control` is aborted. */
export function wait(ms: number, control: Control): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      control.off("abort", end);
      if (control.aborted) reject(new Error("aborted"));
      else resolve();
    };
    const timer = setTimeout(end, ms);
    control.once("abort", end);
    if (control.aborted) end();
  });
}
