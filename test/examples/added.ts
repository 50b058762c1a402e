/** Nodes that a test adds to an example, to give it values and to see what comes of them. */
import assert from "node:assert/strict";
import type { Flow } from "./workbench.js";

/** A button of that name that sends what it is pressed with to these nodes. */
export const button = (name: string, ...to: string[]) => ({ id: name, type: "inject", name, props: [], wires: [to] });

/** A debug node of that name; `complete`: what it shows. */
export const debug = (name: string, complete = "payload") => ({
  id: name,
  type: "debug",
  name,
  active: true,
  tosidebar: true,
  complete,
  wires: [],
});

/** A button named `prices`, which leaves them where the examples look for prices. */
export const priceButton = () => [
  button("prices", "prices-kept"),
  {
    id: "prices-kept",
    type: "change",
    rules: [{ t: "set", p: "electricityPrices", pt: "global", to: "payload", tot: "msg" }],
    wires: [[]],
  },
];

/** A copy of the example with these nodes on its tab. */
export function withNodes(flow: Flow, ...nodes: Flow): Flow {
  const tab = flow.find(({ type }) => type === "tab")?.id ?? assert.fail("no tab");
  return [...flow, ...nodes.map((node) => onTab(node, tab))];
}

/** A copy in which a node's first output also goes to another. */
export function alsoTo(flow: Flow, from: string, to: string): Flow {
  return flow.map((node) => {
    if (node.id !== from) return node;
    const [first = [], ...others] = node.wires ?? [];
    return { ...node, wires: [[...first, to], ...others] };
  });
}

/** Without a place Node-RED would take it for a config node. */
export function onTab<T extends object>(node: T, tab: string): T & { z: string; x: number; y: number } {
  return { ...node, z: tab, x: 0, y: 0 };
}
