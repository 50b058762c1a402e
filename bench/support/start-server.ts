import { fork } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";

/** Starts the server in a process of its own; gives the address of each CEMM. It ends with this process. */
export async function startServer(): Promise<{ hosts: string[]; stop: () => void }> {
  const child = fork(resolve(__dirname, "server.ts"));
  const [addresses = []]: AddressInfo[][] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => Promise.reject(new Error("The server did not start."))),
  ]);
  return {
    hosts: addresses.map(({ address, port }) => `${address}:${port}`),
    stop: () => child.disconnect(),
  };
}
