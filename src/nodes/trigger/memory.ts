/** What a trigger knows of each meter: kept in the node's context, so that a persistent store carries it over a restart. */
import type { Node } from "node-red";
import { restarted, TriggerState } from "../../lib/index.js";
import { propertyOf } from "./properties.js";

export interface MeterMemory {
  state: TriggerState;
  /** Of the last message: a loss of values has none of its own. */
  topic: string | undefined;
  cemm: unknown;
}

/** The one key in the context; a uid would not do as a name there. */
const KEY = "meters";

export class Memory {
  /** By uid and alias: the very object that the context holds. */
  readonly meters: Record<string, MeterMemory> = {};

  #isWriting = false;
  #isChanged = false;

  constructor(private readonly node: Node) {}

  /** Reads what an earlier run kept; what cannot be used is forgotten. Asynchronous: some stores have no other way. */
  async load(now: number): Promise<void> {
    const kept = await this.#read();
    if (typeof kept !== "object" || kept === null) return;
    for (const [key, meter] of Object.entries(kept)) {
      const { data } = TriggerState.safeParse(propertyOf(meter, "state"));
      const [topic, cemm] = [propertyOf(meter, "topic"), propertyOf(meter, "cemm")];
      if (data) this.meters[key] = { state: restarted(data, now), topic: textOf(topic), cemm };
    }
  }

  keep(key: string, meter: MeterMemory): void {
    this.meters[key] = meter;
    this.#write();
  }

  forget(): void {
    for (const key of Object.keys(this.meters)) delete this.meters[key];
    this.#write();
  }

  #read(): Promise<unknown> {
    return new Promise((resolve) => {
      this.node.context().get(KEY, (error, value) => {
        if (error) this.node.warn(`What was kept cannot be read: ${error.message}`);
        resolve(value);
      });
    });
  }

  /** One at a time: what changes while a slow store writes goes with the next. */
  #write(): void {
    this.#isChanged = true;
    if (this.#isWriting) return;
    this.#isWriting = true;
    this.#isChanged = false;
    this.node.context().set(KEY, this.meters, (error) => {
      this.#isWriting = false;
      if (error) this.node.warn(`The state cannot be kept: ${error.message}`);
      else if (this.#isChanged) this.#write();
    });
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
