/** What a node says of itself below its name. Fixed texts are keys, which each editor shows in its own language. */
import type { Node, NodeAPI, NodeStatusFill } from "node-red";
import { type Answer, CemmError, type Sample } from "../../lib/index.js";

const CATALOGUE = "node-red-contrib-cemm/cemm-device:status";

export class StatusLine {
  constructor(
    private readonly RED: NodeAPI,
    private readonly node: Node,
  ) {}

  asking(): void {
    this.#show("blue", "ring", `${CATALOGUE}.asking`);
  }

  promised(): void {
    this.#show("yellow", "ring", `${CATALOGUE}.promised`);
  }

  progress(done: number, of: number): void {
    this.#show("blue", "ring", `${done}/${of}`);
  }

  answered(text: string): void {
    this.#show("green", "dot", text);
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

  #show(fill: NodeStatusFill, shape: "ring" | "dot", text: string): void {
    this.node.status({ fill, shape, text });
  }
}

/** The channels that say most, in this order. */
const TELLING = ["electric_power", "flow", "t1", "electric_energy", "gas", "volume"];

/** The reading in a few characters: `193 W`. */
export function readingText({ channels }: Answer): string {
  const known = TELLING.filter((name) => newest(channels[name]?.samples) !== null);
  const name = known[0] ?? Object.keys(channels).find((name) => newest(channels[name]?.samples) !== null);
  const channel = name === undefined ? undefined : channels[name];
  const value = newest(channel?.samples);
  return value === null ? "–" : `${Math.round(value * 1000) / 1000}${channel?.unit ? ` ${channel.unit}` : ` ${name}`}`;
}

function newest(samples: Sample[] | undefined): number | null {
  return samples?.at(-1)?.value ?? null;
}
