/**
 * Feeds values of another time to an example, one by one, in place of its meter.
 * After each value the states of the example's loads are known, so that the next value can include them.
 */
import assert from "node:assert/strict";
import { z } from "zod";
import { withNodes } from "./added.js";
import type { Flow, Workbench } from "./workbench.js";

const PATH = "replayed";

export interface Sample {
  payload: unknown;
  /** Absent if the value does not come from a CEMM. */
  cemm?: { uid: string; alias: string; time: number; suspect?: string[] };
}

/** The last state of each load, by the name of its debug node. */
const LoadStates = z.record(z.string(), z.unknown());
export type LoadStates = z.infer<typeof LoadStates>;

/** A copy of the example in which values come by HTTP instead of from its live node. */
export function withReplay(flow: Flow): Flow {
  const meter = flow.find(({ type }) => type === "cemm-realtime") ?? assert.fail("no live node");
  const readers = meter.wires?.flat() ?? [];
  const loads = flow.filter(({ type }) => type === "debug");
  const isLoad = (id: string) => loads.some((load) => load.id === id);
  const copy = flow.map((node) => ({
    ...node,
    ...(node === meter && { repeat: 0 }),
    wires: node.wires?.map((ids) => [...ids, ...ids.filter(isLoad).map((id) => `state-${id}`)]),
  }));
  const added = [
    { id: "replayed", type: "http in", url: `/${PATH}`, method: "post", wires: [["replayed-sample"]] },
    change("replayed-sample", [set("cemm", "payload.cemm"), set("payload", "payload.payload")], readers.slice(0, 1)),
    ...readers.map((id, n) => complete(id, readers[n + 1] ?? "load-states")),
    ...loads.map(({ id, name }) => change(`state-${id}`, [{ ...set(`states["${name}"]`, "payload"), pt: "flow" }], [])),
    change("load-states", [{ ...set("payload", "states"), tot: "flow" }], ["replayed-answer"]),
    { id: "replayed-answer", type: "http response", wires: [] },
  ];
  return withNodes(copy, ...added);
}

/** Resolves once the example has handled it. */
export async function replay(bench: Workbench, sample: Sample): Promise<LoadStates> {
  const response = await fetch(`${bench.nodeRed.url}/${PATH}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(sample),
  });
  assert.equal(response.status, 200);
  // Empty before a load was switched.
  const text = await response.text();
  return LoadStates.parse(text ? JSON.parse(text) : {});
}

const set = (p: string, to: string) => ({ t: "set", p, pt: "msg", to, tot: "msg" });
const change = (id: string, rules: object[], to: string[]) => ({ id, type: "change", rules, wires: [to] });
/** The readers get the value one by one, each when the previous one is done. */
const complete = (id: string, next: string) => ({ id: `done-${id}`, type: "complete", scope: [id], wires: [[next]] });
