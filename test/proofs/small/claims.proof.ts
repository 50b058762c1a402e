/** Forged discovery answers, each with the largest details allowed: a search must not take much memory or time. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type NodeRed, startNodeRed } from "../../support/node-red.js";
import { lastLine } from "../support/rows.js";
import { forgedCemms } from "./hostile.js";

/** SECURITY.md's promise. */
const LONGEST_BLOCK_MS = 200;
const ABOVE_IDLE_MB = 50;
const CLAIMS = [300, 1000, 1900];
/** Undefined: the default of Node.js. */
const HEAPS_MB = [128, undefined];

const measured: string[] = [];
lastLine(() => `Forged answers, memory above idle: ${measured.join("; ")}`);

const at = { z: "tab", x: 0, y: 0 };
const flows = (port: number) => [
  { id: "tab", type: "tab", label: "claims" },
  { ...at, id: "go", type: "inject", props: [], wires: [["search"]] },
  {
    ...{ ...at, id: "search", type: "cemm-discover", source: "lan", broadcast: "127.0.0.1", port },
    ...{ timeout: 3, details: true, deliver: "one", wires: [["count"]] },
  },
  {
    ...{ ...at, id: "count", type: "change", wires: [["end"]] },
    rules: [{ t: "set", p: "payload", to: "payload.length", tot: "msg" }],
  },
  { ...at, id: "end", type: "debug", name: "end", active: true, tosidebar: true },
];

async function search(nodeRed: NodeRed, port: number): Promise<number> {
  await nodeRed.deploy(flows(port));
  nodeRed.debug.clear();
  await nodeRed.inject("go");
  const { value } = await nodeRed.debug.next(({ name }) => name === "end", 60_000);
  return Number(value);
}

/** The numbers that blocks.cjs printed after `what`. */
function printed(log: string, what: string): number[] {
  return [...log.matchAll(new RegExp(`${what} (\\d+) M`, "gi"))].map(([, number]) => Number(number));
}

for (const heap of HEAPS_MB) {
  for (const claims of CLAIMS) {
    it(`a search with ${claims} forged answers takes little memory and time at ${heap ? `a heap of ${heap} MB` : "the default heap"}`, async () => {
      const limit = heap ? [`--max-old-space-size=${heap}`] : [];
      const nodeRed = await startNodeRed({ nodeArgs: [...limit, "--require", join(__dirname, "blocks.cjs")] });
      const [one, many] = [await forgedCemms(1), await forgedCemms(claims)];
      try {
        // Idle is after a first search, since the code that it loads stays in memory.
        assert.equal(await search(nodeRed, one.port), 1);
        const before = nodeRed.log();
        const [idle = 0, idleHeap = 0] = ["memory", "heap"].map((what) => printed(before, what).at(-1));
        assert.ok((await search(nodeRed, many.port)) > 128);
        const log = nodeRed.log().slice(before.length);
        const [memory = 0, used = 0] = ["memory", "heap"].map((what) => Math.max(...printed(log, what)));
        const block = Math.max(0, ...[...log.matchAll(/blocked for (\d+) ms/g)].map(([, ms]) => Number(ms)));
        measured.push(`${heap ?? "default"}/${claims} ${memory - idle} MB (heap ${used - idleHeap} MB), ${block} ms`);
        assert.ok(memory - idle < ABOVE_IDLE_MB, `${memory - idle} MB above idle`);
        assert.ok(block < LONGEST_BLOCK_MS, `blocked for ${block} ms`);
      } finally {
        await nodeRed.stop();
        await Promise.all([one.close(), many.close()]);
      }
    }).timeout(120_000);
  }
}
