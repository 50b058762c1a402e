/** The program of examples/fleet: jobs a second with one, two and four workers, CPU per job for each program, memory. See README.md. */
import type { Fleet } from "../test/fleet/fleet.js";
import type { Program } from "../test/fleet/program.js";
import { startRedis } from "../test/fleet/servers.js";
import { Minute } from "./fleet/minute.js";
import { withFleet } from "./fleet/start.js";
import { bench, type Check, check, table } from "./support/report.js";

const STEPS = [
  { workers: 1, min: 24 },
  { workers: 2, min: 48 },
  { workers: 4, min: 95 },
];
const MAX_CPU_MS = 6;
/** Half of what an earlier fleet made of flows needed. */
const MAX_MB = 333;

async function measure(fleet: Fleet): Promise<Check[]> {
  const rows: Record<string, Record<string, number>> = {};
  const checks: Check[] = [];
  for (const { workers, min } of STEPS) {
    while (fleet.workers.length < workers) await fleet.startWorker();
    const what = workers === 1 ? "1 worker" : `${workers} workers`;
    const { pace, cpu } = await measureMinute(fleet);
    const all = Object.values(cpu).reduce((sum, ms) => sum + ms, 0);
    const memory = programsOf(fleet).reduce((sum, [, program]) => sum + program.memory(), 0);
    rows[what] = { "jobs/s": pace, ...cpu, all, MB: memory };
    checks.push(check(`${what}: jobs a second`, pace, ">=", min));
    checks.push(check(`${what}: total CPU of a job, ms`, all, "<=", MAX_CPU_MS));
    if (workers === 2) checks.push(check(`${what}: total memory, MB`, memory, "<=", MAX_MB));
  }
  console.log("\nLive readings: jobs a second, CPU of a job in ms, total memory");
  table(rows);
  return checks;
}

/** CPU in ms per job for each program; workers count as one. */
async function measureMinute(fleet: Fleet): Promise<{ pace: number; cpu: Record<string, number> }> {
  const minute = await Minute.next(fleet);
  const before = programsOf(fleet).map(([, program]) => program.cpu());
  await minute.finished();
  const cpu: Record<string, number> = {};
  for (const [n, [who, program]] of programsOf(fleet).entries()) {
    cpu[who] = (cpu[who] ?? 0) + (program.cpu() - (before[n] ?? 0)) / minute.count;
  }
  return { pace: minute.pace(), cpu };
}

/** The simulator is not part of the fleet. */
function programsOf({ workers, store, influxdb }: Fleet): [string, Program][] {
  return [
    ...workers.map((each): [string, Program] => ["workers", each]),
    ...store.programs.map((each): [string, Program] => ["Redis", each]),
    ["InfluxDB", influxdb],
  ];
}

bench(() => withFleet(startRedis, (fleet) => fleet.startWorker(), measure));
