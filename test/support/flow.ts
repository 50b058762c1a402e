/**
 * A flow in the test helper: the node under test (id `node`) and the nodes around it. What it sends,
 * shows, raises and completes is captured; `end` waits until a message is done, exactly once.
 */
import "./no-discovery.js";
import "./loopback.js";
import assert from "node:assert/strict";
import { type EventEmitter, once } from "node:events";
import { createRequire } from "node:module";
import type { Node, NodeAPI, NodeMessage, NodeStatus } from "node-red";
import { z } from "zod";
import { type CaughtError, errorOf, statusLine, WithStatus } from "./flow-seen.js";
import { Capture } from "./node-red-capture.js";
import helper from "./node-red-helper.js";
import { nodeRedModule } from "./node-red-path.js";
import { folderOf, PACKAGE_NODES } from "./package-nodes.js";
import { eachAtOnce, KEY, UID } from "./server.js";

const core = createRequire(nodeRedModule);
const splitAndJoin: (RED: NodeAPI) => void = core("@node-red/nodes/core/sequence/17-split.js");
const runtime: { events: EventEmitter } = core("@node-red/util");
const source = createRequire(__filename);
const ownNode = (type: string): ((RED: NodeAPI) => void) =>
  source(`../../src/nodes/${folderOf(type)}/${folderOf(type)}.ts`).default;
const NODES = [...Object.keys(PACKAGE_NODES).map(ownNode), splitAndJoin];

export type Properties = Record<string, unknown>;

export interface FlowOptions {
  /** The node under test: its type and properties. */
  node: Properties & { type: string };
  /** Properties of the config node `device`; without them, there is none. */
  device?: Properties;
  /** Properties of the config node `account`, with its key; without them, there is none. */
  account?: Properties & { apiKey?: unknown };
  /** Further nodes, as in a flow file. */
  more?: (Properties & { id: string; type: string })[];
  /** The ids to which the node is wired; default: the capture `sent`. */
  wires?: string[];
  /** Do not capture its statuses. */
  isQuiet?: boolean;
}

/** How a message ended. `caught` is what a catch node sends. */
export interface End {
  sent: NodeMessage[];
  caught: NodeMessage | undefined;
}

export class Flow {
  readonly sent = new Capture<NodeMessage>("message");
  readonly caught = new Capture<NodeMessage>("caught message");
  readonly completed = new Capture<NodeMessage>("completed message");
  readonly statuses = new Capture<NodeStatus>("status");
  /** The messages of the second output. */
  readonly availability = new Capture<NodeMessage>("availability message");
  readonly node: Node;
  #count = 0;

  constructor(prefix = "") {
    this.node = nodeOf(`${prefix}node`);
    this.#capture(`${prefix}sent`, (msg) => this.sent.add(msg));
    this.#capture(`${prefix}caught`, (msg) => this.caught.add(msg));
    this.#capture(`${prefix}completed`, (msg) => this.completed.add(msg));
    this.#capture(`${prefix}availability`, (msg) => this.availability.add(msg));
    this.#capture(`${prefix}shown`, (msg) => this.statuses.add(WithStatus.parse(msg).status));
  }

  /** Sends a message to the node without waiting, and returns its `_msgid`. */
  give(msg: NodeMessage = {}): string {
    const _msgid = `message-${++this.#count}`;
    this.node.receive({ ...msg, _msgid });
    return _msgid;
  }

  /** Sends a message to the node, and waits until it is done with it. */
  async end(msg: NodeMessage = {}): Promise<End> {
    const _msgid = this.give(msg);
    return this.ended(_msgid);
  }

  async ended(_msgid: string): Promise<End> {
    const isIt = (message: NodeMessage) => message._msgid === _msgid;
    await Promise.any([this.completed.next(isIt), this.caught.next(isIt)]);
    return { sent: this.sent.all.filter(isIt), caught: this.caught.all.find(isIt) };
  }

  /** Sends a message, and returns the one message that the node sends for it. */
  async answer(msg: NodeMessage = {}): Promise<NodeMessage> {
    const { sent, caught } = await this.end(msg);
    const [only, ...more] = sent;
    assert.equal(caught, undefined, `it failed: ${JSON.stringify(caught?.error)}`);
    assert(only !== undefined && more.length === 0, `${sent.length} messages instead of one`);
    return only;
  }

  /** Sends a message that must fail, and returns the catch node's `msg.error`. */
  async error(msg: NodeMessage = {}): Promise<CaughtError> {
    const { caught } = await this.end(msg);
    assert(caught !== undefined, "it did not fail");
    return errorOf(caught);
  }

  /** The statuses as `fill shape text`, in order, without the catalogue's prefix. */
  shown(): string[] {
    return this.statuses.all.map(statusLine);
  }

  #capture(id: string, add: (msg: NodeMessage) => void): void {
    helper.getNode(id)?.on("input", (msg, _send, done) => {
      add(msg);
      done();
    });
  }
}

/** The running node with this id. */
export function nodeOf(id: string): Node {
  return helper.getNode(id) ?? assert.fail(`no node ${id} runs`);
}

/** `${NAME}`, as in a config node's field. */
export function variable(name: string): string {
  return `\${${name}}`;
}

/** The config nodes for a CEMM in a cloud at `host`. */
export function inCloud(host: string, device: Properties = {}): Required<Pick<FlowOptions, "device" | "account">> {
  return {
    device: { access: "cloud", uid: UID, name: "House", ...device },
    account: { baseUrl: `http://${host}/v1/`, apiKey: KEY },
  };
}

/** Deploys the flow, until the next test's flow replaces it. */
export async function startFlow(options: FlowOptions): Promise<Flow> {
  const { nodes, credentials } = flowOf(options);
  await helper.load(NODES, nodes, credentials);
  return new Flow();
}

/** What the node shows once the flow is deployed, before any message. */
export async function statusOnceDeployed(options: FlowOptions): Promise<string[]> {
  const shown: string[] = [];
  const onStatus = ({ id, status }: { id: string; status: NodeStatus }) => {
    if (id === "node") shown.push(statusLine(status));
  };
  runtime.events.on("node-status", onStatus);
  await startFlow(options);
  runtime.events.off("node-status", onStatus);
  return shown;
}

/** Deploys many flows at once, each with its own nodes, so that one that waits does not hold up the others. */
export async function startFlows(all: readonly FlowOptions[]): Promise<Flow[]> {
  const parts = all.map((options, n) => flowOf(options, `${n}-`));
  const credentials = Object.assign({}, ...parts.map(({ credentials }) => credentials));
  // The helper's load accepts only one node of each core type; a deploy accepts any number.
  await helper.load(NODES, flowOf({ node: { type: "cemm-realtime" } }).nodes);
  await deploy([TAB, ...parts.flatMap(({ nodes }) => nodes.slice(1))], "full", credentials);
  return all.map((_, n) => new Flow(`${n}-`));
}

/** Replaces what runs. The helper itself waits 300 ms for the start, which is too short on a busy machine. */
export async function deploy(nodes: object[], type: "full" | "nodes", credentials?: Record<string, object>) {
  const started = once(runtime.events, "flows:started", { signal: AbortSignal.timeout(START_MS) });
  const set = helper.setFlows(nodes, type, credentials).catch((error: unknown) => {
    if (!(error instanceof Error && error.message === "timeout waiting event")) throw error;
  });
  await Promise.all([started, set]);
}

const START_MS = 20_000;
const TAB = { id: "tab", type: "tab", label: "test" };
/** Node-RED treats a node without x and y as a config node. No id may equal another node's property, such as a type. */
const PLACE = { z: "tab", x: 0, y: 0 };

/** The flow as in a flow file. */
export function flowOf({ node, device, account, more = [], wires = ["sent"], isQuiet }: FlowOptions, prefix = "") {
  const { apiKey, ...properties } = account ?? {};
  const own = (id: string) => `${prefix}${id}`;
  const config = { account: own("account") };
  const scoped = { ...PLACE, scope: [own("node")] };
  const nodes: Properties[] = [
    TAB,
    {
      device: own("device"),
      ...config,
      ...node,
      ...PLACE,
      id: own("node"),
      wires: [wires, ["availability"]].map((ids) => ids.map(own)),
    },
    ...["sent", "caught", "completed", "shown", "availability"].map((id) => ({
      ...PLACE,
      id: own(id),
      type: "helper",
      wires: [],
    })),
    { ...scoped, id: own("on-error"), type: "catch", wires: [[own("caught")]] },
    { ...scoped, id: own("on-done"), type: "complete", wires: [[own("completed")]] },
    ...(isQuiet ? [] : [{ ...scoped, id: own("on-status"), type: "status", wires: [[own("shown")]] }]),
    ...(device ? [{ ...config, ...device, id: own("device"), type: "cemm-device" }] : []),
    ...(account ? [{ ...properties, id: own("account"), type: "cemm-account" }] : []),
    ...more.map((each) => ({ ...PLACE, ...each })),
  ];
  return { nodes, credentials: account && apiKey !== undefined ? { [own("account")]: { apiKey } } : {} };
}

/** Starts the runtime for the tests of a file, and ends each test's flow. */
export function flows(): void {
  before(() => helper.startServer());
  afterEach(() => helper.unload());
  after(() => helper.stopServer());
}

/**
 * An `it` for each row of a table, each with its own flow. All rows run at once, in one deploy, so a table takes
 * as long as its slowest row. `options` may start servers; `holds` checks the result.
 */
export function flowsAtOnce<Row extends { it: string }, Options extends FlowOptions>(
  rows: readonly Row[],
  options: (row: Row) => Promise<Options>,
  holds: (flow: Flow, row: Row, options: Options) => Promise<void>,
): void {
  let started: Promise<[Flow[], Options[]]>;
  before(async () => {
    await helper.startServer();
    const all = await Promise.all(rows.map(options));
    started = startFlows(all).then((flows) => [flows, all]);
    await started;
  });
  eachAtOnce(
    rows.map((row, n) => ({ it: row.it, row, n })),
    async ({ row, n }) => {
      const [flows, all] = await started;
      const [flow, own] = [flows[n], all[n]];
      assert(flow && own);
      await holds(flow, row, own);
    },
  );
  after(async () => {
    await helper.unload();
    await helper.stopServer();
  });
}

/** Ends a flow, for tests with more than one. */
export async function endFlow(): Promise<void> {
  await helper.unload();
}

const LogEntry = z.object({
  level: z.number(),
  msg: z.unknown(),
  id: z.string().optional(),
  type: z.string().optional(),
});
const LEVELS = { error: 20, warn: 30, info: 40 };

/** What the nodes of this package, or of one flow, wrote to the log at this level. */
export function logged(level: keyof typeof LEVELS, flow?: Flow): string[] {
  return helper
    .log()
    .args.map(([entry]) => LogEntry.safeParse(entry).data)
    .filter((entry) => entry?.level === LEVELS[level] && entry.type?.startsWith("cemm-"))
    .filter((entry) => !flow || entry?.id === flow.node.id)
    .map((entry) => String(entry?.msg));
}
