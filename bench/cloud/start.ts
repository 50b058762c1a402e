import { once } from "node:events";
import { resolve } from "node:path";
import { type StartedServer, startServer } from "../support/start-server.js";

/** The promising cloud, `latency` ms away. */
export function startCloud(latency: number): Promise<StartedServer> {
  return startServer(resolve(__dirname, "server.ts"), [String(latency)]);
}

/** How often each path was asked for. */
export async function requestsOf({ child }: StartedServer): Promise<[path: string, count: number][]> {
  child.send("requests");
  const [requests]: [string, number][][] = await once(child, "message");
  return requests ?? [];
}

/** Of the nth CEMM, up to 65536. */
export function cemmUid(n: number): string {
  const hex = n.toString(16).padStart(4, "0").toUpperCase();
  return `00-1E-C0-00-${hex.slice(0, 2)}-${hex.slice(2)}`;
}
