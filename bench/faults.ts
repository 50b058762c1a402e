/**
 * The program of examples/fleet while parts of it fail: `npm run bench:faults`, as root. The cluster needs a
 * network namespace with its own addresses and links, made with the programs `unshare` and `ip`. See README.md.
 */
import { spawnSync } from "node:child_process";
import { clusterChecks } from "./fleet/cluster.js";
import { faultChecks } from "./fleet/faults.js";
import { bench } from "./support/report.js";

if (process.env.CEMM_BENCH_ISOLATED) bench(async () => [...(await faultChecks()), ...(await clusterChecks())]);
else {
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const { status } = spawnSync("unshare", ["--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", ...again], {
    stdio: "inherit",
    env: { ...process.env, CEMM_BENCH_ISOLATED: "1" },
  });
  process.exitCode = status ?? 1;
}
