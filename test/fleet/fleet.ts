/** A whole fleet on this machine: simulated CEMMs, broker, database, and a Node-RED each for dispatcher, collector and workers. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { type Member, startMember } from "./member.js";
import type { Program } from "./program.js";
import { type Cemms, type Database, startBroker, startCemms, startDatabase } from "./servers.js";
import { Traffic } from "./traffic.js";

export interface FleetOptions {
  workers: number;
  /** The broker asks who everyone is. */
  isGuarded?: boolean;
  /** What the simulator is told. */
  cemms: string[];
  /** The dispatcher's variables. */
  tab: Record<string, number | string>;
}

export interface Fleet {
  cemms: Cemms;
  broker: Program;
  database: Database;
  traffic: Traffic;
  dispatcher: Member;
  collector: Program;
  workers: Program[];
  /** Starts one more worker. */
  hire(): Promise<void>;
  ordered: { minutes: number };
  /** All of them, to be measured. */
  programs: Program[];
  stop(): Promise<void>;
}

const MINUTE = 60_000;
/** Readings are kept at the time of their order, whatever that is. */
const DAY = Date.UTC(2026, 0, 1);

export async function startFleet({ workers: count, cemms: args, tab, isGuarded }: FleetOptions): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), "cemm-fleet-"));
  const programs: Program[] = [];
  const stop = async () => {
    await Promise.all(programs.map((program) => program.kill()));
    rmSync(folder, { recursive: true, force: true });
  };
  const keep = <T extends Program>(program: T): T => {
    programs.push(program);
    return program;
  };
  try {
    const cemms = await startCemms(args);
    keep(cemms.program);
    const broker = await startBroker(join(folder, "broker"), isGuarded);
    keep(broker.program);
    const { port: databasePort, database } = await startDatabase(join(folder, "database"));
    keep(database.program);
    const traffic = await Traffic.start(broker);
    keep(traffic.program);
    const places = { broker, databasePort, cloud: cemms.addresses.cloud };
    const member = async (name: string, example: string, more = {}) =>
      keep(await startMember({ name, example, folder, places, ...more }));
    const collector = await member("collector", "3 Collector");
    const dispatcher = await member("dispatcher", "1 Dispatcher", {
      tab,
      nodes: { "dispatcher-tick": { repeat: "1", once: true } },
    });
    const workers: Program[] = [];
    const hire = async () => {
      const name = `w${workers.length + 1}`;
      workers.push(await member(name, "2 Worker", { env: { CEMM_WORKER: name } }));
    };
    while (workers.length < count) await hire();
    return {
      cemms,
      broker: broker.program,
      database,
      traffic,
      dispatcher,
      collector,
      workers,
      hire,
      programs,
      stop,
      ordered: { minutes: 0 },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A live reading of each CEMM at each of so many minutes, which nobody ordered before. */
export function liveJobs({ cemms, ordered }: Fleet, minutes: number, uids: readonly string[] = cemms.uids): string[] {
  const slots = Array.from({ length: minutes }, () => DAY + MINUTE * ordered.minutes++);
  return slots.flatMap((slot) => uids.map((uid) => `realtime/${uid}/p1/${slot}`));
}

const Ledger = z.object({ ledger: z.object({ todo: z.array(z.unknown()), open: z.record(z.string(), z.unknown()) }) });

/** How many jobs are neither done nor given up. */
export function unfinished({ dispatcher }: Fleet): number {
  const { todo, open } = dispatcher.kept(Ledger, "dispatcher-flow").ledger;
  return todo.length + Object.keys(open).length;
}

/** Waits until so many different jobs are ticked off. */
export function ticked({ traffic }: Fleet, count: number, ms: number): Promise<void> {
  return until(
    () => traffic.done() >= count,
    ms,
    () => `${traffic.done()} of ${count} jobs are done`,
  );
}

export async function until(holds: () => boolean | Promise<boolean>, ms: number, what: () => string): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `${what()} after ${ms} ms`);
    await pause(50);
  }
}
