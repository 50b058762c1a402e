import { corePair } from "./core-pair.js";
import { END, type Flow } from "./embedded-node-red.js";

export const UID = "00-1E-C0-85-96-CC";
export const API_KEY = "bench";
export const DEVICE = "Home";

/** One flow with all that can be asked for live values, of the CEMM and cloud at this host. */
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
    { id: "home-cloud", type: "cemm-device", name: DEVICE, access: "cloud", account: "the-account", uid: UID },
    { id: "home-lan", type: "cemm-device", name: DEVICE, access: "lan", host },
    { ...realtime, id: "cemm-cloud", device: "home-cloud" },
    { ...realtime, id: "cemm-lan", device: "home-lan" },
    { ...realtime, id: "cemm-split", device: "home-lan", target: "", targetType: "str", split: true },
    ...corePair("core-cloud", true),
    ...corePair("core-lan", false),
    ...END,
  ];
  return { flows, credentials: { "the-account": { apiKey: API_KEY } } };
}
