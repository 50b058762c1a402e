/** Three Redis, one of them the master, and three Sentinels, with the files of examples/fleet. */
import { join } from "node:path";
import { freePort } from "../support/node-red-process.js";
import { Program } from "./program.js";
import { exampleFile, makeFolder, PASSWORD, type Store, writeFile } from "./servers.js";

/** One of the three machines. */
export interface Machine {
  address: string;
  /** The process whose network namespace it uses; default: this machine's. */
  inside?: number;
}

interface Member extends Machine {
  port: number;
  sentinelPort: number;
  folder: string;
}

export interface Cluster extends Store {
  /** The Redis of each machine; the first is the master at the start. */
  redis: Program[];
}

export async function startCluster(folder: string, machines: readonly Machine[]): Promise<Cluster> {
  const members: Member[] = [];
  for (const [n, machine] of machines.entries()) members.push(await memberOf(machine, join(folder, `${n + 1}`)));
  const [master] = members;
  if (!master) throw new Error("No machine.");
  makeFolder(folder, "redis");
  const redis: Program[] = [];
  for (const member of members) redis.push(await startRedis(member, master));
  const sentinels = await Promise.all(members.map((member) => startSentinel(member, master)));
  await Promise.all(sentinels.map(allKnown));
  const addresses = members.map(({ address, sentinelPort }) => ({ host: address, port: sentinelPort }));
  return {
    redis,
    programs: [...redis, ...sentinels],
    address: addresses.map(({ host, port }) => `${host}:${port}`).join(),
    connection: { sentinels: addresses, name: "cemm", sentinelPassword: PASSWORD, password: PASSWORD },
  };
}

/** On one shared machine each needs its own ports. */
async function memberOf(machine: Machine, folder: string): Promise<Member> {
  const hasOwnNetwork = machine.inside !== undefined;
  const [port, sentinelPort] = hasOwnNetwork ? [6379, 26379] : [await freePort(), await freePort()];
  return { ...machine, folder, port, sentinelPort };
}

function startRedis(member: Member, master: Member): Promise<Program> {
  const { address, port, folder, inside } = member;
  makeFolder(folder, "redis");
  const follows = member === master ? "" : `replicaof ${master.address} ${master.port}`;
  const config = exampleFile("redis/three.conf").replace(/^bind .*$/m, bind(address));
  const file = writeFile(join(folder, "redis.conf"), [config, follows, `port ${port}`, `dir ${folder}`], "redis");
  return Program.start({
    name: `Redis ${address}:${port}`,
    command: "redis-server",
    args: [file],
    user: "redis",
    inside,
    isReady: (wrote) => wrote(member === master ? /Ready to accept connections/ : /MASTER <-> REPLICA sync: Finished/),
  });
}

function startSentinel({ address, sentinelPort, folder, inside }: Member, master: Member): Promise<Program> {
  const config = exampleFile("redis/sentinel.conf")
    .replace(/^bind .*$/m, bind(address))
    .replace(/^port .*$/m, `port ${sentinelPort}`)
    .replace(/^sentinel monitor .*$/m, `sentinel monitor cemm ${master.address} ${master.port} 2`)
    .replace(/^(daemonize|pidfile|logfile|dir) .*$/gm, "");
  const file = writeFile(join(folder, "sentinel.conf"), [config, `dir ${folder}`], "redis");
  return Program.start({
    name: `Sentinel ${address}:${sentinelPort}`,
    command: "redis-sentinel",
    args: [file],
    user: "redis",
    inside,
    isReady: (wrote) => wrote(/\+monitor master cemm/),
  });
}

/** As in the files: localhost, and its address in the private network. */
const bind = (address: string) => `bind ${[...new Set(["127.0.0.1", address])].join(" ")}`;

/** Resolves once it knows both replicas and both other Sentinels. */
async function allKnown({ lines }: Program): Promise<void> {
  await lines.take(2, (line) => line.includes("+slave "), 30_000);
  await lines.take(2, (line) => line.includes("+sentinel "), 30_000);
}
