/** Example 19 with 2,000 CEMMs on the network, every 10 s: how late its readings are, and what it takes. See README.md. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { EmbeddedNodeRed, type Flow } from "./support/embedded-node-red.js";
import { type Check, check, finish } from "./support/report.js";
import { startServer } from "./support/start-server.js";

const EXAMPLE = resolve(__dirname, "../examples/flows/19 A fleet from one node.json");
const CEMMS = Number(process.env.CEMM_BENCH_DEVICES ?? 2000);
const INTERVAL_MS = 10_000;
/** The first ones warm up. */
const WARM_UP = 2;
const MEASURED = 3;
const MAX_LATE_S = 0.3;

const Nodes = z.array(
  z.looseObject({ id: z.string(), type: z.string(), rules: z.array(z.looseObject({})).optional() }),
);
const Reading = z.looseObject({ asked: z.number(), delay: z.number() });

/** As it is shipped, but for its search and its database; it notes when the clock struck. */
function flow(): Flow {
  const asked = { t: "set", p: "asked", pt: "msg", to: "", tot: "date" };
  const flows = Nodes.parse(JSON.parse(readFileSync(EXAMPLE, "utf8")))
    .filter(({ type }) => type !== "influxdb" && type !== "global-config")
    .map((node) => {
      if (node.id === "all-write") return { id: node.id, type: "bench-end", z: node.z, wires: [] };
      if (node.id === "all-hourly") return { ...node, once: false };
      return node.id === "all-meters" ? { ...node, rules: [asked, ...(node.rules ?? [])] } : node;
    });
  return { flows, credentials: {} };
}

/** What *CEMM discover* would give. */
function found(hosts: readonly string[]): object {
  return { payload: hosts.map((host) => ({ host, meters: [{ alias: "p1" }] })) };
}

async function main(): Promise<void> {
  const { hosts, stop } = await startServer(undefined, [`${CEMMS}`]);
  const nodeRed = await EmbeddedNodeRed.start(flow());
  try {
    nodeRed.give("all-list", found(hosts));
    finish(await measure(nodeRed));
  } finally {
    await nodeRed.stop();
    stop();
  }
}

async function measure(nodeRed: EmbeddedNodeRed): Promise<Check[]> {
  await pause(WARM_UP * INTERVAL_MS);
  const late: number[] = [];
  nodeRed.onEnd((msg) => {
    const { asked, delay } = Reading.parse(msg);
    late.push((Date.now() - asked - delay) / 1000);
  });
  const cpu = process.cpuUsage();
  await pause(MEASURED * INTERVAL_MS);
  const { user, system } = process.cpuUsage(cpu);
  late.sort((a, b) => a - b);
  const share = (part: number) => late[Math.floor(part * (late.length - 1))] ?? Number.POSITIVE_INFINITY;
  console.log(`${CEMMS} CEMMs on the network, every 10 s, spread over it`);
  console.table({
    readings: late.length,
    "late, median, s": share(0.5).toFixed(3),
    "late, 99 of 100 within, s": share(0.99).toFixed(3),
    "late, the most, s": share(1).toFixed(3),
    "CPU of a core": ((user + system) / 1000 / (MEASURED * INTERVAL_MS)).toFixed(2),
    MB: Math.round(process.memoryUsage().rss / 1024 ** 2),
  });
  return [
    check("readings, to those that were due", late.length / (MEASURED * CEMMS), ">=", 0.99),
    check("99 of 100 readings: s late", share(0.99), "<=", MAX_LATE_S),
  ];
}

main().then(
  () => process.exit(),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
