/**
 * Messages to a `cemm-realtime` or `cemm-history` node in a real Node-RED, all at once, in a process of its own. Started
 * by `bench/storm.ts` with what to do as JSON; prints what it saw as JSON.
 */
import type { NodeMessage } from "node-red";
import { z } from "zod";
import { EmbeddedNodeRed, type Flow } from "../support/embedded-node-red.js";
import { API_KEY, UID } from "../support/flow.js";
import { LoopWatch } from "../support/loop-watch.js";
import { median } from "../support/measure.js";

export const Task = z.object({
  host: z.string(),
  node: z.enum(["live", "split", "history"]),
  access: z.enum(["lan", "cloud"]),
  /** Of the nth message: with `#` for n. */
  alias: z.string(),
  messages: z.number(),
  /** How many times, one after the other. */
  rounds: z.number(),
  /** Seconds. */
  timeout: z.number(),
});
export type Task = z.infer<typeof Task>;

/**
 * How many messages of all rounds ended how, by error code or "answered"; the longest time that nothing else could run,
 * ms, the median of the rounds; of how many channels a message had notes at most.
 */
export const Seen = z.object({ ends: z.record(z.string(), z.number()), blockMs: z.number(), notes: z.number() });
export type Seen = z.infer<typeof Seen>;

const Ended = z.object({
  error: z.object({ code: z.string().default("without a code") }).optional(),
  parts: z.object({ index: z.number(), count: z.number() }).optional(),
  cemm: z.object({ channels: z.record(z.string(), z.unknown()) }).optional(),
});

function flowOf({ host, access, timeout }: Task): Flow {
  const device = { id: "the-cemm", type: "cemm-device", name: "cemm", access, host, timeout, account: "the-account" };
  const live = { type: "cemm-realtime", z: "tab", device: "the-cemm", alias: "alias", aliasType: "msg", topic: "" };
  const flows = [
    { id: "tab", type: "tab", label: "bench" },
    { id: "the-account", type: "cemm-account", name: "", baseUrl: `http://${host}/v1/` },
    { ...device, uid: access === "cloud" ? UID : "" },
    { ...live, id: "live", wires: [["flow-end"]] },
    { ...live, id: "split", split: true, wires: [["flow-end"]] },
    { ...live, id: "history", type: "cemm-history", period: "day", wires: [["flow-end"]] },
    { id: "errors", type: "catch", z: "tab", scope: null, wires: [["flow-end"]] },
    { id: "flow-end", type: "bench-end", z: "tab", wires: [] },
  ];
  return { flows, credentials: { "the-account": { apiKey: API_KEY } } };
}

/** Of a message that was split there are several. */
function isLast(msg: NodeMessage): boolean {
  const { parts } = Ended.parse(msg);
  return parts === undefined || parts.index === parts.count - 1;
}

/** All at once; the longest block, and what came out last for each. */
async function round(nodeRed: EmbeddedNodeRed, { node, alias, messages }: Task) {
  const last = node === "split" ? isLast : undefined;
  const aliases = Array.from({ length: messages }, (_, n) => alias.replace("#", String(n)));
  const watch = new LoopWatch();
  const ended = await Promise.all(aliases.map((alias) => nodeRed.end(node, { alias }, last)));
  return { blockMs: watch.stop(), ended: ended.map((msg) => Ended.parse(msg)) };
}

async function main(): Promise<void> {
  const task = Task.parse(JSON.parse(process.argv[2] ?? ""));
  // tsx has them on, Node-RED has not: each error's stack would be traced to its source.
  process.setSourceMapsEnabled(false);
  const nodeRed = await EmbeddedNodeRed.start(flowOf(task));
  // The first question loads the HTTP client.
  await nodeRed.ask("live", { alias: "mb0" });
  const seen: Seen = { ends: {}, blockMs: 0, notes: 0 };
  const blocks: number[] = [];
  for (let n = 0; n < task.rounds; n++) {
    const { blockMs, ended } = await round(nodeRed, task);
    blocks.push(blockMs);
    for (const { error, cemm } of ended) {
      const end = error?.code ?? "answered";
      seen.ends[end] = (seen.ends[end] ?? 0) + 1;
      seen.notes = Math.max(seen.notes, Object.keys(cemm?.channels ?? {}).length);
    }
  }
  seen.blockMs = median(blocks);
  console.log(JSON.stringify(seen));
  await nodeRed.stop();
  process.exit();
}

if (require.main === module) void main();
