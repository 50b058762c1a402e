/** How many jobs a second one, two and four workers do, and what a job costs whom. */
import { type Fleet, liveJobs } from "../../test/fleet/fleet.js";
import type { Program } from "../../test/fleet/program.js";
import { type Check, check } from "../support/report.js";
import { Order, paceOf, rounded } from "./order.js";

const STEPS = [
  { workers: 1, minutes: 1, least: 15 },
  { workers: 2, minutes: 1, least: 30 },
  { workers: 4, minutes: 2, least: 55 },
];
const MOST_CPU_MS = 12;

interface Pace {
  jobsPerSecond: number;
  /** CPU time of a job, ms, by who spent it; workers together. */
  cpu: Record<string, number>;
}

export async function paceChecks(fleet: Fleet): Promise<Check[]> {
  const table: Record<string, object> = {};
  const checks: Check[] = [];
  for (const { workers, minutes, least } of STEPS) {
    while (fleet.workers.length < workers) await fleet.hire();
    const { jobsPerSecond, cpu } = await pace(fleet, minutes);
    const all = Object.values(cpu).reduce((sum, ms) => sum + ms, 0);
    const what = workers === 1 ? "1 worker" : `${workers} workers`;
    table[what] = { "jobs/s": jobsPerSecond.toFixed(1), ...rounded(cpu), all: all.toFixed(1) };
    checks.push(check(`${what}: jobs a second`, jobsPerSecond, ">=", least));
    checks.push(check(`${what}: CPU of a job in all, ms`, all, "<=", MOST_CPU_MS));
  }
  console.log("\nLive readings: jobs a second, and CPU of a job in ms");
  console.table(table);
  console.log("The most memory, MB");
  console.table(Object.fromEntries(membersOf(fleet).map((each) => [each.name, { MB: Math.round(each.memory()) }])));
  return checks;
}

async function pace(fleet: Fleet, minutes: number): Promise<Pace> {
  const members = membersOf(fleet);
  const before = members.map((each) => each.cpu());
  const order = new Order(fleet, liveJobs(fleet, minutes));
  await order.finished();
  const cpu: Record<string, number> = {};
  for (const [n, each] of members.entries()) {
    const who = fleet.workers.includes(each) ? "workers" : each.name;
    cpu[who] = (cpu[who] ?? 0) + (each.cpu() - (before[n] ?? 0)) / order.jobs.length;
  }
  // Neither the start nor the end, where not all have something to do.
  const times = order.done();
  const [from = 0, to = 0] = [times[Math.floor(times.length * 0.1)], times[Math.floor(times.length * 0.9)]];
  return { jobsPerSecond: paceOf(times, from, to), cpu };
}

/** Who is part of the fleet: neither the simulator nor who watches. */
function membersOf({ dispatcher, workers, collector, broker, database }: Fleet): Program[] {
  return [dispatcher, ...workers, collector, broker, database.program];
}
