/** What a node says of itself below its name. Fixed texts are keys, which each editor shows in its own language. */
import type { Node, NodeAPI, NodeStatus, NodeStatusFill } from "node-red";
import { CemmError } from "../../lib/index.js";
import { StatusThrottle } from "./status-throttle.js";

const CATALOGUE = "node-red-contrib-cemm/cemm-device:status";

export class StatusLine {
  readonly #events: StatusThrottle<NodeStatus>;
  #text = "";
  /** In the runtime's language; looked up once, since that takes as long as the rest of a reading. */
  #stale: string | undefined;

  constructor(
    private readonly RED: NodeAPI,
    node: Node,
  ) {
    this.#events = new StatusThrottle((status) => node.status(status));
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

  /** A value that is too old to be taken for one of now says so. `text`: null where there is no value yet. */
  reading(text: string | null, isStale: boolean): void {
    if (text === null) return this.answered(`${CATALOGUE}.noValue`);
    if (!isStale) return this.answered(text);
    this.#stale ??= this.RED._(`${CATALOGUE}.stale`);
    this.answered(`${text} · ${this.#stale}`);
  }

  failed(error: unknown): void {
    this.#show("red", "ring", `${CATALOGUE}.${error instanceof CemmError ? error.code : "failed"}`);
  }

  stopped(): void {
    this.#show("grey", "ring", `${CATALOGUE}.stopped`);
  }

  /** A text with a number in it: in the runtime's language, since only fixed texts are translated in the editor. */
  count(key: "samples" | "found", count: number): string {
    return this.RED._(`${CATALOGUE}.${key}`, { count: String(count) });
  }

  /** Shows nothing more. */
  close(): void {
    this.#events.close();
  }

  /** Not again while it is on show: of many messages at once each would say so, and of one promise each look. */
  #showOnce(fill: NodeStatusFill, text: string): void {
    if (text !== this.#text) this.#show(fill, "ring", text);
  }

  #show(fill: NodeStatusFill, shape: "ring" | "dot", text: string): void {
    this.#text = text;
    this.#events.push({ fill, shape, text });
  }
}
