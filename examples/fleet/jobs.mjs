/** The jobs: their names, and what each does. */
import { Queue, UnrecoverableError, Worker } from "bullmq";
import { CemmAccount, CemmClient, CemmError, toInflux } from "node-red-contrib-cemm";
import { write } from "./influx.mjs";
import * as settings from "./settings.mjs";

const { connection, every, meters, timezone } = settings;
export const account = new CemmAccount(settings.account);
export const queue = new Queue("cemm", { connection });
const cemm = new CemmClient({ access: "cloud", account, timezone });

/**
 * In seconds. Finished jobs are kept for a while, so that a job that is ordered again is not done again; failed ones,
 * so that you can look at them.
 */
const KEPT = { removeOnComplete: { age: 600 }, removeOnFail: { age: 7 * 86_400 } };
/** Waits of 1, 2, 4 s and so on, a minute in all. */
export const LIVE = { ...KEPT, attempts: 7, backoff: { type: "exponential", delay: 1000, jitter: 0.5 } };
/** Waits of 10 s to 3 h, 6 h in all. Live readings go first. */
export const DAY = { ...KEPT, attempts: 12, backoff: { type: "exponential", delay: 10_000, jitter: 0.5 }, priority: 1 };

/** By a job's name. */
const JOBS = {
  async "plan live"() {
    await order("live", await account.cemms(), Math.floor(Date.now() / every) * every, LIVE);
    const counts = await queue.getJobCounts("wait", "prioritized", "delayed", "active", "failed");
    console.log(`Live readings ordered. Jobs: ${JSON.stringify(counts)}`);
  },

  /** `missed`: when it should have been done, epoch ms. */
  async "plan day"({ missed = Date.now() }) {
    await orderDays(dayBefore(missed), dayBefore(Date.now()));
  },

  async live({ uid, alias, time }) {
    if (Date.now() > time + every) return "late: the next one is ordered";
    const answer = await cemm.at(uid).realtime(alias);
    // With the time it was ordered for, so that a repeated job gives the same point. A stale value keeps its own time.
    return write(toInflux([answer]).map((point) => (answer.stale ? point : { ...point, timestamp: time })));
  },

  async day({ uid, alias, time }) {
    return write(toInflux([await cemm.at(uid).history(alias, cemm.period("day", time))]));
  },
};

export async function doJob({ name, data }) {
  try {
    return await JOBS[name](data);
  } catch (error) {
    if (!(error instanceof CemmError)) throw error;
    if (error.code === "CEMM_RATE_LIMITED") {
      // All machines wait, and it does not count as an attempt.
      await queue.rateLimit(error.retryAfter ?? 5000);
      throw Worker.RateLimitError();
    }
    const text = `${error.code}: ${error.message}`;
    throw error.retryable ? new Error(text) : new UnrecoverableError(text);
  }
}

const dayBefore = (time) => cemm.period("day", time, 1).start;

/** Orders the days from `from` to `to`, newest first. */
export async function orderDays(from, to) {
  const days = cemm.periods("day", from, to).reverse();
  const uids = await account.cemms();
  for (const { start } of days) await order("day", uids, start, DAY);
  console.log(`Ordered: ${days.length} days of ${uids.length} CEMMs.`);
}

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
