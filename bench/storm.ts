/** 30,000 messages at once to one node: how long nothing else can run, and how each message ends. See README.md. */
import type { NodeMessage } from "node-red";
import { EmbeddedNodeRed } from "./support/embedded-node-red.js";
import { benchFlow } from "./support/flow.js";
import { LoopWatch } from "./support/loop-watch.js";
import { median } from "./support/measure.js";
import { check, finish } from "./support/report.js";
import { startServer } from "./support/start-server.js";

const MESSAGES = 30_000;
const ROUNDS = 3;
/** What they may block the loop at most, ms. */
const MAX_BLOCK = 1000;

function endOf(msg: NodeMessage): string {
  if (!("error" in msg)) return "answered";
  const { error } = msg;
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "without a code";
}

async function main(): Promise<void> {
  // tsx has them on, Node-RED has not: each error's stack would be traced to its source.
  process.setSourceMapsEnabled(false);
  const { hosts, stop } = await startServer();
  const nodeRed = await EmbeddedNodeRed.start(benchFlow(hosts[0] ?? ""));
  const ask = () => nodeRed.end("cemm-lan", { alias: "p1", target: "" });
  // The first question loads the HTTP client.
  await ask();
  const ends: Record<string, number> = {};
  const blocks: number[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    const watch = new LoopWatch();
    const ended = await Promise.all(Array.from({ length: MESSAGES }, ask));
    blocks.push(watch.stop());
    for (const end of ended.map(endOf)) ends[end] = (ends[end] ?? 0) + 1;
  }
  console.table({ [`${MESSAGES} messages at once, ${ROUNDS} times`]: ends });
  const { answered = 0, CEMM_RATE_LIMITED: refused = 0 } = ends;
  finish([
    check("30,000 messages at once: longest block, ms", median(blocks), "<=", MAX_BLOCK),
    check("share answered, or refused with a code", (answered + refused) / (MESSAGES * ROUNDS), ">=", 1),
  ]);
  await nodeRed.stop();
  stop();
}

main().then(
  () => process.exit(),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
