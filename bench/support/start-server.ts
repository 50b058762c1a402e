import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";

export interface StartedServer {
  /** `address:port` of each CEMM; each is also the cloud. */
  hosts: string[];
  /** How often each path was requested. */
  requests(): Promise<Map<string, number>>;
  stop(): void;
}

/** Starts `server.ts` in its own process, which ends with this one. `latency` in ms. */
export async function startServer({ cemms = 1, latency = 0 } = {}): Promise<StartedServer> {
  const child = fork(resolve(__dirname, "server.ts"), [String(cemms), String(latency)]);
  const exit = once(child, "exit").then(() => Promise.reject(new Error("The server did not start.")));
  const addresses = await Promise.race([message<AddressInfo[]>(child), exit]);
  return {
    hosts: addresses.map(({ address, port }) => `${address}:${port}`),
    async requests() {
      child.send("requests");
      return new Map(await message<[path: string, count: number][]>(child));
    },
    stop: () => child.disconnect(),
  };
}

async function message<T>(child: ChildProcess): Promise<T> {
  const [received]: T[] = await once(child, "message");
  if (received === undefined) throw new Error("The server sent nothing.");
  return received;
}
