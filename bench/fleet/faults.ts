/** Two workers; after a third of a minute's readings something dies or hangs. Measures the losses and the downtime. */
import { setTimeout as pause } from "node:timers/promises";
import { type Fleet, startFleet } from "../../test/fleet/fleet.js";
import type { Program } from "../../test/fleet/program.js";
import type { Store } from "../../test/fleet/servers.js";
import { rounded } from "../support/measure.js";
import { type Check, check } from "../support/report.js";
import { Minute } from "./minute.js";
import { CEMMS, ENV } from "./start.js";

export interface Fault<S extends Store> {
  name: string;
  /** Resolves with the time at which work could continue, epoch ms. */
  happens: (fleet: Fleet<S>) => Promise<number>;
  /** Maximum downtime after that, s. */
  maxStall: number;
}

const AWAY_MS = 20_000;
const MAX_STALL = 10;
/** A dead worker's jobs: its lock of 10 s, then the next look for such jobs, which is made each 5 s, twice. */
const MAX_HANDED_ON = 20;

/** Kills a program and starts it again; when it was back. */
const away = async (program: Program | undefined, ms = 0) => {
  await program?.kill();
  await pause(ms);
  await program?.begin();
  return Date.now();
};

const FAULTS: Fault<Store>[] = [
  {
    name: "worker killed",
    async happens({ workers: [, victim] }) {
      const at = Date.now();
      await away(victim, 3000);
      return at;
    },
    maxStall: MAX_STALL,
  },
  {
    name: "worker stopped for 20 s",
    async happens({ workers: [, victim] }) {
      const at = Date.now();
      await victim?.freeze(AWAY_MS);
      return at;
    },
    maxStall: MAX_STALL,
  },
  {
    name: "Redis killed, its file kept",
    async happens({ store }) {
      const at = Date.now();
      await away(store.programs[0]);
      return at;
    },
    maxStall: MAX_STALL,
  },
  { name: "cloud away for 20 s", happens: ({ cemms }) => away(cemms.program, AWAY_MS), maxStall: MAX_STALL },
  { name: "database away for 20 s", happens: ({ influxdb }) => away(influxdb, AWAY_MS), maxStall: MAX_STALL },
];

export async function faultChecks(): Promise<Check[]> {
  const fleet = await startFleet({ cemms: CEMMS, env: ENV });
  try {
    for (let n = 0; n < 2; n++) await fleet.startWorker();
    return await during(fleet, FAULTS);
  } finally {
    await fleet.stop();
  }
}

export async function during<S extends Store>(fleet: Fleet<S>, faults: readonly Fault<S>[]): Promise<Check[]> {
  // The simulator calculates its households on the first request.
  await (await Minute.next(fleet)).finished();
  const table: Record<string, object> = {};
  const checks: Check[] = [];
  for (const { name, happens, maxStall } of faults) {
    const minute = await Minute.next(fleet);
    await minute.reached(1 / 3);
    const from = await happens(fleet);
    await minute.finished();
    const { lost, doubled } = await minute.account();
    const [stall, handedOn] = [minute.stall(from), minute.handedOn(from)];
    table[name] = { ...rounded({ stall, "handed on after": handedOn }), lost, doubled };
    checks.push(
      check(`${name}: lost`, lost, "<=", 0),
      check(`${name}: doubled in the database`, doubled, "<=", 0),
      check(`${name}: s in which nothing was done`, stall, "<=", maxStall),
      check(`${name}: s until a dead worker's jobs were done`, handedOn, "<=", MAX_HANDED_ON + maxStall - MAX_STALL),
    );
  }
  console.log("\nTwo workers, and what happens at a third of a minute's readings; times in s");
  console.table(table);
  return checks;
}
