/**
 * The examples of a fleet, as they are shipped, each in a Node-RED process of its own, with a real broker and a real
 * database, while some of them die. `npm run bench:fleet` does more of this with 1,000 CEMMs.
 */
import assert from "node:assert/strict";
import { type Fleet, liveJobs, startFleet, ticked, unfinished, until } from "./fleet.js";

const CEMMS = 50;
const MINUTES = 8;
const JOBS = CEMMS * MINUTES;
const WINDOW = 8;

describe("a fleet of two workers", () => {
  let fleet: Fleet;

  before(async () => {
    const cemms = ["--devices", `${CEMMS}`, "--lan-port", "0", "--latency", "100"];
    fleet = await startFleet({ workers: 2, isGuarded: true, cemms, tab: { WINDOW, RATE: 1000, LEASE: 10 } });
  });
  after(() => fleet?.stop());

  /** What is in the database: each reading at its order's time. */
  const written = () => fleet.database.points("kind = 'realtime'");

  it("loses and doubles nothing when a worker is killed, and gives its jobs to the other one at once", async () => {
    fleet.traffic.order(liveJobs(fleet, MINUTES));
    await ticked(fleet, JOBS / 3, 20_000);
    const [, victim] = fleet.workers;
    const died = Date.now();
    await victim?.kill();
    await ticked(fleet, JOBS, 30_000);
    assert.equal(await written(), JOBS);
    const { traffic } = fleet;
    const again = traffic.repeated();
    assert.ok(again.length > 0 && again.length <= WINDOW, `${again.length} jobs were sent again`);
    for (const { time, worker } of again) assert.deepEqual([worker, time < died + 2000], ["w1", true]);
    await victim?.begin();
  });

  it("loses, doubles and repeats nothing when the dispatcher is killed and comes back", async () => {
    const repeats = fleet.traffic.repeated().length;
    fleet.traffic.order(liveJobs(fleet, MINUTES));
    await ticked(fleet, JOBS + JOBS / 3, 20_000);
    await fleet.dispatcher.kill();
    await fleet.dispatcher.begin();
    await ticked(fleet, 2 * JOBS, 30_000);
    assert.equal(await written(), 2 * JOBS);
    assert.equal(fleet.traffic.repeated().length, repeats);
  });

  it("asks once for what can never be answered, and has nothing left to do", async () => {
    const failed = () => fleet.traffic.events().filter(({ kind }) => kind === "failed");
    fleet.traffic.order([`realtime/${fleet.cemms.uids[0]}/mb99/1`]);
    await until(
      () => failed().length > 0,
      10_000,
      () => "nothing failed",
    );
    await until(
      () => unfinished(fleet) === 0,
      10_000,
      () => `${unfinished(fleet)} jobs are not finished`,
    );
    assert.equal(failed().length, 1);
  });
});
