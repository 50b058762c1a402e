/**
 * What Node-RED takes of a processor with this package's nodes in it, in a process of its own. Started by `cpu.ts` with
 * the addresses of CEMMs as JSON; prints what it saw as JSON.
 */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { lanDispatcher } from "../support/contenders.js";
import { EmbeddedNodeRed, type Flow } from "../support/embedded-node-red.js";
import { median } from "../support/measure.js";

export const Task = z.object({ hosts: z.array(z.string()) });
/** Shares of one processor: nothing asks; twenty nodes poll; as many requests by undici alone. And nodes to undici. */
export const Seen = z.object({ idle: z.number(), polling: z.number(), undici: z.number(), ratio: z.number() });
export type Seen = z.infer<typeof Seen>;

const IDLE_NODES = 10;
const POLLERS = 20;
const ROUNDS = 3;
/** Until what was just deployed has come to rest, ms. */
const SETTLE = 3_000;
/** Some slices of time with nothing to do hold the collector's work for what was before: so the median counts. */
const IDLE_MS = 5_000;
const IDLE_SLICES = 9;
const POLL_MS = 10_000;

function flowOf(hosts: readonly string[], nodes: number, repeat: number): Flow {
  const pairs = Array.from({ length: nodes }, (_, n) => [
    { id: `cemm-${n}`, type: "cemm-device", name: `CEMM ${n}`, access: "lan", host: hosts[n % hosts.length] },
    {
      id: `live-${n}`,
      type: "cemm-realtime",
      z: "tab",
      device: `cemm-${n}`,
      alias: `mb${n}`,
      aliasType: "str",
      repeat,
      topic: "",
      wires: [["flow-end"]],
    },
  ]);
  const end = { id: "flow-end", type: "bench-end", z: "tab", wires: [] };
  return { flows: [{ id: "tab", type: "tab", label: "bench" }, ...pairs.flat(), end], credentials: {} };
}

/** The share of one processor that this process takes in this time, including the kernel's work for it. */
async function share(ms: number): Promise<number> {
  const [cpu, began] = [process.cpuUsage(), performance.now()];
  await delay(ms);
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 1000 / (performance.now() - began);
}

/** The same requests as those nodes', each second, by undici with the connection settings of our route. */
function askByUndici(hosts: readonly string[]): () => void {
  const dispatcher = lanDispatcher();
  const headers = { accept: "application/json", "accept-encoding": "identity" };
  const ask = async (n: number) => {
    const origin = `http://${hosts[n % hosts.length]}`;
    const { body } = await dispatcher.request({
      origin,
      path: `/open-api/v1/mb${n}/realtime/`,
      method: "GET",
      headers,
    });
    JSON.parse(await body.text());
  };
  const timers: NodeJS.Timeout[] = [];
  for (let n = 0; n < POLLERS; n++) {
    // Spread over the second, as pollers are.
    const start = () => timers.push(setInterval(() => void ask(n), 1000));
    timers.push(setTimeout(start, (n * 1000) / POLLERS));
  }
  return () => timers.forEach(clearTimeout);
}

async function main(): Promise<void> {
  const { hosts } = Task.parse(JSON.parse(process.argv[2] ?? ""));
  process.setSourceMapsEnabled(false);
  const quiet = flowOf(hosts, IDLE_NODES, 0);
  const nodeRed = await EmbeddedNodeRed.start(quiet);
  const idle: number[] = [];
  for (let n = 0; n < IDLE_SLICES; n++) idle.push(await share(IDLE_MS));
  const rounds: { polling: number; undici: number }[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    await nodeRed.deploy(flowOf(hosts, POLLERS, 1));
    await delay(SETTLE);
    const polling = await share(POLL_MS);
    await nodeRed.deploy(quiet);
    const stop = askByUndici(hosts);
    await delay(SETTLE);
    rounds.push({ polling, undici: await share(POLL_MS) });
    stop();
  }
  const seen: Seen = {
    idle: median(idle),
    polling: median(rounds.map(({ polling }) => polling)),
    undici: median(rounds.map(({ undici }) => undici)),
    ratio: median(rounds.map(({ polling, undici }) => polling / undici)),
  };
  console.log(JSON.stringify(seen));
  await nodeRed.stop();
  process.exit();
}

if (require.main === module) void main();
