/**
 * Runs the network proofs in their own network namespace, so that their changes to interfaces always end with them.
 * Needs root, and the programs `unshare` and `ip`.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const mocha = fileURLToPath(new URL("../../../node_modules/mocha/bin/mocha.js", import.meta.url));
const proofs = fileURLToPath(new URL("*.proof.ts", import.meta.url));
const reporter = fileURLToPath(new URL("../../../scripts/mocha-reporter.cjs", import.meta.url));

const canIsolate = spawnSync("unshare", ["-n", "ip", "link", "set", "lo", "up"], { stdio: "ignore" }).status === 0;
if (!canIsolate) {
  console.log("Skipped: this needs root, and the programs unshare and ip, to make its own networks.");
  process.exit(0);
}
// Without the usual mocha settings, which hide every interface but loopback.
const options = ["--no-config", "--reporter", reporter, "--timeout", "60000", proofs];
const { status } = spawnSync("unshare", ["-n", process.execPath, "--import", "tsx", mocha, ...options], {
  stdio: "inherit",
});
process.exit(status ?? 1);
