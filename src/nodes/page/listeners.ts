/** The browsers that listen to a page's server-sent events. */
import type { Response } from "express";

const MAX_LISTENERS = 50;
/** So that a proxy does not take the connection for dead. In ms. */
const HEARTBEAT = 20_000;
/** In bytes: who reads slower than this fills memory. */
const MAX_BEHIND = 1_000_000;

export class Listeners {
  readonly #responses = new Set<Response>();
  readonly #sent = new Map<string, string>();
  readonly #heartbeat = setInterval(() => this.#write(":\n\n"), HEARTBEAT).unref();

  get count(): number {
    return this.#responses.size;
  }

  /** False where there are too many: the response is left alone. */
  add(response: Response): boolean {
    if (this.#responses.size >= MAX_LISTENERS) return false;
    this.#responses.add(response);
    response.on("close", () => this.#responses.delete(response));
    response.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no" });
    response.flushHeaders();
    return true;
  }

  /** To all. `data` is made only where somebody listens. */
  send(event: string, data: () => object): void {
    if (this.#responses.size > 0) this.#write(eventText(event, data()));
  }

  /** To all, where it is another than they were sent last. */
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
