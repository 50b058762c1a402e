/** Three machines, each with a Redis and a Sentinel, two of them with the program: the leading one is cut off, then killed. */
import { setTimeout as pause } from "node:timers/promises";
import { type Cluster, startCluster } from "../../test/fleet/cluster.js";
import type { Fleet } from "../../test/fleet/fleet.js";
import type { Check } from "../support/report.js";
import { during, type Fault } from "./faults.js";
import { forward, setCable, startMachines } from "./machines.js";
import { withFleet } from "./start.js";

const CUT_MS = 20_000;

const FAULTS: Fault<Cluster>[] = [
  {
    name: "leading Redis cut off for 20 s, with its worker",
    async happens() {
      setCable(0, "down");
      await pause(CUT_MS);
      setCable(0, "up");
    },
    // Until the other worker detects the failure: its socket's timeout, then the Sentinels' answer.
    maxStall: 20,
  },
  {
    name: "leading Redis killed",
    // The Redis that took over when the first was cut off.
    async happens({ store: { redis } }) {
      const isMaster = ({ lines }: (typeof redis)[number]) =>
        lines.all.some((line) => line.includes("MASTER MODE enabled"));
      await (redis.findLast(isMaster) ?? redis[0])?.kill();
    },
  },
];

export async function clusterChecks(): Promise<Check[]> {
  const { machines, programs } = await startMachines(3);
  try {
    const startWorkers = async (fleet: Fleet) => {
      const ports = [fleet.cemms.addresses.cloud, fleet.database.url].map((address) => new URL(address).port);
      programs.push(...(await forward(ports, machines)));
      for (const { inside } of machines.slice(0, 2)) await fleet.startWorker(inside);
    };
    const store = (folder: string) => startCluster(folder, machines);
    return await withFleet(store, startWorkers, (fleet) => during(fleet, FAULTS));
  } finally {
    await Promise.all(programs.map((program) => program.kill()));
  }
}
