/**
 * The program of examples/fleet while parts of it die: `npm run bench:faults`, and needs root. The cluster wants a
 * network namespace with addresses and links of its own, by the programs `unshare` and `ip`. See README.md.
 */
import { spawnSync } from "node:child_process";
import { clusterChecks } from "./fleet/cluster.js";
import { faultChecks } from "./fleet/faults.js";
import { bench } from "./support/report.js";

if (process.env.CEMM_BENCH_APART) bench(async () => [...(await faultChecks()), ...(await clusterChecks())]);
else {
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const { status } = spawnSync("unshare", ["--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", ...again], {
    stdio: "inherit",
    env: { ...process.env, CEMM_BENCH_APART: "1" },
  });
  process.exitCode = status ?? 1;
}
