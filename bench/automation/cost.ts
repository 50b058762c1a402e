/** What a trigger costs in a flow, compared to a core switch node with one rule. */
import { EmbeddedNodeRed, TAB } from "../support/embedded-node-red.js";
import { compare, heapMb, median, ratio } from "../support/measure.js";
import { type Check, check, table } from "../support/report.js";

const ROUNDS = 21;
/** The number of messages without an effect, per message with one. */
const QUIET = 200;
const MANY = 100_000;

const START = Date.UTC(2026, 5, 1);
let sent = 0;

/** A live reading, ten seconds after the previous one. */
function reading(power: number): object {
  const time = START + ++sent * 10_000;
  const payload = { electric_power: power, t1: 5237.19, t2: 6120.33, t3: 812.4, t4: 1903.6, gas: 2616.84 };
  const channels = Object.fromEntries(Object.keys(payload).map((name) => [name, { unit: "W", time }]));
  return { payload, cemm: { uid: "00-1E-C0-85-96-CC", alias: "p1", kind: "realtime", time, channels, stale: false } };
}

function flows(): object[] {
  const at = { z: "tab", wires: [["flow-end"]] };
  const rule = { on: "-1000", onType: "num", off: "-200", offType: "num", direction: "below" };
  const trigger = { ...at, type: "cemm-trigger", channel: "electric_power", ...rule };
  const power = { property: "payload.electric_power", propertyType: "msg", checkall: "true", outputs: 1 };
  return [
    ...TAB,
    { ...trigger, id: "by-value", measure: "value" },
    { ...trigger, id: "by-average", measure: "average", window: 600 },
    { ...trigger, id: "by-quarter", measure: "quarter" },
    { ...at, id: "by-core", type: "switch", ...power, rules: [{ t: "lt", v: "-1000", vt: "num" }] },
  ];
}

export async function costChecks(): Promise<Check[]> {
  const nodeRed = await EmbeddedNodeRed.start(flows());
  const checks = [...(await race(nodeRed)), await memory(nodeRed)];
  await nodeRed.stop();
  return checks;
}

/** Readings that neither node passes on, and one that both do. */
async function race(nodeRed: EmbeddedNodeRed): Promise<Check[]> {
  let isOn = false;
  const ask = (id: string, power: number) => {
    for (let n = 0; n < QUIET; n++) nodeRed.give(id, reading(-500));
    return nodeRed.ask(id, reading(power));
  };
  const byTrigger = () => {
    isOn = !isOn;
    return ask("by-value", isOn ? -1500 : 0);
  };
  // The first value is always answered.
  await nodeRed.ask("by-value", reading(0));
  const { core, trigger } = await compare({ core: () => ask("by-core", -1500), trigger: byTrigger }, 1, ROUNDS);
  const perMessage = (costs: number[]) => median(costs) / (QUIET + 1);
  console.log("\nOne message, µs");
  table({
    core: { time: perMessage(core.us), CPU: perMessage(core.cpu) },
    trigger: { time: perMessage(trigger.us), CPU: perMessage(trigger.cpu) },
  });
  return [
    check("trigger's time to the switch node's", ratio(trigger.us, core.us), "<=", 2),
    check("trigger's CPU to the switch node's", ratio(trigger.cpu, core.cpu), "<=", 2),
  ];
}

/** How many MB the heap grows over many messages, with each measure. */
async function memory(nodeRed: EmbeddedNodeRed): Promise<Check> {
  const heapAfter = async (count: number) => {
    for (const id of ["by-value", "by-average", "by-quarter"]) {
      for (let n = 0; n < count; n++) {
        nodeRed.give(id, reading(-500));
        if (n % 1000 === 0) await new Promise(setImmediate);
      }
    }
    return heapMb();
  };
  const before = await heapAfter(1000);
  return check(`MB more after 3 times ${MANY} messages`, (await heapAfter(MANY)) - before, "<=", 2);
}
