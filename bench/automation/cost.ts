/** What a trigger costs in a flow, beside a core switch node with one rule. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { EmbeddedNodeRed, type Flow } from "../support/embedded-node-red.js";
import { compare, ratio } from "../support/measure.js";
import { type Check, check } from "../support/report.js";

const ROUNDS = 21;
/** Messages that change nothing, for each that does. */
const QUIET = 200;
const MANY = 100_000;

const START = Date.UTC(2026, 5, 1);
let sent = 0;

/** A live reading ten seconds after the one before. */
function reading(power: number): object {
  const time = START + ++sent * 10_000;
  const payload = { electric_power: power, t1: 5237.19, t2: 6120.33, t3: 812.4, t4: 1903.6, gas: 2616.84 };
  const channels = Object.fromEntries(Object.keys(payload).map((name) => [name, { unit: "W", time }]));
  const cemm = {
    uid: "00-1E-C0-85-96-CC",
    device: "Home",
    alias: "p1",
    kind: "realtime",
    source: "lan",
    time,
    channels,
  };
  return { payload, topic: "power", cemm: { ...cemm, receivedAt: time, requestedAt: time, age: 0, stale: false } };
}

function flow(): Flow {
  const rule = { on: "-1000", onType: "num", off: "-200", offType: "num", direction: "below" };
  const trigger = { type: "cemm-trigger", z: "tab", channel: "electric_power", ...rule, wires: [["flow-end"]] };
  const power = { property: "payload.electric_power", propertyType: "msg", checkall: "true", outputs: 1 };
  const flows = [
    { id: "tab", type: "tab", label: "bench" },
    { ...trigger, id: "by-value", measure: "value" },
    { ...trigger, id: "by-average", measure: "average", window: 600 },
    { ...trigger, id: "by-quarter", measure: "quarter" },
    {
      id: "core",
      type: "switch",
      z: "tab",
      ...power,
      rules: [{ t: "lt", v: "-1000", vt: "num" }],
      wires: [["flow-end"]],
    },
    { id: "errors", type: "catch", z: "tab", scope: null, wires: [["flow-end"]] },
    { id: "flow-end", type: "bench-end", z: "tab", wires: [] },
  ];
  return { flows, credentials: {} };
}

export async function costChecks(): Promise<Check[]> {
  const nodeRed = await EmbeddedNodeRed.start(flow());
  try {
    return [...(await race(nodeRed)), await memory(nodeRed)];
  } finally {
    await nodeRed.stop();
  }
}

/** Readings that pass neither, and one that passes both. */
async function race(nodeRed: EmbeddedNodeRed): Promise<Check[]> {
  let isOn = false;
  const quiet = (id: string) => {
    for (let n = 0; n < QUIET; n++) nodeRed.give(id, reading(-500));
  };
  const byCore = () => {
    quiet("core");
    return nodeRed.ask("core", reading(-1500));
  };
  const byTrigger = () => {
    quiet("by-value");
    isOn = !isOn;
    return nodeRed.ask("by-value", reading(isOn ? -1500 : 0));
  };
  // The first value is always answered.
  await nodeRed.ask("by-value", reading(0));
  const { core, trigger } = await compare({ core: byCore, trigger: byTrigger }, 1, ROUNDS);
  const cpu = (costs: typeof core) => costs.map(({ cpuUs }) => cpuUs / (QUIET + 1));
  const us = (costs: typeof core) => costs.map(({ us }) => us / (QUIET + 1));
  console.log("\nOne message, µs");
  console.table({
    core: { time: mid(us(core)), CPU: mid(cpu(core)) },
    trigger: { time: mid(us(trigger)), CPU: mid(cpu(trigger)) },
  });
  return [
    check("trigger's time to the switch node's", ratio(us(trigger), us(core)), "<=", 2),
    check("trigger's CPU to the switch node's", ratio(cpu(trigger), cpu(core)), "<=", 2),
  ];
}

/** MB more after many messages, for each measure. */
async function memory(nodeRed: EmbeddedNodeRed): Promise<Check> {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const ids = ["by-value", "by-average", "by-quarter"];
  const feed = async (id: string, count: number) => {
    for (let n = 0; n < count; n++) {
      nodeRed.give(id, reading(-500));
      if (n % 1000 === 0) await new Promise(setImmediate);
    }
  };
  for (const id of ids) await feed(id, 1000);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (const id of ids) await feed(id, MANY);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  collect();
  return check(
    `MB more after ${ids.length} times ${MANY} messages`,
    (process.memoryUsage().heapUsed - before) / 1e6,
    "<=",
    2,
  );
}

const mid = (values: readonly number[]) =>
  Number((values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0).toFixed(1));
