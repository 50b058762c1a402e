/** The two flows that run side by side: twenty nodes of this package, and twenty `http request` nodes of the core. */
import type { Credentials, FlowNode } from "../../support/node-red.js";
import { KEY, UID } from "../../support/server.js";

export const NODES = 20;
const numbers = Array.from({ length: NODES }, (_, n) => n);
const at = { z: "tab", x: 0, y: 0 };

/** Half use the LAN, every other one with a MAC address, and half the cloud; they also poll. */
export function cemmFlow(port: string, turn: number, isPolling = true): FlowNode[] {
  const repeat = isPolling ? 1 : 0;
  return [
    ...frame(turn),
    { id: "cloud-account", type: "cemm-account", name: "", baseUrl: `http://127.0.0.1:${port}/v1/` },
    ...numbers.flatMap((n) => [
      { ...accessOf(n, port), id: `device-${n}`, type: "cemm-device", name: `CEMM ${n}`, timeout: 10 },
      { ...at, ...nodeOf(n, turn), type: "cemm-realtime", device: `device-${n}`, alias: `mb${n + 1}`, repeat },
    ]),
  ];
}

function accessOf(n: number, port: string): object {
  const host = `127.0.1.${n + 1}:${port}`;
  if (n % 2) return { access: "cloud", account: "cloud-account", uid: UID };
  return { access: "lan", host, uid: n % 4 ? UID : "" };
}

export const CREDENTIALS: Credentials = { "cloud-account": { apiKey: KEY } };

export function coreFlow(port: string, turn: number): FlowNode[] {
  return [
    ...frame(turn),
    ...numbers.map((n) => ({
      ...at,
      ...nodeOf(n, turn),
      type: "http request",
      method: "GET",
      ret: "obj",
      senderr: false,
      url: `http://127.0.1.${n + 1}:${port}/open-api/v1/mb${n + 1}/realtime/`,
    })),
  ];
}

/** A different name at each turn, so that every kind of deploy restarts something. */
function nodeOf(n: number, turn: number) {
  return { id: `node-${n}`, name: `turn ${turn}`, wires: [[]] };
}

function frame(turn: number): FlowNode[] {
  const nodes = numbers.map((n) => `node-${n}`);
  return [
    { id: "tab", type: "tab", label: `turn ${turn}` },
    { ...at, id: "source", type: "soak-source", wires: [nodes] },
    { ...at, id: "on-done", type: "complete", scope: nodes, wires: [["done"]] },
    { ...at, id: "on-error", type: "catch", scope: nodes, wires: [["failed"]] },
    { ...at, id: "done", type: "soak-sink", counts: "answered" },
    { ...at, id: "failed", type: "soak-sink", counts: "errors" },
  ];
}
