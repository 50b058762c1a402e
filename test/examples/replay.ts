/**
 * Values of another time, one after another, into what an example reads its meter with: a flow's own time stands still.
 * After each one the state of the example's loads is known, so that they can appear in the next value.
 */
import assert from "node:assert/strict";
import { z } from "zod";
import type { Flow, Workbench } from "./workbench.js";

const PATH = "fed";

export interface Sample {
  payload: unknown;
  /** Not where it comes from elsewhere. */
  cemm?: { uid: string; alias: string; time: number; suspect?: string[] };
}

/** The last state of each load, by the name of its debug node. */
const Told = z.record(z.string(), z.unknown());
export type Told = z.infer<typeof Told>;

/** A copy of the example in which values come by HTTP instead of from its live node. */
export function withReplay(flow: Flow): Flow {
  const meter = flow.find(({ type }) => type === "cemm-realtime") ?? assert.fail("no live node");
  const tab = String(meter.z);
  const readers = meter.wires?.flat() ?? [];
  const loads = flow.filter(({ type }) => type === "debug");
  const isLoad = (id: string) => loads.some((load) => load.id === id);
  const copy = flow.map((node) => ({
    ...node,
    ...(node === meter && { repeat: 0 }),
    wires: node.wires?.map((ids) => [...ids, ...ids.filter(isLoad).map((id) => `told-${id}`)]),
  }));
  const added = [
    { id: "fed", type: "http in", url: `/${PATH}`, method: "post", wires: [["fed-sample"]] },
    change("fed-sample", [set("cemm", "payload.cemm"), set("payload", "payload.payload")], readers.slice(0, 1)),
    ...readers.map((id, n) => complete(id, readers[n + 1] ?? "fed-told")),
    ...loads.map(({ id, name }) => change(`told-${id}`, [{ ...set(`told["${name}"]`, "payload"), pt: "flow" }], [])),
    change("fed-told", [{ ...set("payload", "told"), tot: "flow" }], ["fed-answer"]),
    { id: "fed-answer", type: "http response", wires: [] },
  ];
  return [...copy, ...added.map((node) => onTab(node, tab))];
}

/** Resolves once the example has done with it. */
export async function replay(bench: Workbench, sample: Sample): Promise<Told> {
  const response = await fetch(`${bench.nodeRed.url}/${PATH}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(sample),
  });
  assert.equal(response.status, 200);
  // Empty before a load was switched.
  const text = await response.text();
  return Told.parse(text ? JSON.parse(text) : {});
}

/** Without a place Node-RED would take it for a config node. */
export function onTab<T extends object>(node: T, tab: string): T & { z: string; x: number; y: number } {
  return { ...node, z: tab, x: 0, y: 0 };
}

const set = (p: string, to: string) => ({ t: "set", p, pt: "msg", to, tot: "msg" });
const change = (id: string, rules: object[], to: string[]) => ({ id, type: "change", rules, wires: [to] });
/** One reader after another gets the value: each when the one before has done with it. */
const complete = (id: string, next: string) => ({ id: `done-${id}`, type: "complete", scope: [id], wires: [[next]] });
