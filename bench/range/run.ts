/**
 * One range by a `cemm-history` node in a real Node-RED, in a process of its own, so that its memory can be bounded.
 * Started by `bench/range.ts` with what to do as JSON; prints what it saw as JSON.
 */
import { z } from "zod";
import { EmbeddedNodeRed } from "../support/embedded-node-red.js";
import { LoopWatch } from "../support/loop-watch.js";

export const Task = z.object({
  host: z.string(),
  format: z.string(),
  deliver: z.enum(["one", "each"]),
  days: z.number(),
  channels: z.number(),
});
export type Task = z.infer<typeof Task>;

/** Megabytes that the payload holds, the longest time that nothing else could run, ms, and the error's code. */
export const Seen = z.object({ resultMb: z.number(), blockMs: z.number(), code: z.string().optional() });
export type Seen = z.infer<typeof Seen>;

/** A day without a change of clocks in its zone. */
const FIRST = Date.UTC(2020, 0, 1);
const MB = 1024 * 1024;
const Parts = z.object({ parts: z.object({ index: z.number(), count: z.number() }) });
const Failed = z.object({ error: z.object({ code: z.string() }) });

function flowOf({ host, format, deliver, channels }: Task): object[] {
  const device = {
    id: "the-cemm",
    type: "cemm-device",
    name: "cemm",
    access: "lan",
    host,
    timezone: "UTC",
    timeout: 30,
  };
  const times = { period: "day", time: "from", timeType: "msg", to: "to", toType: "msg" };
  const alias = { alias: `mb${channels}`, aliasType: "str", target: "", targetType: "str" };
  const history = { id: "history", type: "cemm-history", z: "flow", device: "the-cemm", topic: "", format, deliver };
  return [
    { id: "flow", type: "tab", label: "bench" },
    device,
    { ...history, ...times, ...alias, wires: [["end"]] },
    { id: "errors", type: "catch", z: "flow", scope: null, wires: [["end"]] },
    { id: "end", type: "bench-end", z: "flow", wires: [] },
  ];
}

async function main(): Promise<void> {
  const task = Task.parse(JSON.parse(process.argv[2] ?? ""));
  const nodeRed = await EmbeddedNodeRed.start({ flows: flowOf(task), credentials: {} });
  const range = { from: FIRST, to: FIRST + (task.days - 1) * 86_400_000 };
  const isLast = (msg: object) => {
    if (task.deliver === "one" || "error" in msg) return true;
    const { index, count } = Parts.parse(msg).parts;
    return index === count - 1;
  };
  // The first question loads the HTTP client.
  await nodeRed.ask("history", { from: FIRST, to: FIRST });
  const watch = new LoopWatch();
  const end = await nodeRed.end("history", range, isLast);
  const blockMs = watch.stop();
  const withResult = heap();
  // Whoever else still knows the message.
  Reflect.deleteProperty(end, "payload");
  const seen: Seen = { resultMb: withResult - heap(), blockMs, code: Failed.safeParse(end).data?.error.code };
  console.log(JSON.stringify(seen));
  await nodeRed.stop();
  process.exit();
}

/** Megabytes in use; 0 where the collector cannot be called. */
function heap(): number {
  if (!global.gc) return 0;
  global.gc();
  return process.memoryUsage().heapUsed / MB;
}

if (require.main === module) void main();
