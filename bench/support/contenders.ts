/** Four ways to get the same live values, over either route. */
import assert from "node:assert/strict";
import { Agent, type Dispatcher } from "undici";
import { CemmAccount, CemmClient } from "./built.js";
import type { EmbeddedNodeRed } from "./embedded-node-red.js";
import { API_KEY, DEVICE, UID } from "./flow.js";
import type { Contender } from "./measure.js";

export const NAMES = ["undici", "client", "node", "core"] as const;
export type Name = (typeof NAMES)[number];
export type Contenders = Record<Name, Contender>;

/** Callers of one CEMM ask for different meters: the client would combine equal requests. */
function aliasOf(n: number): string {
  return `mb${n + 1}`;
}

function get(dispatcher: Dispatcher, origin: string, pathOf: (n: number) => string): Contender {
  const headers = { accept: "application/json", "accept-encoding": "identity" };
  return async (n) => {
    const { body } = await dispatcher.request({ origin, path: pathOf(n), method: "GET", headers });
    return JSON.parse(await body.text());
  };
}

export function overCloud(host: string, nodeRed: EmbeddedNodeRed): Contenders {
  const origin = `http://${host}`;
  const pathOf = (n: number) => `/v1/cemm/${UID}/${aliasOf(n)}/realtime/?api_key=${API_KEY}`;
  const account = new CemmAccount({ apiKey: API_KEY, baseUrl: `${origin}/v1/` });
  const client = new CemmClient({ access: "cloud", account, uid: UID });
  const about = { uid: UID, device: DEVICE, source: "cloud" };
  return {
    undici: get(new Agent({ connections: 4 }), origin, pathOf),
    client: (n) => client.realtime(aliasOf(n)),
    node: (n) => nodeRed.ask("cemm-cloud", { alias: aliasOf(n), target: UID }),
    core: (n) => askCore(nodeRed, "core-cloud", origin + pathOf(n), { ...about, alias: aliasOf(n) }),
  };
}

/** The nth caller asks the nth host, or all ask the only one. */
export function overLan(hosts: readonly string[], nodeRed: EmbeddedNodeRed): Contenders {
  const hostOf = (n: number) => hosts[n % hosts.length] ?? "";
  const pathOf = (n: number) => `/open-api/v1/${aliasOf(n)}/realtime/`;
  const clients = hosts.map((host) => new CemmClient({ host }));
  // A new connection for each request, one at a time per host, like the client on the LAN.
  const agents = hosts.map((host) => get(new Agent({ pipelining: 0, connections: 1 }), `http://${host}`, pathOf));
  const about = { uid: UID, device: DEVICE, source: "lan" };
  return {
    undici: async (n) => agents[n % agents.length]?.(n),
    client: async (n) => clients[n % clients.length]?.realtime(aliasOf(n)),
    node: (n) => nodeRed.ask("cemm-lan", { alias: aliasOf(n), target: hostOf(n) }),
    core: (n) => {
      const host = hostOf(n);
      return askCore(nodeRed, "core-lan", `http://${host}${pathOf(n)}`, { ...about, host, alias: aliasOf(n) });
    },
  };
}

function askCore(nodeRed: EmbeddedNodeRed, entry: string, url: string, about: object): Promise<unknown> {
  return nodeRed.ask(entry, { url, ask: { ...about, requestedAt: Date.now() } });
}

/** The comparison is fair only if the node and the core pair send the same message. */
export async function assertSameMessage({ node, core }: Contenders): Promise<void> {
  const [ours, theirs] = await Promise.all([node(0), core(0)]);
  assert.deepEqual(comparable(ours), comparable(theirs));
}

function comparable(msg: unknown): object {
  assert(typeof msg === "object" && msg !== null && "payload" in msg && "topic" in msg && "cemm" in msg);
  assert(typeof msg.cemm === "object");
  const { payload, topic, cemm } = msg;
  // A function node's objects come from another realm, so only clones can be compared.
  return structuredClone({ payload, topic, cemm: { ...cemm, requestedAt: 0, receivedAt: 0, age: 0 } });
}
