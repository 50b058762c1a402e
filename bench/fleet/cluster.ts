/** Three machines with a Redis and a Sentinel each, two of them with the program: the leader is killed, and cut off. */
import { setTimeout as pause } from "node:timers/promises";
import { type Cluster, startCluster } from "../../test/fleet/cluster.js";
import { Fleet } from "../../test/fleet/fleet.js";
import type { Program } from "../../test/fleet/program.js";
import type { Check } from "../support/report.js";
import { during, type Fault } from "./faults.js";
import { forward, setCable, startMachines } from "./machines.js";
import { CEMMS, ENV } from "./start.js";

const CUT_MS = 20_000;

const FAULTS: Fault<Cluster>[] = [
  {
    name: "leading Redis cut off for 20 s, with its worker",
    async happens() {
      const at = Date.now();
      setCable(0, "down");
      await pause(CUT_MS);
      setCable(0, "up");
      return at;
    },
    // Until the other worker detects the failure: its socket's timeout, then the Sentinels' answer.
    maxStall: 20,
  },
  {
    name: "leading Redis killed",
    async happens({ store }) {
      // It is the leader since the other one was cut off.
      const leader = await leaderOf(store);
      const at = Date.now();
      await leader?.kill();
      return at;
    },
    maxStall: 10,
  },
];

async function leaderOf({ redis }: Cluster): Promise<Program | undefined> {
  return redis.findLast(({ lines }) => lines.all.some((line) => /MASTER MODE enabled/.test(line))) ?? redis[0];
}

export async function clusterChecks(): Promise<Check[]> {
  const { machines, programs } = await startMachines(3);
  try {
    const store = (folder: string) => startCluster(folder, machines);
    const fleet = await Fleet.start({ cemms: CEMMS, env: ENV, store });
    try {
      const ports = [fleet.cemms.addresses.cloud, fleet.database.url].map((address) => new URL(address).port);
      programs.push(...(await forward(ports, machines)));
      for (const { inside } of machines.slice(0, 2)) await fleet.startWorker(inside);
      return await during(fleet, FAULTS);
    } finally {
      await fleet.stop();
    }
  } finally {
    await Promise.all(programs.map((program) => program.kill()));
  }
}
