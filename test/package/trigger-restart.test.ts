/** What the built trigger keeps in its context over a deploy. Needs `npm run build`. */
import assert from "node:assert/strict";
import { z } from "zod";
import { type FlowNode, type NodeRed, startNodeRed } from "../support/node-red.js";

const VerdictMessage = z.object({
  payload: z.boolean(),
  topic: z.string(),
  trigger: z.object({ reason: z.string(), since: z.number() }),
});
const NOON = Date.UTC(2026, 5, 1, 12);

const flow = (lostAfter: number): FlowNode[] => [
  { id: "tab", type: "tab", label: "test" },
  { id: "in", type: "inject", z: "tab", props: [], wires: [["switch"]] },
  { id: "switch", type: "cemm-trigger", z: "tab", on: -1000, off: -200, minOn: 60, lostAfter, wires: [["out"]] },
  { id: "out", type: "debug", z: "tab", active: true, tosidebar: true, complete: "true", wires: [] },
];

/** On disk, so it answers asynchronously. In memory: test/nodes/trigger-memory.test.ts. */
const settings = { contextStorage: { default: { module: "localfilesystem", config: { cache: false } } } };

describe("cemm-trigger, after a deploy", () => {
  let nodeRed: NodeRed;
  before(async function () {
    this.timeout(40_000);
    nodeRed = await startNodeRed({ settings, flows: flow(600) });
  });
  after(() => nodeRed?.stop());
  beforeEach(async () => {
    await nodeRed.inject("in", { reset: true });
    for (const alias of ["p1", "s01"]) {
      await inject(0, -1500, alias);
      assert.equal((await next("start")).payload, true);
    }
  });

  const inject = (at: number, payload: number, alias: string) =>
    nodeRed.inject("in", { payload, topic: alias, cemm: { uid: "u", alias, time: NOON + at * 1000 } });

  async function next(reason: string): Promise<z.infer<typeof VerdictMessage>> {
    const { value } = await nodeRed.debug.next(
      ({ value }) => VerdictMessage.safeParse(value).data?.trigger.reason === reason,
    );
    nodeRed.debug.clear();
    return VerdictMessage.parse(value);
  }

  it("reports the kept state with the first value, with its times, and shows it in the status", async () => {
    await nodeRed.deploy(flow(600));
    await inject(10, 0, "p1");
    assert.deepEqual(await next("start"), { payload: true, topic: "p1", trigger: { reason: "start", since: NOON } });
    await nodeRed.statuses.next(({ id, text }) => id === "switch" && text === "on · 0 · off in 50 s");
    await inject(60, 0, "p1");
    assert.equal((await next("condition")).payload, false);
  });

  it("counts values as lost for each known meter that sends none", async () => {
    const short = flow(0.2).map((node) => (node.id === "switch" ? { ...node, minOn: 0 } : node));
    const began = Date.now();
    await nodeRed.deploy(short);
    const both = await nodeRed.debug.take(2);
    const messages = both.map(({ value }) => VerdictMessage.parse(value));
    assert.deepEqual(messages.map(({ topic, payload }) => `${topic} ${payload}`).sort(), ["p1 false", "s01 false"]);
    assert.deepEqual(
      messages.map(({ trigger }) => trigger.reason),
      ["lost", "lost"],
    );
    for (const { trigger } of messages) assert.ok(trigger.since > began && trigger.since <= Date.now());
    await nodeRed.deploy(flow(600));
  });

  it("does not report a meter as lost if another one has taken over its topic", async () => {
    await nodeRed.deploy(flow(3).map((node) => (node.id === "switch" ? { ...node, minOn: 0 } : node)));
    await nodeRed.inject("in", { payload: -1500, topic: "p1", cemm: { uid: "new", alias: "p1" } });
    const both = await nodeRed.debug.take(2);
    const messages = both.map(({ value }) => VerdictMessage.parse(value));
    assert.deepEqual(
      messages.map(({ topic, trigger }) => `${topic} ${trigger.reason}`),
      ["p1 start", "s01 lost"],
    );
    await nodeRed.deploy(flow(600));
  });

  it("does not restore what msg.reset cleared", async () => {
    await nodeRed.inject("in", { reset: true });
    await nodeRed.deploy(flow(600));
    await inject(10, 0, "p1");
    assert.equal((await next("start")).payload, false);
  });
});
