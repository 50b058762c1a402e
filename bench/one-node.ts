/** Example 19 with 2,000 CEMMs on the network, every 10 s: how late its readings are, CPU and memory. See README.md. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { EmbeddedNodeRed } from "./support/embedded-node-red.js";
import { bench, check, table } from "./support/report.js";
import { startServer } from "./support/start-server.js";

const EXAMPLE = resolve(__dirname, "../examples/flows/19 A fleet from one node.json");
const CEMMS = Number(process.env.CEMM_BENCH_DEVICES ?? 2000);
const INTERVAL_MS = 10_000;
/** The time over which the example spreads the readings; 0: all at once. */
const SPREAD_MS = process.env.CEMM_BENCH_SPREAD_MS ?? "9000";
/** The first intervals warm up: V8 compiles, and collects the start's garbage. */
const WARM_UP = 3;
const MEASURED = 3;

const Nodes = z.array(
  z.looseObject({ id: z.string(), type: z.string(), rules: z.array(z.looseObject({})).optional() }),
);
const Reading = z.looseObject({ asked: z.number(), delay: z.number() });

/** The example as shipped, without its search and its database; it records when each interval began. */
function flows(): object[] {
  const asked = { t: "set", p: "asked", pt: "msg", to: "", tot: "date" };
  return Nodes.parse(JSON.parse(readFileSync(EXAMPLE, "utf8").replace("count * 9000", `count * ${SPREAD_MS}`)))
    .filter(({ type }) => type !== "influxdb" && type !== "global-config")
    .map((node) => {
      if (node.id === "all-write") return { id: node.id, type: "bench-end", z: node.z, wires: [] };
      if (node.id === "all-hourly") return { ...node, once: false };
      return node.id === "all-meters" ? { ...node, rules: [asked, ...(node.rules ?? [])] } : node;
    });
}

/** The share of one core during `ms`, and how late each reading was, s. */
async function watch(nodeRed: EmbeddedNodeRed, ms: number): Promise<{ share: number; late: number[] }> {
  const late: number[] = [];
  nodeRed.onEnd((msg) => {
    const { asked, delay } = Reading.parse(msg);
    late.push((Date.now() - asked - delay) / 1000);
  });
  const cpu = process.cpuUsage();
  await pause(ms);
  const { user, system } = process.cpuUsage(cpu);
  return { share: (user + system) / 1000 / ms, late: late.sort((a, b) => a - b) };
}

bench(async () => {
  const server = await startServer({ cemms: CEMMS });
  const nodeRed = await EmbeddedNodeRed.start(flows());
  const idle: number[] = [];
  await pause(WARM_UP * INTERVAL_MS);
  for (let n = 0; n < 3; n++) idle.push((await watch(nodeRed, INTERVAL_MS)).share);
  // What *CEMM discover* would send.
  nodeRed.give("all-list", { payload: server.hosts.map((host) => ({ host, meters: [{ alias: "p1" }] })) });
  await pause(WARM_UP * INTERVAL_MS);
  const { share, late } = await watch(nodeRed, MEASURED * INTERVAL_MS);
  await nodeRed.stop();
  server.stop();
  const within = (part: number) => late[Math.floor(part * (late.length - 1))] ?? Number.POSITIVE_INFINITY;
  console.log(`${CEMMS} CEMMs on the network, every 10 s, spread over ${SPREAD_MS} ms`);
  table({
    "s late": { median: within(0.5), "99 % within": within(0.99), maximum: within(1) },
    "CPU of a core": { idle: Math.min(...idle), polling: share },
    memory: { MB: process.memoryUsage().rss / 1e6 },
  });
  return [
    check("idle: % of a core", Math.min(...idle) * 100, "<=", 0.1),
    check(`${CEMMS} CEMMs: readings, relative to those due`, late.length / (MEASURED * CEMMS), ">=", 0.99),
    check(`${CEMMS} CEMMs: lateness of 99 % of the readings, s`, within(0.99), "<=", 0.3),
  ];
});
