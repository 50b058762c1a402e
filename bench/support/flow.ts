import { corePair } from "./core-pair.js";
import type { Flow } from "./embedded-node-red.js";

export const UID = "00-1E-C0-85-96-CC";
export const API_KEY = "bench";
export const DEVICE = "Home";

/** The flow's entries: a message that any of them receives comes out at `flow-end`. */
export type Entry = "cemm-cloud" | "cemm-lan" | "core-cloud" | "core-lan";

/** One flow with all contenders, which end at the node `flow-end`; so do their errors. */
export function benchFlow(host: string): Flow {
  const base = `http://${host}/v1/`;
  const realtime = {
    type: "cemm-realtime",
    z: "tab",
    alias: "alias",
    aliasType: "msg",
    target: "target",
    targetType: "msg",
    format: "values",
    topic: "",
    wires: [["flow-end"]],
  };
  // Node-RED takes any property for a reference that is the same as an id: so no id is an everyday word.
  const flows = [
    { id: "tab", type: "tab", label: "bench" },
    { id: "the-account", type: "cemm-account", name: "", baseUrl: base },
    {
      id: "home-cloud",
      type: "cemm-device",
      name: DEVICE,
      access: "cloud",
      account: "the-account",
      uid: UID,
      host: "",
    },
    { id: "home-lan", type: "cemm-device", name: DEVICE, access: "lan", host, uid: "", account: "" },
    { ...realtime, id: "cemm-cloud", device: "home-cloud" },
    { ...realtime, id: "cemm-lan", device: "home-lan" },
    ...corePair("core-cloud", { keep: true, to: "flow-end" }),
    ...corePair("core-lan", { keep: false, to: "flow-end" }),
    { id: "errors", type: "catch", z: "tab", scope: null, wires: [["flow-end"]] },
    { id: "flow-end", type: "bench-end", z: "tab", wires: [] },
  ];
  return { flows, credentials: { "the-account": { apiKey: API_KEY } } };
}
