import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";

export interface StartedServer {
  /** `address:port` of each of its CEMMs. */
  hosts: string[];
  child: ChildProcess;
  stop: () => void;
}

/** Starts a server of the bench in a process of its own, with which it ends: what answers costs us nothing. */
export async function startServer(
  script = resolve(__dirname, "server.ts"),
  options: readonly string[] = [],
): Promise<StartedServer> {
  const child = fork(script, options);
  const [addresses = []]: AddressInfo[][] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => Promise.reject(new Error("The server did not start."))),
  ]);
  return {
    hosts: addresses.map(({ address, port }) => `${address}:${port}`),
    child,
    stop: () => child.disconnect(),
  };
}
