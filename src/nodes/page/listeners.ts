/** The browsers that listen to a page's server-sent events. */
import type { Response } from "express";

const MAX_LISTENERS = 50;
/** Keep-alive interval for proxies, in ms. */
const HEARTBEAT = 20_000;
/** Maximum buffer of a slow browser, in bytes. */
const MAX_BEHIND = 1_000_000;

export class Listeners {
  readonly #responses = new Set<Response>();
  readonly #sent = new Map<string, string>();
  readonly #heartbeat = setInterval(() => this.#write(":\n\n"), HEARTBEAT).unref();

  get count(): number {
    return this.#responses.size;
  }

  /** False if there are too many; then the response is not touched. */
  add(response: Response): boolean {
    if (this.#responses.size >= MAX_LISTENERS) return false;
    this.#responses.add(response);
    response.on("close", () => this.#responses.delete(response));
    response.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no" });
    response.flushHeaders();
    return true;
  }

  /** Sends to all. `data` is called only if there are listeners. */
  send(event: string, data: () => object): void {
    if (this.#responses.size > 0) this.#write(eventText(event, data()));
  }

  /** Sends to all if it differs from the last one. */
  sendChange(event: string, data: () => object): void {
    if (this.#responses.size === 0) return;
    const text = eventText(event, data());
    if (text === this.#sent.get(event)) return;
    this.#sent.set(event, text);
    this.#write(text);
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const response of this.#responses) response.end();
    this.#responses.clear();
  }

  #write(text: string): void {
    for (const response of this.#responses) {
      if (response.writableLength > MAX_BEHIND) response.destroy();
      else response.write(text);
    }
  }
}

export const eventText = (event: string, data: object): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
