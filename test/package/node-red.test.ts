import assert from "node:assert/strict";
import { z } from "zod";
import { type NodeRed, startNodeRed } from "../support/node-red.js";
import { nodeRedVersion } from "../support/node-red-path.js";

const Settings = z.object({ version: z.string() });
const Shown = z.object({ payload: z.unknown(), topic: z.unknown() });

const flow = [
  { id: "tab", type: "tab", label: "test" },
  {
    id: "in",
    type: "inject",
    z: "tab",
    props: [{ p: "payload" }],
    payload: "hello",
    payloadType: "str",
    wires: [["out"]],
  },
  {
    id: "out",
    type: "debug",
    z: "tab",
    active: true,
    tosidebar: true,
    complete: "true",
    statusVal: "payload",
    tostatus: true,
    statusType: "auto",
    wires: [],
  },
];

describe(`the embedded Node-RED ${nodeRedVersion}`, () => {
  let nodeRed: NodeRed;
  before(async function () {
    this.timeout(40_000);
    nodeRed = await startNodeRed({ flows: flow });
  });
  after(() => nodeRed?.stop());

  it("is the version that the tests ask for", async () => {
    const settings = Settings.parse(await (await nodeRed.admin("settings")).json());
    // It calls itself 4.1.15-git where it finds a .git folder above it.
    assert.equal(settings.version.replace("-git", ""), nodeRedVersion);
  });

  it("shows what a debug node receives, whole", async () => {
    const payload = { list: Array.from({ length: 2000 }, (_, i) => i), nothing: null, text: "x" };
    await nodeRed.inject("in", { payload, topic: "t" });
    const { value } = await nodeRed.debug.next(({ id }) => id === "out");
    const shown = Shown.parse(value);
    assert.deepEqual(shown.payload, payload);
    assert.equal(shown.topic, "t");
  });

  it("shows the status of a node", async () => {
    await nodeRed.inject("in");
    const status = await nodeRed.statuses.next(({ text }) => text === "hello");
    assert.equal(status.id, "out");
  });
});
