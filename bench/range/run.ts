/**
 * One range by a `cemm-history` node in a real Node-RED, in a process of its own, so that its memory can be bounded.
 * Started by `bench/range.ts` with what to do as JSON; prints what it saw as JSON.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { z } from "zod";
import { EmbeddedNodeRed } from "../support/embedded-node-red.js";

export const Task = z.object({
  host: z.string(),
  format: z.string(),
  deliver: z.enum(["one", "each"]),
  days: z.number(),
  channels: z.number(),
});
export type Task = z.infer<typeof Task>;

/** Megabytes that the payload holds, and the longest time that nothing else could run, ms. */
export const Seen = z.object({ resultMb: z.number(), blockMs: z.number() });
export type Seen = z.infer<typeof Seen>;

/** A day without a change of clocks in its zone. */
const FIRST = Date.UTC(2020, 0, 1);
const MB = 1024 * 1024;
const Parts = z.object({ parts: z.object({ index: z.number(), count: z.number() }) });

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
    { id: "end", type: "bench-end", z: "flow", wires: [] },
  ];
}

async function main(): Promise<void> {
  const task = Task.parse(JSON.parse(process.argv[2] ?? ""));
  const nodeRed = await EmbeddedNodeRed.start({ flows: flowOf(task), credentials: {} });
  const range = { from: FIRST, to: FIRST + (task.days - 1) * 86_400_000 };
  const isLast = (msg: object) => {
    if (task.deliver === "one") return true;
    const { index, count } = Parts.parse(msg).parts;
    return index === count - 1;
  };
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const answer = await nodeRed.ask("history", range, isLast);
  delay.disable();
  const withResult = heap();
  // Whoever else still knows the message.
  Reflect.deleteProperty(answer, "payload");
  const seen: Seen = { resultMb: withResult - heap(), blockMs: delay.max / 1e6 };
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
