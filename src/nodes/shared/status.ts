/** What a node says of itself below its name. Fixed texts are keys, which each editor shows in its own language. */
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

  /** A value that is too old to be taken for one of now says so. Undefined: there is no value yet. */
  reading(reading: { text: string; stale: boolean } | undefined): void {
    if (!reading) this.answered(`${CATALOGUE}.noValue`);
    else this.answered(reading.stale ? `${reading.text} · ${this.#staleWord()}` : reading.text);
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

  /** Of many values few are shown: only those are put into words. */
  value(status: () => NodeStatus): void {
    this.#text = "";
    this.#events.push(status);
  }

  /** Nothing is known. */
  clear(): void {
    this.value(() => ({}));
  }

  /** Shows nothing more. */
  close(): void {
    this.#events.close();
  }

  /** Looked up once: that takes a tenth of what a whole reading does. */
  #staleWord(): string {
    this.#stale ??= this.RED._(`${CATALOGUE}.stale`);
    return this.#stale;
  }

  /** Not again while it is on show: of many messages at once each would say so, and of one promise each look. */
  #showOnce(fill: NodeStatusFill, text: string): void {
    if (text !== this.#text) this.#show(fill, "ring", text);
  }

  #show(fill: NodeStatusFill, shape: "ring" | "dot", text: string): void {
    this.#text = text;
    this.#events.push(() => ({ fill, shape, text }));
  }
}
