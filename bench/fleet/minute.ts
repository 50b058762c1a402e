/** The live readings of one minute, from when their jobs are added until the last is done. */
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { QueueEvents } from "bullmq";
import { type Fleet, until } from "../../test/fleet/fleet.js";

const MINUTE = 60_000;
/** A minute's jobs are added during it, and expire after the next one. */
const PATIENCE_MS = 2 * MINUTE;

export class Minute {
  /** For each job: when it was first done, epoch ms; `again`: another worker had started it. */
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
      // A Redis that takes over may not know that a job is done, so that it is done twice.
      if (!isMine(jobId) || this.#done.has(jobId)) return;
      this.#done.set(jobId, { time: Number(id.split("-")[0]), again: this.#stalled.has(jobId) });
    });
  }

  /** Resolves with the next minute once its first job has started. */
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

  /** Waits until this share of the jobs is done. */
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

  /** The longest time after `from` in which no job was done, s, without the jobs of a dead worker. */
  stall(from: number): number {
    const times = this.done.filter(({ again, time }) => !again && time > from).map(({ time }) => time);
    const gaps = times.map((time, n) => time - (times[n - 1] ?? from));
    return Math.max(0, ...gaps) / 1000;
  }

  /** How long it took until the last job of a dead worker was done, s. */
  handedOn(from: number): number {
    return Math.max(0, ...this.done.filter(({ again }) => again).map(({ time }) => time - from)) / 1000;
  }

  /** Jobs a second, without the start and the end, when not all workers are busy. */
  pace(): number {
    const times = this.done.map(({ time }) => time);
    const [from, to] = [Math.floor(times.length * 0.1), Math.floor(times.length * 0.9)];
    return ((to - from) * 1000) / ((times[to] ?? 0) - (times[from] ?? 0));
  }

  /** How many readings are missing from the database, and how many are there more than once. */
  async account(): Promise<{ lost: number; doubled: number }> {
    const where = `kind = 'realtime' AND time = ${this.time}ms`;
    const rows = await this.#fleet.database.ask(`SELECT electric_power, uid FROM cemm WHERE ${where}`);
    const uids = new Set(rows.map(([, , uid]) => uid));
    return { lost: this.count - uids.size, doubled: rows.length - uids.size };
  }
}
