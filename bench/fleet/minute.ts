/** The live readings of one minute, from their order until the last one is done, and what was seen of them. */
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { QueueEvents } from "bullmq";
import { type Fleet, until } from "../../test/fleet/fleet.js";

const MINUTE = 60_000;
/** A minute's readings are ordered in it; nothing is asked after the next one. */
const PATIENCE_MS = 2 * MINUTE;

export class Minute {
  /** By job: when it was first done, epoch ms; `again`: another worker had it before. */
  readonly #done = new Map<string, { time: number; again: boolean }>();
  readonly #fleet: Fleet;
  readonly #events: QueueEvents;
  readonly #stalled = new Set<string>();
  /** Epoch ms. */
  readonly time: number;

  private constructor(fleet: Fleet, events: QueueEvents, time: number) {
    this.#fleet = fleet;
    this.#events = events;
    this.time = time;
    const isMine = (job: string) => job.startsWith("live/") && job.endsWith(`/${time}`);
    events.on("stalled", ({ jobId }) => this.#stalled.add(jobId));
    events.on("completed", ({ jobId }, id) => {
      // A Redis that takes over may not know that a job is done: then it is done twice.
      if (!isMine(jobId) || this.#done.has(jobId)) return;
      this.#done.set(jobId, { time: Number(id.split("-")[0]), again: this.#stalled.has(jobId) });
    });
  }

  /** The next one, once its readings are ordered. */
  static async next(fleet: Fleet): Promise<Minute> {
    const events = new QueueEvents("cemm", { connection: { ...fleet.store.connection, maxRetriesPerRequest: null } });
    events.on("error", () => {});
    await events.waitUntilReady();
    const time = (Math.floor(Date.now() / MINUTE) + 1) * MINUTE;
    await pause(time - Date.now());
    const minute = new Minute(fleet, events, time);
    await once(events, "active", { signal: AbortSignal.timeout(PATIENCE_MS) });
    return minute;
  }

  get done(): { time: number; again: boolean }[] {
    return [...this.#done.values()];
  }

  get count(): number {
    return this.#fleet.cemms.uids.length;
  }

  /** Waits until such a share of them is done. */
  reached(share: number): Promise<void> {
    return until(
      () => `${this.#done.size} of ${this.count} are done`,
      PATIENCE_MS,
      () => this.#done.size >= share * this.count,
    );
  }

  async finished(): Promise<void> {
    await this.reached(1);
    await this.#events.close();
  }

  /** The longest time from then on in which nothing was done, s; but for what a worker held that died. */
  stall(from: number): number {
    const times = this.done.filter(({ again, time }) => !again && time > from).map(({ time }) => time);
    const gaps = times.map((time, n) => time - (times[n - 1] ?? from));
    return Math.max(0, ...gaps) / 1000;
  }

  /** How long until the last of those was done that a dead worker held, s. */
  handedOn(from: number): number {
    return Math.max(0, ...this.done.filter(({ again }) => again).map(({ time }) => time - from)) / 1000;
  }

  /** Jobs a second, without the start and the end, where not all have something to do. */
  pace(): number {
    const times = this.done.map(({ time }) => time);
    const [from, to] = [Math.floor(times.length * 0.1), Math.floor(times.length * 0.9)];
    return ((to - from) * 1000) / ((times[to] ?? 0) - (times[from] ?? 0));
  }

  /** What of it is not in the database, and what is there more than once. */
  async account(): Promise<{ lost: number; doubled: number }> {
    const where = `kind = 'realtime' AND time = ${this.time}ms`;
    const rows = await this.#fleet.database.ask(`SELECT electric_power, uid FROM cemm WHERE ${where}`);
    const uids = new Set(rows.map(([, , uid]) => uid));
    return { lost: this.count - uids.size, doubled: rows.length - uids.size };
  }
}
