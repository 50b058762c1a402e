/** Bodies of 4 MiB of many kinds, on every route: answered or refused with a code, without blocking for long. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type FlowNode, type NodeRed, startNodeRed } from "../../support/node-red.js";
import { KEY, type TestServer, UID } from "../../support/server.js";
import { lastLine } from "../support/rows.js";
import { ANY_BODY, anyBody } from "./hostile.js";

const HEAP_MB = 128;
const TIMES = 2;
/** SECURITY.md's promise. */
const LONGEST_BLOCK_MS = 200;

let longest = { ms: 0, kind: "none" };
lastLine(() => `Bodies of 4 MiB: longest block ${longest.ms} ms (${longest.kind}), with a heap of ${HEAP_MB} MB`);

const at = { z: "tab", x: 0, y: 0 };
const asking = { ...at, alias: "p1", time: "2026-01-01", timeType: "str", wires: [["answered"]] };
const past = { period: "day", deliver: "one", toType: "none" };

/** The requests, by the id of their node. */
const QUESTIONS: Record<string, object> = {
  "live values, LAN": { type: "cemm-realtime", device: "test-lan" },
  "live values, cloud": { type: "cemm-realtime", device: "test-cloud" },
  "history, LAN": { type: "cemm-history", device: "test-lan", ...past },
  "history, cloud": { type: "cemm-history", device: "test-cloud", ...past, format: "influx" },
  "readings, cloud": { type: "cemm-totals", device: "test-cloud" },
  "CEMMs, cloud": { type: "cemm-discover", source: "cloud", account: "test-account", details: true },
};

const flows = (host: string): FlowNode[] => [
  { id: "tab", type: "tab", label: "bodies" },
  { id: "test-account", type: "cemm-account", baseUrl: `http://${host}/v1/` },
  { id: "test-lan", type: "cemm-device", host },
  { id: "test-cloud", type: "cemm-device", access: "cloud", account: "test-account", uid: UID },
  ...Object.entries(QUESTIONS).flatMap(([id, node]) => [
    { ...at, id: `ask ${id}`, type: "inject", props: [], wires: [[id]] },
    { type: "", ...asking, ...node, id },
  ]),
  { ...at, id: "failed", type: "catch", scope: Object.keys(QUESTIONS), wires: [["code"]] },
  { ...ending("answered", "answered", "str") },
  { ...ending("code", "error.code", "msg") },
  { ...at, id: "end", type: "debug", name: "end", complete: "end", active: true, tosidebar: true },
];

function ending(id: string, value: string, type: string): FlowNode {
  const rules = [
    { t: "set", p: "end", pt: "msg", to: value, tot: type },
    { t: "delete", p: "payload", pt: "msg" },
  ];
  return { ...at, id, type: "change", rules, wires: [["end"]] };
}

describe(`a body of 4 MiB, at a heap of ${HEAP_MB} MB`, () => {
  let nodeRed: NodeRed;
  let hostile: TestServer & { kind: string };

  before(async function () {
    this.timeout(60_000);
    hostile = await anyBody();
    const nodeArgs = [`--max-old-space-size=${HEAP_MB}`, "--require", join(__dirname, "blocks.cjs")];
    nodeRed = await startNodeRed({ nodeArgs });
    await nodeRed.deploy(flows(hostile.host), { "test-account": { apiKey: KEY } });
    for (const question of Object.keys(QUESTIONS)) await ask(question);
  });
  after(async function () {
    this.timeout(30_000);
    await nodeRed?.stop();
    await hostile?.close();
  });

  async function ask(question: string): Promise<string> {
    nodeRed.debug.clear();
    await nodeRed.inject(`ask ${question}`);
    const { value } = await nodeRed.debug.next(({ name }) => name === "end", 60_000);
    return String(value);
  }

  for (const kind of ANY_BODY.keys()) {
    it(`is answered or refused without blocking for long: ${kind}`, async () => {
      hostile.kind = kind;
      const before = nodeRed.log().length;
      for (const question of Object.keys(QUESTIONS)) {
        for (let n = 0; n < TIMES; n++) {
          assert.match(`${question}: ${await ask(question)}`, /: (answered|CEMM_BAD_RESPONSE)$/);
        }
      }
      const log = nodeRed.log().slice(before);
      const blocks = [...log.matchAll(/blocked for (\d+) ms/g)].map(([, ms]) => Number(ms));
      const ms = Math.max(0, ...blocks);
      if (ms > longest.ms) longest = { ms, kind };
      assert.ok(ms < LONGEST_BLOCK_MS, `blocked for ${ms} ms`);
    }).timeout(120_000);
  }
});
