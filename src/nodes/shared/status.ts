/** The status below a node's name. Fixed texts are catalogue keys, which each editor shows in its own language. */
import type { Node, NodeAPI, NodeStatus, NodeStatusFill } from "node-red";
import { CemmError } from "../../lib/internal.js";
import { StatusThrottle } from "./status-throttle.js";

const CATALOGUE = "node-red-contrib-cemm/cemm-device:status";

export class StatusLine {
  readonly #events: StatusThrottle<() => NodeStatus>;
  #text = "";
  #stale: string | undefined;

  constructor(
    private readonly RED: NodeAPI,
    node: Node,
  ) {
    this.#events = new StatusThrottle((status) => node.status(status()));
  }

  /** Waiting for a message: nothing was asked since the deploy. */
  idle(): void {
    this.#show("grey", "ring", `${CATALOGUE}.idle`);
  }

  asking(): void {
    this.#showOnce("blue", `${CATALOGUE}.asking`);
  }

  promised(): void {
    this.#showOnce("yellow", `${CATALOGUE}.promised`);
  }

  progress(done: number, of: number): void {
    this.#show("blue", "ring", `${done}/${of}`);
  }

  answered(text: string): void {
    this.#show("green", "dot", text);
  }

  /** Shows a value, and whether it is stale. Undefined: there is no value yet. */
  reading(reading: { text: string; stale: boolean } | undefined): void {
    if (!reading) this.answered(`${CATALOGUE}.noValue`);
    else this.answered(reading.stale ? `${reading.text} · ${this.#staleText()}` : reading.text);
  }

  failed(error: unknown): void {
    this.#show("red", "ring", `${CATALOGUE}.${error instanceof CemmError ? error.code : "failed"}`);
  }

  /** Another page has the path. */
  taken(): void {
    this.#show("red", "ring", `${CATALOGUE}.taken`);
  }

  stopped(): void {
    this.#show("grey", "ring", `${CATALOGUE}.stopped`);
  }

  /** A text with a number in it: in the runtime's language, since only fixed texts are translated in the editor. */
  count(key: "samples" | "found", count: number): string {
    return this.RED._(`${CATALOGUE}.${key}`, { count: String(count) });
  }

  /** `status` is called only for the few of many values that are shown. */
  value(status: () => NodeStatus): void {
    this.#text = "";
    this.#events.push(status);
  }

  clear(): void {
    this.value(() => ({}));
  }

  close(): void {
    this.#events.close();
  }

  /** Looked up once: a lookup takes a tenth of the time of a whole reading. */
  #staleText(): string {
    this.#stale ??= this.RED._(`${CATALOGUE}.stale`);
    return this.#stale;
  }

  /** Not repeated while shown: otherwise each of many messages, and each poll of a promise, would set it again. */
  #showOnce(fill: NodeStatusFill, text: string): void {
    if (text !== this.#text) this.#show(fill, "ring", text);
  }

  #show(fill: NodeStatusFill, shape: "ring" | "dot", text: string): void {
    this.#text = text;
    this.#events.push(() => ({ fill, shape, text }));
  }
}
