/** One order of jobs, until the last one is in the database, and what was seen of it meanwhile. */
import { setTimeout as pause } from "node:timers/promises";
import { type Fleet, unfinished, until } from "../../test/fleet/fleet.js";
import { type Event, repeatedOf } from "../../test/fleet/traffic.js";

/** How many jobs a worker has at a time, as the example has it. */
export const WINDOW = 24;

const PATIENCE_MS = 120_000;
/** The subscriber that watches is the last one to get a message. */
const LATEST_MS = 500;

export class Order {
  readonly jobs: readonly string[];
  readonly #fleet: Fleet;
  /** How many events came before it. */
  readonly #before: number;

  constructor(fleet: Fleet, jobs: readonly string[]) {
    this.jobs = jobs;
    this.#fleet = fleet;
    this.#before = fleet.traffic.events().length;
    fleet.traffic.order(jobs);
  }

  events(): readonly Event[] {
    return this.#fleet.traffic.events().slice(this.#before);
  }

  /** When jobs were ticked off; a worker's alone, where one is named. */
  done(worker?: string): number[] {
    const by = new Map<string, string | undefined>();
    const times: number[] = [];
    for (const { kind, job, worker: name, time } of this.events()) {
      if (kind === "job") by.set(job, name);
      if (kind === "done" && (worker === undefined || by.get(job) === worker)) times.push(time);
    }
    return times;
  }

  repeated(): Event[] {
    return repeatedOf(this.events());
  }

  /** Waits until such a share of the jobs is ticked off. */
  reached(share: number): Promise<void> {
    const count = share * this.jobs.length;
    return until(
      () => this.done().length >= count,
      PATIENCE_MS,
      () => `${this.done().length} of ${count} jobs are done`,
    );
  }

  /** Waits until nothing is left in the ledger. */
  async finished(): Promise<void> {
    await until(
      () => this.done().length > 0 && unfinished(this.#fleet) === 0,
      PATIENCE_MS,
      () => `${unfinished(this.#fleet)} jobs are left`,
    );
    await pause(LATEST_MS);
  }

  /** The longest time in which nothing was ticked off though jobs waited, from then on, s. */
  stall(from: number): number {
    const again = new Set(this.repeated());
    const last = this.events().findLast((event) => event.kind === "job" && !again.has(event))?.time ?? from;
    const times = [from, ...this.done().filter((time) => time > from)];
    const gaps = times.slice(1).map((time, n) => ({ began: times[n] ?? time, time }));
    return Math.max(...gaps.filter(({ began }) => began <= last).map(({ began, time }) => time - began)) / 1000;
  }

  /** How long until the last of those was ticked off that were open then, s. */
  recoveredAfter(from: number): number {
    const open = new Set<string>();
    let last = from;
    for (const { kind, job, time } of this.events()) {
      if (time <= from && kind === "job") open.add(job);
      if (kind !== "done" || !open.delete(job)) continue;
      if (time > from) last = time;
    }
    return (last - from) / 1000;
  }

  /** How long until a job was ticked off, s. */
  backAfter(from: number): number {
    return ((this.done().find((time) => time > from) ?? Number.POSITIVE_INFINITY) - from) / 1000;
  }
}

/** Jobs a second in that time. */
export function paceOf(times: readonly number[], from: number, to: number): number {
  return (times.filter((time) => time >= from && time < to).length * 1000) / (to - from);
}

/** What of those live readings is not in the database, and what is there more than once. */
export async function account(fleet: Fleet, jobs: readonly string[]): Promise<{ lost: number; doubled: number }> {
  const slots = jobs.map((job) => Number(job.split("/").at(-1)));
  const range = `time >= ${Math.min(...slots)}ms AND time <= ${Math.max(...slots)}ms`;
  const rows = await fleet.database.ask(`SELECT electric_power, uid FROM cemm WHERE kind = 'realtime' AND ${range}`);
  const written = new Set(rows.map(([time, , uid]) => `realtime/${uid}/p1/${time}`));
  return { lost: jobs.filter((job) => !written.has(job)).length, doubled: rows.length - written.size };
}

export function rounded(values: Record<string, number>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.toFixed(1)]));
}
