/** Reads all CEMMs of an account into InfluxDB. Every machine runs this same program; the queue does the rest. */
import { once } from "node:events";
import { Worker } from "bullmq";
import { account, DAY, doJob, LIVE, orderDays, queue } from "./jobs.mjs";
import * as settings from "./settings.mjs";

const USAGE = `node fleet.mjs                                  plans and works, until it is stopped
node fleet.mjs backfill 2026-01-01 2026-03-31   orders past days
node fleet.mjs retry                            orders failed jobs again`;

const COMMANDS = {
  async work() {
    await plan();
    const worker = new Worker("cemm", doJob, {
      connection: settings.connection,
      // More than the concurrent requests, since most of them wait for promises of the cloud.
      concurrency: settings.account.concurrency * 3,
      limiter: { max: settings.rate, duration: 1000 },
      // After this time another machine does the jobs of one that died or hangs, however often that happens.
      lockDuration: 10_000,
      stalledInterval: 1000,
      // The pause after Redis was down; the default is 15 s.
      runRetryDelay: 1000,
      maxStalledCount: 100,
    });
    worker.on("error", logRedis);
    worker.on("failed", logFailure);
    worker.on("ready", () => console.log("Working."));
    await once(process, "SIGTERM");
    // Running jobs are finished first.
    await worker.close();
  },

  backfill: orderDays,

  async retry() {
    console.log(`${await queue.getFailedCount()} jobs ordered again.`);
    await queue.retryJobs();
  },
};

async function plan() {
  const { every, timezone } = settings;
  const next = (await queue.getJobScheduler("day"))?.next ?? Infinity;
  // No machine was running at 4:00.
  if (next < Date.now()) await queue.add("plan day", { missed: next }, DAY);
  await queue.upsertJobScheduler("day", { pattern: "0 4 * * *", tz: timezone }, { name: "plan day", opts: DAY });
  // With an offset it runs on the full minute; without one, the interval counts from the first start.
  await queue.upsertJobScheduler("live", { every, offset: 1 }, { name: "plan live", opts: LIVE });
}

function logRedis({ message }) {
  console.error(`Redis: ${message || "does not answer"}`);
}

/** Reasons that are in the log already, each once a minute: many CEMMs often have the same one. */
const logged = new Set();
setInterval(() => logged.clear(), 60_000).unref();

function logFailure(job, { message }) {
  const [reason] = message.split(":");
  if (logged.has(reason)) return;
  logged.add(reason);
  console.error(`${job?.id}: ${message}`);
}

const [command = "work", ...args] = process.argv.slice(2);
if (!COMMANDS[command]) throw new Error(USAGE);
queue.on("error", logRedis);
await COMMANDS[command](...args);
await queue.close();
await account.close();
// Connections to Sentinels would keep it running.
process.exit();
