/** What the package costs a Node-RED: at its start, with nodes that do not ask, and with nodes that poll. See README.md. */
import { cpuChecks } from "./load/cpu.js";
import { startupChecks } from "./load/startup.js";
import { finish } from "./support/report.js";

async function main(): Promise<void> {
  finish([...(await startupChecks()), ...(await cpuChecks())]);
}

void main();
