/** Two workers; after a third of a minute's readings something is killed or hangs. Measures the losses and the downtime. */
import { setTimeout as pause } from "node:timers/promises";
import type { Fleet } from "../../test/fleet/fleet.js";
import type { Program } from "../../test/fleet/program.js";
import { type Store, startRedis } from "../../test/fleet/servers.js";
import { type Check, check, table } from "../support/report.js";
import { Minute } from "./minute.js";
import { withFleet } from "./start.js";

export interface Fault<S extends Store> {
  name: string;
  happens: (fleet: Fleet<S>) => Promise<unknown>;
  /** Nothing can be done during the fault: downtime counts from its end. */
  stopsAll?: true;
  /** Maximum downtime, s; default: 10. */
  maxStall?: number;
}

const AWAY_MS = 20_000;
/** Limit for a dead worker's jobs, s: its lock of 10 s, a check for such jobs every second, and the job itself. */
const MAX_HANDED_ON = 15;

async function away(program: Program | undefined, ms = 0): Promise<void> {
  await program?.kill();
  await pause(ms);
  await program?.begin();
}

const FAULTS: Fault<Store>[] = [
  { name: "worker killed", happens: ({ workers: [, victim] }) => away(victim, 3000) },
  { name: "worker stopped for 20 s", happens: async ({ workers: [, victim] }) => victim?.freeze(AWAY_MS) },
  { name: "Redis killed, its file kept", happens: ({ store }) => away(store.programs[0]) },
  { name: "cloud down for 20 s", happens: ({ cemms }) => away(cemms.program, AWAY_MS), stopsAll: true },
  { name: "database down for 20 s", happens: ({ influxdb }) => away(influxdb, AWAY_MS), stopsAll: true },
];

export function faultChecks(): Promise<Check[]> {
  const startWorkers = async (fleet: Fleet) => {
    for (let n = 0; n < 2; n++) await fleet.startWorker();
  };
  return withFleet(startRedis, startWorkers, (fleet) => during(fleet, FAULTS));
}

export async function during<S extends Store>(fleet: Fleet<S>, faults: readonly Fault<S>[]): Promise<Check[]> {
  const rows: Record<string, Record<string, number>> = {};
  const checks: Check[] = [];
  for (const { name, happens, stopsAll, maxStall = 10 } of faults) {
    const minute = await Minute.next(fleet);
    await minute.reached(1 / 3);
    const began = Date.now();
    await happens(fleet);
    const from = stopsAll ? Date.now() : began;
    await minute.finished();
    const { lost, doubled } = await minute.account();
    const [stall, handedOn] = [minute.stall(from), minute.handedOn(from)];
    rows[name] = { stall, "handed on after": handedOn, lost, doubled };
    checks.push(
      check(`${name}: lost`, lost, "<=", 0),
      check(`${name}: written twice`, doubled, "<=", 0),
      check(`${name}: downtime, s`, stall, "<=", maxStall),
      check(`${name}: time until a dead worker's jobs were done, s`, handedOn, "<=", MAX_HANDED_ON),
    );
  }
  console.log("\nTwo workers, with a fault after a third of a minute's readings; times in s");
  table(rows);
  return checks;
}
