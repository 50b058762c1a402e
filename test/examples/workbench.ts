/** A Node-RED with the palettes that the examples need, operated as a user would: by the names on the nodes. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { type NodeRed, startNodeRed } from "../support/node-red.js";
import type { DebugMessage, NodeStatus } from "../support/node-red-comms.js";
import { dashboard, influxdbPalette } from "./palettes.js";

export const FOLDER = resolve(__dirname, "../../examples/flows");
const PATIENCE = 30_000;
const MENU = "library/examples/flows/node-red-contrib-cemm/flows";

const FlowNode = z.looseObject({
  id: z.string(),
  type: z.string(),
  name: z.string().optional(),
  wires: z.array(z.array(z.string())).optional(),
});
const Flow = z.array(FlowNode);
const Menu = z.array(z.union([z.object({ fn: z.string() }), z.string()]));
export type Flow = z.infer<typeof Flow>;

export class Workbench {
  readonly nodeRed: NodeRed;
  #flow: Flow = [];
  /** The flows that are deployed beside the example. */
  #together: Flow | undefined;

  private constructor(nodeRed: NodeRed) {
    this.nodeRed = nodeRed;
  }

  /** `packages`: the folders of the palettes that the examples need. */
  static async start(packages = [dashboard, influxdbPalette()]): Promise<Workbench> {
    const settings = { mqttReconnectTime: 500 };
    return new Workbench(await startNodeRed({ settings, packages, seesDiscoveryPort: true }));
  }

  stop(): Promise<void> {
    return this.nodeRed.stop();
  }

  /** The names below *Examples* in the editor's import dialog. */
  async menu(): Promise<string[]> {
    const response = await this.nodeRed.admin(MENU);
    const entries = Menu.parse(await response.json());
    return entries.map((entry) => (typeof entry === "string" ? entry : entry.fn));
  }

  /** The example as that dialog gets it, which must equal its file. */
  async example(name: string): Promise<Flow> {
    const response = await this.nodeRed.admin(`${MENU}/${encodeURIComponent(name)}`);
    const text = await response.text();
    assert.equal(text, readFileSync(join(FOLDER, `${name}.json`), "utf8"));
    return Flow.parse(JSON.parse(text));
  }

  /** Imports and deploys it in place of the previous one; `changed`: edits it first. */
  async deploy(name: string, changed: (flow: Flow) => Flow = (flow) => flow): Promise<void> {
    const flow = this.#together ? tabOf(this.#together, name) : await this.example(name);
    const others = this.#together?.filter((node) => !flow.includes(node)) ?? [];
    this.#flow = changed(flow);
    this.nodeRed.debug.clear();
    this.nodeRed.statuses.clear();
    await this.nodeRed.deploy([...others, ...this.#flow]);
  }

  /** From now on an example is a tab of the currently deployed flows, and the other tabs run too. */
  async keepTogether(): Promise<void> {
    this.#together = await this.deployed();
  }

  async deployed(): Promise<Flow> {
    const response = await this.nodeRed.admin("flows");
    return Flow.parse(await response.json());
  }

  /** As if no example had stored prices yet: the global context survives a deployment. */
  async forgetPrices(): Promise<void> {
    await this.nodeRed.admin("context/global/electricityPrices", { method: "DELETE" });
  }

  /** Empties the workspace. */
  async clear(): Promise<void> {
    this.nodeRed.debug.clear();
    await this.nodeRed.deploy([]);
  }

  /** Empties the workspace; fails if the example raised an error. */
  async finish(): Promise<void> {
    assert.deepEqual(this.complaints(), []);
    await this.clear();
  }

  /** The example as deployed. */
  get flow(): Flow {
    return this.#flow;
  }

  /** What the info sidebar shows of its tab. */
  description(): string {
    return z.string().parse(this.#flow.find(({ type }) => type === "tab")?.info);
  }

  /** Presses the button of an inject node; `msg`: the properties to send instead of its own. */
  press(name: string, msg?: Record<string, unknown>): Promise<void> {
    return this.nodeRed.inject(this.#id("inject", name), msg);
  }

  /** The first payload that a debug node shows after the deployment. */
  async shown<T>(name: string, schema: z.ZodType<T>): Promise<T> {
    const [first] = await this.take(name, schema, 1);
    return first ?? assert.fail(`${name} showed nothing`);
  }

  /** The first `count` of them, once they have arrived. */
  async take<T>(name: string, schema: z.ZodType<T>, count: number): Promise<T[]> {
    const id = this.#id("debug", name);
    const messages = await this.nodeRed.debug.take(count, (message) => message.id === id, PATIENCE);
    return messages.map(({ value }) => schema.parse(value));
  }

  /** All of them so far. */
  sofar<T>(name: string, schema: z.ZodType<T>): T[] {
    const id = this.#id("debug", name);
    return this.nodeRed.debug.all.filter((message) => message.id === id).map(({ value }) => schema.parse(value));
  }

  topics(name: string): (string | undefined)[] {
    const id = this.#id("debug", name);
    return this.nodeRed.debug.all.filter((message) => message.id === id).map(({ topic }) => topic);
  }

  /** The first `count` status texts of that colour from the flow's nodes of a type, once they have arrived. */
  async statuses(type: string, fill: "green" | "red" | "grey", count = 1): Promise<string[]> {
    const ids = this.#flow.filter((node) => node.type === type).map(({ id }) => id);
    const isIt = (status: NodeStatus) => ids.includes(status.id) && status.fill === fill;
    const statuses = await this.nodeRed.statuses.take(count, isIt, PATIENCE);
    return statuses.map(({ text = "" }) => text);
  }

  /** Waits until the flow's nodes of a type have shown that text `count` times. */
  async shows(type: string, text: string, count: number): Promise<void> {
    const ids = this.#flow.filter((node) => node.type === type).map(({ id }) => id);
    await this.nodeRed.statuses.take(count, (status) => ids.includes(status.id) && status.text === text, PATIENCE);
  }

  /** Uncaught warnings and errors from the example's nodes since the deployment. */
  complaints(): unknown[] {
    return this.nodeRed.debug.all.filter((message) => this.#isComplaint(message)).map(({ value }) => value);
  }

  /** Waits for an expected complaint, and removes it. */
  async complains(pattern: RegExp): Promise<void> {
    const { debug } = this.nodeRed;
    const isIt = (message: DebugMessage) => this.#isComplaint(message) && pattern.test(JSON.stringify(message.value));
    debug.all.splice(debug.all.indexOf(await debug.next(isIt, PATIENCE)), 1);
  }

  #isComplaint({ level, id }: DebugMessage): boolean {
    return level !== undefined && (id === undefined || this.#flow.some((node) => node.id === id));
  }

  #id(type: string, name: string): string {
    const node = this.#flow.find((each) => each.type === type && each.name === name);
    return node?.id ?? assert.fail(`no ${type} node is called ${name}`);
  }
}

/** Without the configuration nodes that all examples share. */
export const onlyNodes = (flow: Flow): Flow => flow.filter(({ type, z }) => type === "tab" || z);

/** The nodes of one example. */
function tabOf(flows: Flow, name: string): Flow {
  const label = name.replace(/^\d\d /, "");
  const tab = flows.find((node) => node.type === "tab" && node.label === label) ?? assert.fail(`no tab ${label}`);
  const nodes = flows.filter((node) => node.z === tab.id);
  // Including the CEMM, broker and database that it shares with the others.
  const ids = new Set(nodes.flatMap((node) => Object.values(node)));
  return flows.filter(({ id }) => ids.has(id));
}
