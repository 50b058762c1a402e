import { Fleet } from "../../test/fleet/fleet.js";
import type { Store } from "../../test/fleet/servers.js";
import { Minute } from "./minute.js";

/** 1,000 CEMMs with a latency of 100 ms; half of the answers are promised, and ready after a second. */
const CEMMS = ["--devices", process.env.CEMM_BENCH_DEVICES ?? "1000", "--latency", "100", "--promise", "1000:0.5"];
/** Eight requests at a time for each worker, without a rate limit: there is no real cloud to protect. */
const ENV = { RATE: "100000", REQUESTS: "8" };

/** Starts the servers and the workers, lets them read for a minute, and stops them after `work`. */
export async function withFleet<S extends Store, T>(
  store: (folder: string) => Promise<S>,
  startWorkers: (fleet: Fleet<S>) => Promise<unknown>,
  work: (fleet: Fleet<S>) => Promise<T>,
): Promise<T> {
  const fleet = await Fleet.start({ cemms: CEMMS, env: ENV, store });
  try {
    await startWorkers(fleet);
    // The simulator calculates its households on the first request.
    await (await Minute.next(fleet)).finished();
    return await work(fleet);
  } finally {
    await fleet.stop();
  }
}
