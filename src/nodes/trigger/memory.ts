/** The state of each meter: stored in the node's context, so that it survives a restart with a persistent store. */
import { setTimeout as sleep } from "node:timers/promises";
import { KeptState, keptOf, RecentMap, restarted, type TriggerState } from "../../lib/internal.js";
import { messageOf } from "../shared/problem.js";
import { propertyOf, textIn } from "./properties.js";
import { type KeepingNode, read, write } from "./store.js";

export interface MeterMemory {
  state: TriggerState;
  /** From the last message, because a loss of values has no message of its own. */
  topic: string | undefined;
  cemm: unknown;
}

const MAX_METERS = 1000;
/** Time between two writes without switching, ms: a write for each sample would wear out an SD card. */
const WRITE_INTERVAL = 300_000;
/** How long a deploy waits for the last write, ms. */
const CLOSE_TIMEOUT = 100;

export class Memory {
  /** By uid and alias; the meter without a message for the longest time is dropped first. */
  readonly meters = new RecentMap<MeterMemory>(MAX_METERS);
  #nextWrite: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  /** Whether it has changed since the running write began. */
  #isChanged = false;
  #isFailing = false;
  #isClosed = false;

  constructor(private readonly node: KeepingNode) {}

  /** Reads the stored states of an earlier process, without invalid ones. `now`: by the monotonic clock. */
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

  /** `isSwitched`: it is written immediately, else within a few minutes. */
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

  async close(): Promise<void> {
    if (this.#nextWrite) this.#write();
    this.#isClosed = true;
    await Promise.race([this.#writing, sleep(CLOSE_TIMEOUT, undefined, { ref: false })]);
  }

  #writeLater(): void {
    if (!this.#isClosed) this.#nextWrite ??= setTimeout(() => this.#write(), WRITE_INTERVAL);
  }

  /** One write at a time: changes during a slow write go with the next one. */
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

  /** Retries later: the disk may have space again, the store may be back. */
  #failed(error: unknown): void {
    this.#writing = undefined;
    if (!this.#isFailing) this.node.warn(`The state cannot be kept; a restart would lose it: ${messageOf(error)}`);
    this.#isFailing = true;
    this.#writeLater();
  }
}
