/**
 * Six kinds of bad answers: no example shows, sends, stores or switches on a value that is unknown, old or suspect. All
 * examples that read a CEMM run at once, with debug nodes as outputs, while its answers are good, then bad, then good.
 */
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";
import { type FlowNode, type NodeRed, startNodeRed } from "../support/node-red.js";
import { eventually } from "./eventually.js";
import { startProxy } from "./proxy.js";
import { EXAMPLES, nodesOf } from "./shipped.js";

const PATIENCE = 40_000;
const HOUR = 3_600_000;

const Pair = z.tuple([z.number(), z.number().nullable()]);
const Data = z.record(z.string(), Pair);
const Body = z.looseObject({ data: Data, totals: Data.optional() });
type Data = z.infer<typeof Data>;

/** Changes the CEMM's answer for a meter; undefined: it does not answer. */
type Change = ((data: Data, began: number) => Data) | undefined;

interface BadAnswer {
  it: string;
  change: Change;
  /** No measured value may be shown. */
  isSilent: boolean;
  /** Bad from the start of Node-RED: if times change later, it is unclear which clock is wrong. */
  isAtStart?: boolean;
}

const REGISTERS = ["t1", "t2", "t3", "t4"];
/** Makes an old value differ from the current one. */
const MARK = 0.061;
const MISREAD = 500.123;

const mapped = (data: Data, of: (channel: string, pair: z.infer<typeof Pair>) => z.infer<typeof Pair>): Data =>
  Object.fromEntries(Object.entries(data).map(([channel, pair]) => [channel, of(channel, pair)]));

const BAD_ANSWERS: readonly BadAnswer[] = [
  { it: "all channels [0, 0]", change: (data) => mapped(data, () => [0, 0]), isSilent: true },
  {
    it: "one register [0, 0]",
    change: (data) => mapped(data, (channel, pair) => (channel === "t2" ? [0, 0] : pair)),
    isSilent: false,
  },
  {
    it: "stale: the timestamps do not advance",
    change: (data, began) => mapped(data, (_, [, value]) => [began - 3 * HOUR, (value ?? 0) - MARK]),
    isSilent: true,
    isAtStart: true,
  },
  {
    it: "suspect: registers misread",
    change: (data) =>
      mapped(data, (channel, [time, value]) => [time, REGISTERS.includes(channel) ? (value ?? 0) + MISREAD : value]),
    isSilent: false,
  },
  { it: "offline", change: undefined, isSilent: true },
  {
    it: "a meter without t3 and t4",
    change: ({ t3: _t3, t4: _t4, ...data }) => data,
    isSilent: false,
  },
];

/** Excluded: they read no CEMM, or have their own tests. */
const OTHERS = [
  "04 Energy on a page",
  "13 Prices of today and tomorrow",
  "19 A fleet from one node",
  "20 The cheapest hours",
];
const READERS = EXAMPLES.filter((name) => !OTHERS.includes(name));

/** Nodes that output something. */
const OUTPUTS = /^(debug|mqtt out|influxdb batch|file|ui-gauge|ui-chart)$/;
/** Nodes of other palettes, and the config nodes that only they need. */
const FOREIGN = /^(ui-|mqtt-broker|influxdb$|global-config)/;

describe("examples given bad answers", () => {
  let behind: Simulator;
  let proxy: { stop(): Promise<void> };
  let nodeRed: NodeRed;
  let change: Change | "none" = "none";
  let began = 0;
  /** The number of changed answers, and the values in them that must not be shown. */
  let count = 0;
  const forbidden = new Set<number>();

  before(async () => {
    behind = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0 });
    const [host = ""] = behind.addresses.lan;
    proxy = await startProxy(host, async (url, pass) => {
      if (change === "none") return pass();
      if (change === undefined) {
        count++;
        return new Response(null, { status: 503 });
      }
      const answer = await pass();
      if (!/\/realtime\/?$/.test(url.pathname)) return answer;
      const { data, totals, ...rest } = Body.parse(await answer.json());
      if (/\/p1\//.test(url.pathname)) count++;
      return Response.json({
        ...rest,
        data: spoiled(data, change),
        ...(totals && { totals: spoiled(totals, change) }),
      });
    });
    nodeRed = await startNodeRed();
  });
  after(async () => {
    await nodeRed?.stop();
    await proxy?.stop();
    await behind?.close();
  });

  function spoiled(data: Data, change: NonNullable<Change>): Data {
    const changed = change(data, began);
    const wrong = Object.entries(changed).filter(
      ([channel, [, value]]) => value !== null && value !== data[channel]?.[1],
    );
    const values = Object.fromEntries(wrong.map(([channel, [, value]]) => [channel, value ?? 0]));
    const { t1 = 0, t2 = 0, t3 = 0, t4 = 0 } = values;
    // A false 0 looks the same as a real one.
    for (const value of [...Object.values(values), t1 + t2, t3 + t4]) if (value !== 0) forbidden.add(value);
    return changed;
  }

  for (const { it: name, change: next, isSilent, isAtStart } of BAD_ANSWERS) {
    it(`let no bad value through: ${name}`, async () => {
      change = "none";
      forbidden.clear();
      const flows = READERS.flatMap((example) => withDebugNodes(example)).concat(DEVICE);
      await nodeRed.deploy(flows);
      await shownAgain(0);

      nodeRed.debug.clear();
      [began, count, change] = [Date.now(), 0, next];
      const from = began;
      if (isAtStart) await nodeRed.deploy(flows);
      await pressAll();
      await eventually(async () => assert.ok(count >= 4, `${count} bad answers`), PATIENCE);
      // A battery's request while the answers are bad.
      const meter = await fetch(`${nodeRed.url}/api/v1/data`);
      const readings = z.record(z.string(), z.unknown()).parse(await meter.json());
      if (isSilent) await eventually(async () => assert.equal((await fetch(`${nodeRed.url}/api/v1/data`)).status, 503));
      const topicsUntil = (time: number) =>
        new Set(results().flatMap(({ message }) => (isWithin(message, from, time) ? [String(message.topic)] : [])));
      if (!isSilent) {
        await eventually(async () => {
          const topics = topicsUntil(Date.now());
          for (const topic of ["cemm/grid/power", "cemm/p1/electric_power"]) assert.ok(topics.has(topic), topic);
        }, PATIENCE);
      }
      const to = Date.now();
      change = "none";
      await shownAgain(to);

      const messages = results();
      for (const { source, message } of messages) {
        check(source, message);
        const { cemm } = message;
        const isBad = cemm && cemm.requestedAt >= from && (cemm.receivedAt ?? 0) <= to;
        if (isSilent && isBad && /^(realtime|totals)$/.test(cemm.kind ?? ""))
          assert.ok(isStatusText(message.payload), `${source}: ${JSON.stringify(message)}`);
      }
      if (!isSilent) {
        check("17 A P1 meter", { payload: readings });
        assert.equal(typeof readings.active_power_w, "number");
      }
      const shown = topicsUntil(to);
      if (name.startsWith("one register")) assert.ok(shown.has("cemm/grid/power") && !shown.has("cemm/grid/energy"));
      if (name.startsWith("suspect")) assert.ok(shown.has("cemm/grid/power") && shown.has("cemm/p1/electric_power"));
      if (name.startsWith("a meter without"))
        assert.ok(shown.has("cemm/grid/energy") && !shown.has("cemm/grid/returnenergy"));
      assert.deepEqual(complaints(), []);
    });
  }

  const isWithin = ({ cemm }: Message, from: number, to: number) =>
    cemm !== undefined && (cemm.receivedAt ?? 0) >= from && (cemm.receivedAt ?? 0) <= to;

  /** Resolves once the examples show answers that were requested after `time`. */
  async function shownAgain(time: number): Promise<void> {
    const wanted = [
      "03 Live power on a page: Power",
      "14 MQTT with Home Assistant discovery: values",
      "15 Grid meter for evcc: to evcc",
      "01 First reading: values",
      "06 Meter readings every morning: readings",
    ];
    await eventually(async () => {
      await pressAll();
      await pause(500);
      const shown = results().filter(
        ({ message: { cemm, payload } }) => (cemm?.requestedAt ?? 0) > time && typeof payload !== "undefined",
      );
      const missing = wanted.filter(
        (source) => !shown.some((each) => each.source === source && !isStatusText(each.message.payload)),
      );
      assert.deepEqual(missing, []);
    }, PATIENCE);
  }

  /** Presses every button that reads a CEMM. */
  async function pressAll(): Promise<void> {
    for (const name of ["01 First reading", "06 Meter readings every morning"]) {
      for (const { id, type } of nodesOf(name)) if (type === "inject") await nodeRed.inject(id);
    }
  }

  /** The output of the examples since the debug messages were cleared. */
  const results = () =>
    nodeRed.debug.all.flatMap(({ name, value, level }) => {
      const message = Message.safeParse(value);
      return level === undefined && name && message.success ? [{ source: name, message: message.data }] : [];
    });

  /**
   * The examples' errors, except those about a CEMM that does not answer, has a wrong clock or lacks a meter.
   */
  const complaints = () =>
    nodeRed.debug.all
      .filter(({ level }) => level !== undefined)
      .map(({ value }) => JSON.stringify(value))
      .filter((text) => !/127\.0\.0\.1:8080|clock|new counter|My CEMM/.test(text));

  function check(source: string, message: Message): void {
    const shown = JSON.stringify(message.payload);
    assert.ok(shown !== undefined && !/\bnull\b|\bNaN\b|undefined/.test(shown), `${source}: ${shown}`);
    for (const [number] of shown.matchAll(/-?\d+(\.\d+)?/g)) {
      const wrong = [...forbidden].find((value) => Math.abs(value - Number(number)) < 0.0006);
      assert.equal(wrong, undefined, `${source}: ${shown}`);
    }
  }
});

const Message = z.looseObject({
  payload: z.unknown(),
  topic: z.unknown().optional(),
  cemm: z
    .looseObject({ kind: z.string().optional(), requestedAt: z.number(), receivedAt: z.number().optional() })
    .optional(),
});
type Message = z.infer<typeof Message>;

/** A text about the CEMM or a sensor, instead of a value. */
const isStatusText = (payload: unknown) =>
  payload === "online" || payload === "offline" || (typeof payload === "string" && /^The (meter|CEMM) /.test(payload));

const [DEVICE = assert.fail("no CEMM")] = nodesOf("01 First reading").filter(({ type }) => type === "cemm-device");

/** The example, polling every second, with debug nodes in place of its outputs. */
function withDebugNodes(name: string): FlowNode[] {
  return nodesOf(name)
    .filter(({ type }) => (!FOREIGN.test(type) || OUTPUTS.test(type)) && type !== "cemm-device")
    .map((node) => {
      if (node.type === "cemm-realtime" && Number(node.repeat) > 0) return { ...node, repeat: 1 };
      if (node.type === "influxdb in")
        return { ...node, type: "change", rules: [{ t: "set", p: "payload", pt: "msg", to: "[]", tot: "json" }] };
      if (node.type === "inject") return { ...node, repeat: "", crontab: "" };
      if (!OUTPUTS.test(node.type)) return node;
      const { id, z, x, y, name: label, wires } = node;
      const source = `${name}: ${label || node.type}`;
      return {
        id,
        type: "debug",
        z,
        x,
        y,
        wires: wires ?? [],
        name: source,
        active: true,
        tosidebar: true,
        complete: "true",
      };
    });
}
