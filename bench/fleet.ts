/**
 * The program of examples/fleet with 1,000 CEMMs: its throughput, the cost of a job, and its behaviour while parts of
 * it die.
 * `npm run bench:fleet`, or a part of it: `npx tsx bench/fleet.ts pace`, `faults` or `cluster`. See README.md.
 */
import { spawnSync } from "node:child_process";
import { clusterChecks } from "./fleet/cluster.js";
import { faultChecks } from "./fleet/faults.js";
import { paceChecks } from "./fleet/pace.js";
import { type Check, finish } from "./support/report.js";

const PARTS: Record<string, () => Promise<Check[]>> = {
  pace: paceChecks,
  faults: faultChecks,
  cluster: clusterChecks,
};

async function main(): Promise<void> {
  const checks: Check[] = [];
  for (const [name, part] of Object.entries(PARTS)) {
    if (process.argv[2] === undefined || process.argv[2] === name) checks.push(...(await part()));
  }
  finish(checks);
}

/**
 * In its own network namespace, with the addresses and links of the cluster. Needs root, and the programs `unshare` and
 * `ip`.
 */
function apart(): void {
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const { status } = spawnSync("unshare", ["--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", ...again], {
    stdio: "inherit",
    env: { ...process.env, CEMM_BENCH_APART: "1" },
  });
  process.exitCode = status ?? 1;
}

if (process.env.CEMM_BENCH_APART) {
  main().then(
    () => process.exit(),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
} else apart();
