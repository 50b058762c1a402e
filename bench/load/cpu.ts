/** What Node-RED takes of a processor with this package's nodes: where none asks, and where twenty poll each second. */
import { resolve } from "node:path";
import { inOwnProcess } from "../support/own-process.js";
import { type Check, check } from "../support/report.js";
import { startServer } from "../support/start-server.js";
import { Seen } from "./run.js";

export async function cpuChecks(): Promise<Check[]> {
  const { hosts, stop } = await startServer();
  const seen = await inOwnProcess(resolve(__dirname, "run.ts"), { hosts }, Seen);
  stop();
  if (!seen) throw new Error("Node-RED did not come to its end.");
  const percent = (share: number) => Number((share * 100).toFixed(2));
  console.log("\nShares of one processor, %");
  console.table({
    "ten nodes that do not ask": percent(seen.idle),
    "twenty nodes that poll each second": percent(seen.polling),
    "undici alone, twenty requests a second": percent(seen.undici),
  });
  return [
    check("ten nodes that do not ask: % of a processor", seen.idle * 100, "<=", 0.1),
    check("twenty nodes that poll each second: CPU to undici's", seen.ratio, "<=", 1.5),
  ];
}
