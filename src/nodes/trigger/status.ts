/** What a trigger shows below its name: `off · -820 W · on in 3 min`. */
import type { Node, NodeAPI, NodeStatus } from "node-red";
import { CemmError, type Decision, pending, type TriggerRule } from "../../lib/index.js";
import { StatusThrottle } from "../shared/status-throttle.js";

const CATALOGUE = "node-red-contrib-cemm/cemm-trigger:status";
const ERRORS = "node-red-contrib-cemm/cemm-device:status";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export class TriggerStatus {
  /** Of many values few are shown: only those are put into words. */
  readonly #events: StatusThrottle<() => NodeStatus>;

  constructor(
    private readonly RED: NodeAPI,
    node: Node,
  ) {
    this.#events = new StatusThrottle((status) => node.status(status()));
  }

  /** `now`: this machine's clock, where no value came. */
  decided(rule: TriggerRule, decision: Decision, now: number, unit = ""): void {
    this.#events.push(() => {
      const text = this.#words(rule, decision, now, unit);
      return { fill: decision.state.state === "on" ? "green" : "grey", shape: "dot", text };
    });
  }

  failed(error: unknown): void {
    const text = `${ERRORS}.${error instanceof CemmError ? error.code : "failed"}`;
    this.#events.push(() => ({ fill: "red", shape: "ring", text }));
  }

  /** Nothing is known. */
  forgot(): void {
    this.#events.push(() => ({}));
  }

  close(): void {
    this.#events.close();
  }

  #words(rule: TriggerRule, { state, value }: Decision, now: number, unit: string): string {
    const said = value === null ? this.#text("noValue") : `${Math.round(value * 10) / 10}${unit && ` ${unit}`}`;
    const words = [this.#text(state.state), said];
    const wait = pending(rule, state, now);
    if (wait) words.push(this.#text(`${wait.state}In`, duration(wait.ms)));
    return words.join(" · ");
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
