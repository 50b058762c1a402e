/** 12,000 requests, a fifth of the answers faulty, over 200 deploys: nothing is lost, and nothing leaks. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import { type DeployType, type FlowNode, type NodeRed, startNodeRed } from "../../support/node-red.js";
import { eventually } from "../../support/server.js";
import { nothingEscaped } from "../support/process-events.js";
import { lastLine } from "../support/rows.js";
import { type FaultyServer, faultyServer } from "./faulty-server.js";
import { CREDENTIALS, cemmFlow, coreFlow, NODES } from "./flows.js";

/** `CEMM_SOAK_DEPLOYS=12 npm run soak`, or `npm run soak -- --deploys=12`. */
const DEPLOYS = Number(
  process.argv.find((each) => each.startsWith("--deploys="))?.split("=")[1] ?? process.env.CEMM_SOAK_DEPLOYS ?? 200,
);
/** Sent to each node after each deploy: 200 deploys make 12,000 requests. */
const MESSAGES = 3;
/** Turns after which code is compiled and caches are full: growth is counted from there. */
const WARM_UP = Math.ceil(DEPLOYS / 5);
const KINDS: DeployType[] = ["full", "nodes", "flows"];
/** Heap sizes after garbage collection vary by about 1 MiB. */
const NOISE = 1024 * 1024;
const PROBE = join(__dirname, "probe");

const State = z.object({
  asked: z.number(),
  answered: z.number(),
  errors: z.number(),
  uncoded: z.number(),
  warnings: z.number(),
  heap: z.number(),
  resources: z.record(z.string(), z.number()),
});
type State = z.infer<typeof State>;

class Soaked {
  readonly deploys: DeployType[] = [];
  constructor(
    readonly nodeRed: NodeRed,
    readonly server: FaultyServer,
    private readonly flow: (port: string, turn: number) => FlowNode[],
  ) {}

  async state(): Promise<State> {
    return State.parse(await (await this.nodeRed.admin("soak")).json());
  }

  /** Deploys, sends messages to every node, and waits until all have ended. */
  async turn(turn: number): Promise<void> {
    const kind = KINDS[turn % KINDS.length] ?? "full";
    await this.nodeRed.deploy(this.flow(this.server.port, turn), CREDENTIALS, kind);
    this.deploys.push(kind);
    await this.nodeRed.admin(`soak/wave/${MESSAGES}`, { method: "POST", body: {} });
    await this.settled();
  }

  async settled(): Promise<State> {
    let state = await this.state();
    for (let n = 0; n < 1200 && state.answered + state.errors < state.asked; n++) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      state = await this.state();
    }
    return state;
  }

  async close(): Promise<void> {
    await this.nodeRed.stop();
    await this.server.close();
  }
}

async function soaked(flow: (port: string, turn: number) => FlowNode[]): Promise<Soaked> {
  const server = await faultyServer();
  const nodeRed = await startNodeRed({ packages: [PROBE] });
  return new Soaked(nodeRed, server, flow);
}

describe(`${DEPLOYS} deploys, ${DEPLOYS * MESSAGES * NODES} requests`, () => {
  let cemm: Soaked;
  let core: Soaked;
  let quiet: State;
  const heap = { cemm: 0, core: 0 };

  before(async function () {
    this.timeout(1_800_000);
    [cemm, core] = await Promise.all([soaked(cemmFlow), soaked(coreFlow)]);
    await cemm.nodeRed.deploy(cemmFlow(cemm.server.port, -1, false), CREDENTIALS);
    quiet = await cemm.state();
    [heap.cemm, heap.core] = await Promise.all([run(cemm), run(core)]);
  });
  after(async function () {
    this.timeout(60_000);
    await cemm?.close();
    await core?.close();
  });

  it("every request is answered or ends in an error with a code", async () => {
    const { asked, answered, errors, uncoded, warnings } = await cemm.settled();
    lastLine(() => `${answered} answered + ${errors} errors = ${answered + errors} of ${asked} requests`);
    assert.equal(asked, DEPLOYS * MESSAGES * NODES);
    assert.equal(answered + errors, asked);
    assert.ok(errors > 0, "some failed");
    assert.deepEqual({ uncoded, warnings }, { uncoded: 0, warnings: 0 });
  });

  it("a fifth of the answers is faulty, and all three kinds of deploy are used", () => {
    const { all, faulty } = cemm.server.answers;
    assert.ok(faulty / all > 0.19, `${faulty} of ${all}`);
    assert.deepEqual(new Set(cemm.deploys), new Set(KINDS));
  });

  it("handles and sockets return to the baseline", async () => {
    await cemm.nodeRed.deploy(cemmFlow(cemm.server.port, -1, false), CREDENTIALS);
    // The cloud's connections may stay for a while.
    await eventually(() => cemm.server.sockets.size === 0, "a socket to the server is left");
    const { resources } = await cemm.state();
    for (const [kind, count] of Object.entries(resources)) {
      assert.ok(count <= (quiet.resources[kind] ?? 0) + 1, `${kind}: ${count}, not ${quiet.resources[kind]}`);
    }
  }).timeout(20_000);

  it("the heap grows no more than with core's http request nodes", () => {
    const [ours, theirs] = [heap.cemm, heap.core].map((bytes) => Math.round(bytes / 1024));
    console.log(`      heap growth: ${ours} KiB, core's http request: ${theirs} KiB`);
    assert.ok(heap.cemm <= Math.max(heap.core, 0) + NOISE);
  });

  it("Node-RED logs no uncaught exception and no unhandled rejection", () => {
    assert.doesNotMatch(cemm.nodeRed.log(), /uncaught|unhandled/i);
  });
});

/** How much the heap grew after the warm-up, in bytes. */
async function run(soaking: Soaked): Promise<number> {
  for (let turn = 0; turn < WARM_UP; turn++) await soaking.turn(turn);
  const { heap } = await soaking.state();
  for (let turn = WARM_UP; turn < DEPLOYS; turn++) await soaking.turn(turn);
  return (await soaking.state()).heap - heap;
}

nothingEscaped();
