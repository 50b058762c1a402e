/**
 * The program of examples/fleet with a real Redis and a real InfluxDB, some of which are killed. `npm run bench:fleet` does
 * more of this, with 1,000 CEMMs.
 */
import assert from "node:assert/strict";
import { type Fleet, startFleet, until } from "./fleet.js";

const CEMMS = 40;
const MINUTES = 1440;
const DAY_MS = 86_400_000;

describe("a fleet of two workers", () => {
  let fleet: Fleet;

  before(async () => {
    const cemms = ["--devices", `${CEMMS}`, "--lan-port", "0", "--latency", "100", "--promise", "1000:0.2"];
    fleet = await startFleet({ cemms, env: { LIVE_SECONDS: "10", RATE: "1000", REQUESTS: "8" } });
    await fleet.startWorker();
    await fleet.startWorker();
  });
  after(() => fleet?.stop());

  const points = async (where: string) => {
    const [[, count] = []] = await fleet.database.ask(`SELECT COUNT(electric_power) FROM cemm WHERE ${where}`);
    return Number(count ?? 0);
  };

  /** Waits until this many minutes of the last days are in the database. */
  const recorded = (days: number, minutes: number) =>
    until(
      () => `minutes are missing:\n${fleet.log()}`,
      40_000,
      async () => (await points(`kind = 'day' AND time > ${Date.now() - days * DAY_MS}ms`)) >= minutes,
    );

  it("writes one live reading of each CEMM at the time of its job", async () => {
    await until(
      () => `readings are missing:\n${fleet.log()}`,
      60_000,
      async () => (await points("kind = 'realtime'")) >= CEMMS,
    );
    const rows = await fleet.database.ask("SELECT electric_power, uid FROM cemm WHERE kind = 'realtime'");
    const keys = new Set(rows.map(([time, , uid]) => `${time} ${uid}`));
    assert.equal(keys.size, rows.length);
    for (const [time] of rows) assert.equal(Number(time) % 10_000, 0);
  });

  it("completes a backfill without losses or duplicates while a worker and Redis are killed", async () => {
    const days = ["2026-01-01", "2026-01-02", "2026-01-03"];
    await fleet.command("fleet.mjs", "backfill", "2026-01-01", "2026-01-03");
    // Requesting it twice adds each job once.
    await fleet.command("fleet.mjs", "backfill", "2026-01-01", "2026-01-03");
    const jobs = days.length * CEMMS;
    const reached = (share: number) =>
      until("the jobs are not done", 40_000, async () => (await points("kind = 'day'")) >= share * jobs * MINUTES);
    await reached(1 / 3);
    await fleet.workers[1]?.kill();
    await reached(1 / 2);
    const [redis] = fleet.store.programs;
    await redis?.kill();
    await redis?.begin();
    await reached(1);
    assert.equal(await points("kind = 'day'"), jobs * MINUTES);
    assert.equal(await fleet.queue.getFailedCount(), 0);
  });

  it("schedules yesterday at 04:00 in the CEMMs' time zone", async () => {
    const { pattern, tz, next = 0, template } = (await fleet.queue.getJobScheduler("day")) ?? assert.fail();
    assert.deepEqual([pattern, tz], ["0 4 * * *", "Europe/Amsterdam"]);
    const clock = new Date(next).toLocaleTimeString("en-GB", { timeZone: "Europe/Amsterdam" });
    assert.equal(clock, "04:00:00");
    await fleet.queue.add("plan day", {}, template?.opts);
    await recorded(2, CEMMS * 1380);
  });

  it("catches up at its start on days that were missed because no machine was on", async () => {
    for (const worker of fleet.workers) await worker.stop();
    const { key, template } = (await fleet.queue.getJobScheduler("day")) ?? assert.fail();
    await fleet.queue.upsertJobScheduler(key, { pattern: "* * * * * *" }, template);
    const isDue = async () => Number((await fleet.queue.getJobScheduler(key))?.next) < Date.now();
    await until("it is never due", 5000, isDue);
    for (const worker of fleet.workers) await worker.begin();
    const missed = async () => (await fleet.queue.getCompleted()).find(({ data }) => data.missed);
    await until("it was not made up for", 10_000, async () => (await missed()) !== undefined);
    await fleet.queue.add("plan day", { missed: Date.now() - 2 * DAY_MS });
    await recorded(4, 3 * CEMMS * 1380);
  });

  it("tries a job once if its error is permanent, and reports its code", async () => {
    const [uid] = fleet.cemms.uids;
    const job = await fleet.queue.add("live", { uid, alias: "mb99", time: Date.now() }, { attempts: 5 });
    await until("it did not fail", 10_000, () => job.isFailed());
    const { failedReason, attemptsMade } = (await fleet.queue.getJob(job.id ?? "")) ?? assert.fail();
    assert.match(failedReason ?? "", /^CEMM_ALIAS_UNSUPPORTED: /);
    assert.equal(attemptsMade, 1);
    assert.match(await fleet.command("status.mjs"), /live: CEMM_ALIAS_UNSUPPORTED: .*: 1/);
    await fleet.command("fleet.mjs", "retry");
    await until(
      "it is not tried again",
      10_000,
      async () => (await fleet.queue.getJob(job.id ?? ""))?.attemptsStarted === 2,
    );
  });

  it("skips a live reading that is too late", async () => {
    const [uid] = fleet.cemms.uids;
    const time = Date.now() - 3_600_000;
    const job = await fleet.queue.add("live", { uid, alias: "p1", time });
    await until("it is not done", 10_000, () => job.isCompleted());
    assert.equal(await points(`time = ${time}ms`), 0);
  });
});

describe("a fleet whose cloud answers 429", () => {
  let fleet: Fleet;

  before(async () => {
    fleet = await startFleet({ cemms: ["--lan-port", "0", "--fault", "429:0.5"], env: { LIVE_SECONDS: "3600" } });
    await fleet.startWorker();
  });
  after(() => fleet?.stop());

  it("waits without using up attempts", async () => {
    const [uid] = fleet.cemms.uids;
    const days = Array.from({ length: 20 }, (_, n) => Date.UTC(2026, 0, n + 1));
    const data = days.map((time) => ({ name: "day", data: { uid, alias: "p1", time }, opts: { attempts: 1 } }));
    await fleet.queue.addBulk(data);
    await until("days are missing", 60_000, async () => (await fleet.queue.getCompletedCount()) >= days.length);
    assert.equal(await fleet.queue.getFailedCount(), 0);
  });
});
