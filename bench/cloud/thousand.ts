/** A thousand CEMMs by one node, through a cloud 100 ms away that promises each answer for a second. */
import { EmbeddedNodeRed, type Flow } from "../support/embedded-node-red.js";
import { type Check, check } from "../support/report.js";
import { cemmUid, requestsOf, startCloud } from "./start.js";

const CEMMS = 1000;
const LATENCY = 100;
const ALIAS = "ready-1000";
const CONCURRENCIES = [8, 32];
/** In any second. */
const MOST_STATUSES = 4;

function flowOf(host: string, concurrency: number): Flow {
  const flows = [
    { id: "tab", type: "tab", label: "bench" },
    { id: "the-account", type: "cemm-account", name: "", baseUrl: `http://${host}/v1/`, concurrency },
    { id: "the-cemm", type: "cemm-device", name: "fleet", access: "cloud", account: "the-account", uid: cemmUid(0) },
    {
      id: "live",
      type: "cemm-realtime",
      z: "tab",
      device: "the-cemm",
      alias: ALIAS,
      target: "target",
      targetType: "msg",
      topic: "",
      wires: [["flow-end"]],
    },
    { id: "errors", type: "catch", z: "tab", scope: null, wires: [["flow-end"]] },
    { id: "flow-end", type: "bench-end", z: "tab", wires: [] },
  ];
  return { flows, credentials: { "the-account": { apiKey: "bench" } } };
}

/** The most that lie within any second of one another. */
function mostInASecond(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length));
}

async function askAll(concurrency: number): Promise<Check[]> {
  const cloud = await startCloud(LATENCY);
  const nodeRed = await EmbeddedNodeRed.start(flowOf(cloud.hosts[0] ?? "", concurrency));
  const statuses: number[] = [];
  nodeRed.onStatus("live", () => statuses.push(performance.now()));
  const began = performance.now();
  await Promise.all(Array.from({ length: CEMMS }, (_, n) => nodeRed.ask("live", { target: cemmUid(n) })));
  const ms = performance.now() - began;
  const requests = (await requestsOf(cloud)).reduce((sum, [, count]) => sum + count, 0);
  await nodeRed.stop();
  cloud.stop();
  const what = `${CEMMS} CEMMs, concurrency ${concurrency}`;
  console.log(`\n${what}: ${requests} requests in ${(ms / 1000).toFixed(1)} s, ${statuses.length} statuses`);
  return [
    check(`${what}: time to requests x latency / concurrency`, ms / ((requests * LATENCY) / concurrency), "<=", 1.3),
    check(`${what}: statuses in a second`, mostInASecond(statuses), "<=", MOST_STATUSES),
  ];
}

export async function thousandChecks(): Promise<Check[]> {
  const checks: Check[] = [];
  for (const concurrency of CONCURRENCIES) checks.push(...(await askAll(concurrency)));
  return checks;
}
