import { corePair } from "./core-pair.js";
import { EmbeddedNodeRed, TAB } from "./embedded-node-red.js";

export const UID = "00-1E-C0-85-96-CC";
export const API_KEY = "bench";
export const DEVICE = "Home";

/** A Node-RED that reads live values from the CEMM and the cloud at this host, with each contender. */
export function startLive(host: string): Promise<EmbeddedNodeRed> {
  const out = { z: "tab", wires: [["flow-end"]] };
  const live = { ...out, type: "cemm-realtime", alias: "alias", aliasType: "msg", format: "values", topic: "" };
  const target = { target: "target", targetType: "msg" };
  const home = { type: "cemm-device", name: DEVICE };
  // Node-RED takes any property that equals an id for a reference, so no id is a common word.
  const flows = [
    ...TAB,
    { id: "the-account", type: "cemm-account", name: "", baseUrl: `http://${host}/v1/` },
    { ...home, id: "home-cloud", access: "cloud", account: "the-account", uid: UID },
    { ...home, id: "home-lan", access: "lan", host },
    { ...live, ...target, id: "cemm-cloud", device: "home-cloud" },
    { ...live, ...target, id: "cemm-lan", device: "home-lan" },
    { ...live, id: "cemm-split", device: "home-lan", split: true },
    ...corePair("core-cloud", true),
    ...corePair("core-lan", false),
  ];
  return EmbeddedNodeRed.start(flows, { "the-account": { apiKey: API_KEY } });
}
