/** The examples of a fleet as they are shipped, in one Node-RED and at the addresses that they name: as somebody tries them. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";
import { rowsOf, startInfluxdb } from "../examples/influxdb.js";
import { startMosquitto } from "../examples/mosquitto.js";
import { influxdbPalette } from "../examples/palettes.js";
import { type NodeRed, startNodeRed } from "../support/node-red.js";
import { exampleFlow } from "./example.js";
import { until } from "./fleet.js";

const EXAMPLES = ["1 Dispatcher", "2 Worker", "3 Collector", "4 Site with an outbox", "5 Centre"];
const CEMMS = 5;

describe("the examples of a fleet in one Node-RED", () => {
  const started: { stop(): Promise<void> }[] = [];
  let simulator: Simulator;
  let nodeRed: NodeRed;

  before(async () => {
    simulator = await startSimulator({ devices: CEMMS });
    started.push({ stop: () => simulator.close() });
    started.push(await startMosquitto());
    started.push(await startInfluxdb());
    execFileSync("influx", ["-execute", "CREATE DATABASE cemm"]);
    nodeRed = await startNodeRed({ packages: [influxdbPalette()] });
    started.unshift(nodeRed);
    // Nodes that have the same id are one.
    const nodes = EXAMPLES.flatMap((name) => exampleFlow(name, {}));
    await nodeRed.deploy([...new Map(nodes.map((node) => [node.id, node])).values()]);
  });
  after(async () => {
    for (const each of started) await each.stop();
  });

  /** Of which CEMMs there are points. */
  const written = async (where: string) =>
    [
      ...new Set((await rowsOf(`SELECT electric_power, uid FROM cemm WHERE ${where}`)).map(({ uid }) => String(uid))),
    ].sort();

  const become = async (where: string, uids: readonly string[]) => {
    await until(
      async () => (await written(where)).length >= uids.length,
      40_000,
      () => `too little is written where ${where}:\n${nodeRed.log()}`,
    );
    assert.deepEqual(await written(where), [...uids].sort());
  };

  it("write live readings of all CEMMs of the account", () =>
    become("kind = 'realtime' AND device = 'Any CEMM'", simulator.uids));

  it("write what the site reads", () => become("kind = 'realtime' AND device = 'My CEMM'", simulator.uids.slice(0, 1)));

  it("fill all of them from history", () => become("kind = 'day'", simulator.uids));

  it("do not complain", () => {
    const complaints = nodeRed.debug.all.filter(({ level }) => level !== undefined).map(({ value }) => value);
    assert.deepEqual(complaints, []);
  });
});
