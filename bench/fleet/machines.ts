/** Three machines, each a network namespace, 10.8.0.1 to 10.8.0.3, linked to this one. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Machine } from "../../test/fleet/cluster.js";
import { Program } from "../../test/fleet/program.js";

const HERE = "10.8.0.254";
const BRIDGE = "machines";

const ip = (command: string) => execFileSync("ip", command.split(" "), { stdio: ["ignore", "ignore", "inherit"] });
const cable = (n: number) => `machine${n}`;

/** Starts the machines, and links this one to their network. */
export async function startMachines(count: number): Promise<{ machines: Required<Machine>[]; programs: Program[] }> {
  ip(`link add ${BRIDGE} type bridge`);
  ip(`addr add ${HERE}/24 dev ${BRIDGE}`);
  ip(`link set ${BRIDGE} up`);
  const programs: Program[] = [];
  const machines: Required<Machine>[] = [];
  for (let n = 1; n <= count; n++) {
    const program = await Program.start({
      name: "machine",
      command: "unshare",
      args: ["--net", "sh", "-c", "ip link set lo up && echo up && exec sleep infinity"],
      isReady: (wrote) => wrote(/^up$/),
    });
    const inside = program.pid ?? 0;
    const address = `10.8.0.${n}`;
    ip(`link add ${cable(n)} type veth peer name cable netns ${inside}`);
    ip(`link set ${cable(n)} master ${BRIDGE} up`);
    for (const command of [`addr add ${address}/24 dev cable`, "link set cable up"]) {
      execFileSync("nsenter", ["--target", `${inside}`, "--net", "ip", ...command.split(" ")]);
    }
    programs.push(program);
    machines.push({ address, inside });
  }
  return { machines, programs };
}

/** Sets the state of a machine's link, by index. */
export function setCable(n: number, state: "up" | "down"): void {
  ip(`link set ${cable(n + 1)} ${state}`);
}

/** Forwards loopback ports of each machine to this one: an account may use plain http only to loopback. */
export function forward(ports: readonly string[], machines: readonly Required<Machine>[]): Promise<Program[]> {
  const start = (address: string, to: string, inside?: number) =>
    Program.start({
      name: "forward",
      command: process.execPath,
      args: [join(__dirname, "forward.mjs"), address, to, ...ports],
      inside,
      isReady: (wrote) => wrote(/listens/),
    });
  return Promise.all([start(HERE, "127.0.0.1"), ...machines.map(({ inside }) => start("127.0.0.1", HERE, inside))]);
}
