/** What a trigger knows of each meter: kept in the node's context, so that a persistent store carries it over a restart. */
import { setTimeout as sleep } from "node:timers/promises";
import { KeptState, keptOf, RecentMap, restarted, type TriggerState } from "../../lib/internal.js";
import { messageOf } from "../shared/end-message.js";
import { propertyOf, textIn } from "./properties.js";
import { type KeepingNode, read, write } from "./store.js";

export interface MeterMemory {
  state: TriggerState;
  /** Of the last message: a loss of values has none of its own. */
  topic: string | undefined;
  cemm: unknown;
}

const MAX_METERS = 1000;
/** Between two writes where nothing was switched, ms: one for each sample would wear out a memory card. */
const WRITE_INTERVAL = 300_000;
/** A deploy does not wait longer for the last write, ms. */
const CLOSE_TIMEOUT = 100;

export class Memory {
  /** By uid and alias; the meter that was heard longest ago is forgotten first. */
  readonly meters = new RecentMap<MeterMemory>(MAX_METERS);
  #nextWrite: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  /** Since the write under way began. */
  #isChanged = false;
  #isFailing = false;
  #isClosed = false;

  constructor(private readonly node: KeepingNode) {}

  /** Reads what an earlier process kept; what cannot be used is forgotten. `now`: by the monotonic clock. */
  async load(now: number): Promise<void> {
    const kept = await read(this.node).catch((error) =>
      this.node.warn(`The state cannot be read: ${messageOf(error)}`),
    );
    if (typeof kept !== "object" || kept === null) return;
    for (const [key, meter] of Object.entries(kept)) {
      const { data } = KeptState.safeParse(propertyOf(meter, "state"));
      const [topic, cemm] = [textIn(meter, "topic") || undefined, propertyOf(meter, "cemm")];
      if (data) this.meters.set(key, { state: restarted(data, now), topic, cemm });
    }
  }

  /** `isSwitched`: it is written at once, else within a few minutes. */
  keep(key: string, meter: MeterMemory, isSwitched: boolean): void {
    this.meters.set(key, meter);
    if (isSwitched) this.#write();
    else this.#writeLater();
  }

  forget(key: string): void {
    this.meters.delete(key);
    this.#write();
  }

  forgetAll(): void {
    this.meters.clear();
    this.#write();
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    if (this.#nextWrite) this.#write();
    this.#isClosed = true;
    await Promise.race([this.#writing, sleep(CLOSE_TIMEOUT, undefined, { ref: false })]);
  }

  #writeLater(): void {
    if (!this.#isClosed) this.#nextWrite ??= setTimeout(() => this.#write(), WRITE_INTERVAL);
  }

  /** One at a time: what changes while a slow store writes goes with the next. */
  #write(): void {
    clearTimeout(this.#nextWrite);
    this.#nextWrite = undefined;
    this.#isChanged = this.#writing !== undefined;
    this.#writing ??= write(this.node, this.#kept()).then(
      () => this.#written(),
      (error) => this.#failed(error),
    );
  }

  #kept(): object {
    const meters = [...this.meters].map(([key, { state, topic, cemm }]) => [
      key,
      { state: keptOf(state), topic, cemm },
    ]);
    return Object.fromEntries(meters);
  }

  #written(): void {
    this.#writing = undefined;
    if (this.#isFailing) this.node.warn("The state is kept again.");
    this.#isFailing = false;
    if (this.#isChanged) this.#write();
  }

  /** Written again later: a disk may have room again, a store may be back. */
  #failed(error: unknown): void {
    this.#writing = undefined;
    if (!this.#isFailing) this.node.warn(`The state cannot be kept; a restart would lose it: ${messageOf(error)}`);
    this.#isFailing = true;
    this.#writeLater();
  }
}
