/**
 * The examples of a fleet, as they are shipped, each in a Node-RED process of its own, with a real broker and a real
 * database, while some of them die. `npm run bench` does the same with 1,000 CEMMs.
 */
import assert from "node:assert/strict";
import { type Fleet, liveJobs, startFleet, ticked } from "./fleet.js";

const CEMMS = 50;
const MINUTES = 8;
const WINDOW = 8;

describe("a fleet of two workers", () => {
  let fleet: Fleet;

  before(async () => {
    const cemms = ["--devices", `${CEMMS}`, "--latency", "100"];
    fleet = await startFleet({ workers: 2, cemms, tab: { WINDOW, RATE: 1000, LEASE: 10 } });
  });
  after(() => fleet?.stop());

  /** What is in the database: each reading at its order's time. */
  const written = () => fleet.database.points("kind = 'realtime'");

  it("loses and doubles nothing when a worker is killed, and gives its jobs to the other one at once", async () => {
    const jobs = liveJobs(fleet, CEMMS, MINUTES);
    fleet.traffic.order(jobs);
    await ticked(fleet, jobs.length / 3, 20_000);
    const [, victim] = fleet.workers;
    await victim?.kill();
    const died = Date.now();
    await ticked(fleet, jobs.length, 30_000);
    assert.equal(await written(), jobs.length);
    assert.ok(fleet.traffic.repeats() <= WINDOW, `${fleet.traffic.repeats()} repeats`);
    const sent = fleet.traffic.events().filter(({ kind, time }) => kind === "job" && time > died);
    const seen = new Set<string>();
    for (const { job } of fleet.traffic.events().filter(({ time }) => time <= died)) seen.add(job);
    const again = sent.filter(({ job }) => seen.has(job));
    assert.ok(again.length > 0, "nothing was under way");
    for (const { time, worker } of again) assert.deepEqual([worker, time < died + 2000], ["w1", true]);
    await victim?.begin();
  });
});
