/** Nodes that a test adds to an example, to feed it values and to read its results. */
import assert from "node:assert/strict";
import type { Flow } from "./workbench.js";

/** A button with this name that sends its message to these nodes. */
export const button = (name: string, ...to: string[]) => ({ id: name, type: "inject", name, props: [], wires: [to] });

/** A debug node with this name; `complete`: the property that it shows. */
export const debug = (name: string, complete = "payload") => ({
  id: name,
  type: "debug",
  name,
  active: true,
  tosidebar: true,
  complete,
  wires: [],
});

/** A button named `prices` that stores prices where the examples read them. */
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

/** A copy in which a node's first output is also wired to another node. */
export function alsoTo(flow: Flow, from: string, to: string): Flow {
  return flow.map((node) => {
    if (node.id !== from) return node;
    const [first = [], ...others] = node.wires ?? [];
    return { ...node, wires: [[...first, to], ...others] };
  });
}

/** A copy in which no button presses itself, neither at the start nor by the clock: only the test does. */
export function onlyPressed(flow: Flow): Flow {
  const never = { once: false, repeat: "", crontab: "" };
  return flow.map((node) => (node.type === "inject" ? { ...node, ...never } : node));
}

/** Without coordinates Node-RED would treat it as a config node. */
export function onTab<T extends object>(node: T, tab: string): T & { z: string; x: number; y: number } {
  return { ...node, z: tab, x: 0, y: 0 };
}
