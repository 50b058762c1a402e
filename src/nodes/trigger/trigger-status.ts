/** What a trigger shows below its name: `off · -820 W · on in 3 min`. */
import type { Node, NodeAPI, NodeStatus } from "node-red";
import { CemmError, type Decision, pending, type TriggerRule } from "../../lib/index.js";

const CATALOGUE = "node-red-contrib-cemm/cemm-trigger:status";
const ERRORS = "node-red-contrib-cemm/cemm-device:status";
/** Four a second: every editor that is open gets each of them. */
const LEAST_INTERVAL = 250;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export class TriggerStatus {
  #shown = "";
  #next: NodeStatus | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly RED: NodeAPI,
    private readonly node: Node,
  ) {}

  decided(rule: TriggerRule, { state, value }: Decision, now: number, unit = ""): void {
    const wait = pending(rule, state, now);
    const said = value === null ? this.#text("noValue") : `${Math.round(value * 10) / 10}${unit && ` ${unit}`}`;
    const parts = [this.#text(state.state), said];
    if (wait) parts.push(this.#text(`${wait.state}In`, duration(wait.ms)));
    this.show({ fill: state.state === "on" ? "green" : "grey", shape: "dot", text: parts.join(" · ") });
  }

  failed(error: unknown): void {
    const text = `${ERRORS}.${error instanceof CemmError ? error.code : "failed"}`;
    this.show({ fill: "red", shape: "ring", text });
  }

  /** At most four times a second: the last of those that come faster is shown a little later. */
  show(status: NodeStatus): void {
    this.#next = status;
    if (this.#timer === undefined) this.#flush();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#next = undefined;
  }

  #flush(): void {
    this.#timer = undefined;
    const next = this.#next;
    this.#next = undefined;
    if (!next) return;
    const text = JSON.stringify(next);
    if (text === this.#shown) return;
    this.#shown = text;
    this.node.status(next);
    this.#timer = setTimeout(() => this.#flush(), LEAST_INTERVAL);
  }

  /** In the runtime's language: the editor translates only texts without values in them. */
  #text(key: "on" | "off" | "noValue" | "onIn" | "offIn", time = ""): string {
    return this.RED._(`${CATALOGUE}.${key}`, { time });
  }
}

/** As long as it takes, rounded up: `45 s`, `3 min`, `2 h`. */
function duration(ms: number): string {
  if (ms < MINUTE) return `${Math.ceil(ms / 1000)} s`;
  return ms < 2 * HOUR ? `${Math.ceil(ms / MINUTE)} min` : `${Math.ceil(ms / HOUR)} h`;
}
