import assert from "node:assert/strict";
import type { Contenders } from "./contenders.js";

/** A race is fair only between those who do the same: the node and the core pair must send the same message. */
export async function assertSameAnswer({ node, core }: Contenders): Promise<void> {
  const [ours, theirs] = await Promise.all([node(0), core(0)]);
  assert.deepEqual(essence(ours), essence(theirs));
}

function essence(msg: unknown): object {
  assert(typeof msg === "object" && msg !== null && "payload" in msg && "topic" in msg && "cemm" in msg);
  assert(typeof msg.cemm === "object");
  const { payload, topic, cemm } = msg;
  // A function node's objects come from another realm: only clones of both are of one kind.
  return structuredClone({ payload, topic, cemm: { ...cemm, requestedAt: 0, receivedAt: 0, age: 0 } });
}
