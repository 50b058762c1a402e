/**
 * Reads all CEMMs of an account into InfluxDB. Every machine runs this same program; the queue does the rest.
 *
 *     node fleet.mjs                                  plans and works, until it is stopped
 *     node fleet.mjs backfill 2026-01-01 2026-12-31   orders past days
 *     node fleet.mjs retry                            orders again what failed
 */
import { once } from "node:events";
import { Queue, UnrecoverableError, Worker } from "bullmq";
import { CemmAccount, CemmClient, CemmError, toInflux } from "node-red-contrib-cemm";
import { write } from "./influx.mjs";
import * as settings from "./settings.mjs";

const { connection, every, meters, rate, timezone } = settings;
const account = new CemmAccount(settings.account);
const cemm = new CemmClient({ access: "cloud", account, timezone });
const queue = new Queue("cemm", { connection });

/**
 * Seconds. Finished jobs are kept for a while, so that the same order is not done again; failed ones, so that you can
 * look at them.
 */
const KEPT = { removeOnComplete: { age: 600 }, removeOnFail: { age: 7 * 86_400 } };
/** Waits of 1, 2, 4 s and so on, a minute in all. */
const LIVE = { ...KEPT, attempts: 7, backoff: { type: "exponential", delay: 1000, jitter: 0.5 } };
/** Waits of 10 s to 3 h, 6 h in all. Live readings go first. */
const DAY = { ...KEPT, attempts: 12, backoff: { type: "exponential", delay: 10_000, jitter: 0.5 }, priority: 1 };

/** The handlers, by a job's name. */
const JOBS = {
  async "plan live"() {
    await order("live", await account.cemms(), Math.floor(Date.now() / every) * every, LIVE);
    const counts = await queue.getJobCounts("wait", "prioritized", "delayed", "active", "failed");
    console.log(`Live readings ordered. Jobs: ${JSON.stringify(counts)}`);
  },

  async "plan day"() {
    await order("day", await account.cemms(), cemm.period("day", Date.now(), 1).start, DAY);
  },

  async live({ uid, alias, time }) {
    if (Date.now() > time + every) return "late: the next one is ordered";
    const answer = await cemm.at(uid).realtime(alias);
    // With the time of its order, so that a repeated job gives the same point. An old measurement keeps its own time.
    return write(toInflux([answer]).map((point) => (answer.stale ? point : { ...point, timestamp: time })));
  },

  async day({ uid, alias, time }) {
    return write(toInflux([await cemm.at(uid).history(alias, cemm.period("day", time))]));
  },
};

/**
 * A job for each meter of each CEMM. Its id contains the CEMM, the meter and the time, so that ordering twice gives one
 * job.
 */
async function order(name, uids, time, options) {
  const asked = uids.flatMap((uid) => meters.map((alias) => ({ uid, alias, time })));
  const jobs = asked.map((data) => ({
    name,
    data,
    opts: { ...options, jobId: [name, ...Object.values(data)].join("/") },
  }));
  await queue.addBulk(jobs);
}

async function doJob({ name, data }) {
  try {
    return await JOBS[name](data);
  } catch (error) {
    if (!(error instanceof CemmError)) throw error;
    if (error.code === "CEMM_RATE_LIMITED") {
      // All machines wait; no try is used up.
      await queue.rateLimit(error.retryAfter ?? 5000);
      throw Worker.RateLimitError();
    }
    const text = `${error.code}: ${error.message}`;
    throw error.retryable ? new Error(text) : new UnrecoverableError(text);
  }
}

const COMMANDS = {
  async work() {
    // With an offset it is on the minute, without from when it was first started.
    await queue.upsertJobScheduler("live", { every, offset: 1 }, { name: "plan live", opts: LIVE });
    await queue.upsertJobScheduler("day", { pattern: "0 4 * * *", tz: timezone }, { name: "plan day", opts: DAY });
    const worker = new Worker("cemm", doJob, {
      connection,
      // More than the concurrent requests, since most of them wait for promises of the cloud.
      concurrency: settings.account.concurrency * 3,
      limiter: { max: rate, duration: 1000 },
      // After this time another machine does the jobs of one that died or hangs, however often.
      lockDuration: 10_000,
      // After Redis was away; 15 s without it.
      runRetryDelay: 1000,
      stalledInterval: 5000,
      maxStalledCount: 100,
    });
    worker.on("error", (error) => console.error(error.message));
    worker.on("ready", () => console.log("Working."));
    await once(process, "SIGTERM");
    // What is under way is done first.
    await worker.close();
  },

  async backfill(from, to) {
    const uids = await account.cemms();
    // The newest first.
    for (const { start } of cemm.periods("day", from, to).reverse()) await order("day", uids, start, DAY);
  },

  async retry() {
    await queue.retryJobs();
  },
};

const [command = "work", ...args] = process.argv.slice(2);
queue.on("error", (error) => console.error(error.message));
if (!COMMANDS[command]) throw new Error(`"${command}" is none of ${Object.keys(COMMANDS).join(", ")}.`);
await COMMANDS[command](...args);
await queue.close();
await account.close();
