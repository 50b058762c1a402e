/** Three Redis with Sentinel, with the files of examples/fleet: the master is killed in the middle of a backfill. */
import assert from "node:assert/strict";
import { type Cluster, startCluster } from "./cluster.js";
import { Fleet, until } from "./fleet.js";

const CEMMS = 30;
const DAYS = 3;
const MINUTES = 1440;
const MACHINE = { address: "127.0.0.1" };

describe("a fleet on three Redis", () => {
  let fleet: Fleet<Cluster>;

  before(async () => {
    const cemms = ["--devices", `${CEMMS}`, "--lan-port", "0", "--latency", "100"];
    const store = (folder: string) => startCluster(folder, [MACHINE, MACHINE, MACHINE]);
    fleet = await Fleet.start({ cemms, store, env: { RATE: "1000" } });
    await fleet.startWorker();
  });
  after(() => fleet?.stop());

  const days = async () => {
    const [[, count] = []] = await fleet.database.ask("SELECT COUNT(electric_power) FROM cemm WHERE kind = 'day'");
    return Number(count ?? 0) / MINUTES;
  };
  const reached = (count: number) => until("the jobs are not done", 40_000, async () => (await days()) >= count);

  it("loses nothing, writes nothing twice, and continues within 10 seconds when the leading Redis is killed", async () => {
    await fleet.command("fleet.mjs", "backfill", "2026-01-01", "2026-01-03");
    await reached(10);
    const [master] = fleet.store.redis;
    await master?.kill();
    const killed = Date.now();
    const before = await days();
    // Jobs that were already running are written anyway.
    await reached(before + 24);
    const stall = (Date.now() - killed) / 1000;
    assert.ok(stall < 10, `${stall} s`);
    await reached(DAYS * CEMMS);
    assert.equal(await days(), DAYS * CEMMS);
    assert.equal(await fleet.queue.getFailedCount(), 0);
  });
});
