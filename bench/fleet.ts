/** The examples of a fleet with 1,000 CEMMs: its pace, what a job costs, and what happens while one of it dies. See README.md. */
import { setTimeout as pause } from "node:timers/promises";
import { type Fleet, liveJobs, startFleet } from "../test/fleet/fleet.js";
import { backfillChecks } from "./fleet/backfill.js";
import { faultChecks } from "./fleet/faults.js";
import { Order } from "./fleet/order.js";
import { paceChecks } from "./fleet/pace.js";
import { finish } from "./support/report.js";

/** 100 ms away; half of the answers are promised for a second. */
const CEMMS = ["--devices", "1000", "--latency", "100", "--promise", "1000:0.5"];
/** The example's rate is there to spare a cloud. */
const TAB = { RATE: 1000 };

/** The simulator works out its households when they are asked for the first time. */
async function warmUp(fleet: Fleet): Promise<void> {
  await new Order(fleet, liveJobs(fleet, 1, fleet.cemms.uids.slice(0, 20))).finished();
}

async function main(): Promise<void> {
  const fleet = await startFleet({ workers: 1, cemms: CEMMS, tab: TAB });
  try {
    await warmUp(fleet);
    const pace = await paceChecks(fleet);
    for (const worker of fleet.workers.splice(2)) await worker.stop();
    await pause(1000);
    finish([...pace, ...(await faultChecks(fleet)), ...(await backfillChecks(fleet))]);
  } finally {
    await fleet.stop();
  }
}

main().then(
  () => process.exit(),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
