/**
 * The servers that a fleet needs, each on a free port with its own folder, run as Debian does: under its own user, with
 * the files of examples/fleet.
 */
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import type { RedisOptions } from "bullmq";
import { z } from "zod";
import { freePort } from "../support/node-red-process.js";
import { idsOf, Program } from "./program.js";

export const EXAMPLE = resolve(__dirname, "../../examples/fleet");
export const PASSWORD = "only-a-test";
const HOST = "127.0.0.1";
const SIMULATOR = resolve(__dirname, "../../dist/simulator/main.js");

/** A running server, and its port. */
export interface Server {
  program: Program;
  port: number;
}

/** Where the jobs are kept. */
export interface Store {
  programs: Program[];
  /** In the form that fleet.env uses. */
  address: string;
  connection: RedisOptions;
}

/** One Redis with an append-only file. */
export async function startRedis(folder: string): Promise<Store> {
  const port = await freePort();
  makeFolder(folder, "redis");
  const file = writeFile(join(folder, "redis.conf"), [exampleFile("redis/one.conf"), `port ${port}`, `dir ${folder}`]);
  const program = await Program.start({
    name: "Redis",
    command: "redis-server",
    args: [file],
    user: "redis",
    isReady: (wrote) => wrote(/Ready to accept connections/),
  });
  return { programs: [program], address: `${HOST}:${port}`, connection: { host: HOST, port, password: PASSWORD } };
}

/** InfluxDB at this port; `hasLogin`: only for users with a password. */
export function startInfluxdb(folder: string, port: number, hasLogin: boolean): Promise<Program> {
  makeFolder(folder, "influxdb");
  const file = writeFile(join(folder, "influxdb.conf"), [
    "reporting-disabled = true",
    `bind-address = "${HOST}:0"`,
    "[meta]",
    `  dir = "${folder}/meta"`,
    "[data]",
    `  dir = "${folder}/data"`,
    `  wal-dir = "${folder}/wal"`,
    "  query-log-enabled = false",
    "[monitor]",
    "  store-enabled = false",
    "[http]",
    `  bind-address = "${HOST}:${port}"`,
    `  auth-enabled = ${hasLogin}`,
    "  log-enabled = false",
  ]);
  return Program.start({
    name: "InfluxDB",
    command: "influxd",
    args: ["-config", file],
    user: "influxdb",
    isReady: () => canConnect(port),
  });
}

/** InfluxDB with logins, and a database that the user "fleet" may write to. */
export async function startDatabase(folder: string): Promise<Server & { database: Database }> {
  const port = await freePort();
  const program = await startInfluxdb(folder, port, true);
  const database = new Database(`http://${HOST}:${port}`);
  await database.ask(`CREATE USER admin WITH PASSWORD '${PASSWORD}' WITH ALL PRIVILEGES`);
  await database.ask("CREATE DATABASE cemm");
  await database.ask(`CREATE USER fleet WITH PASSWORD '${PASSWORD}'`);
  await database.ask("GRANT ALL ON cemm TO fleet");
  return { program, port, database };
}

const Started = z.object({
  addresses: z.object({ cloud: z.string(), lan: z.array(z.string()) }),
  uids: z.array(z.string()),
});

export interface Cemms extends z.infer<typeof Started> {
  program: Program;
}

/** Simulated CEMMs; `args`: the command's arguments. A restart uses the same ports. */
export async function startCemms(args: string[]): Promise<Cemms> {
  const ports = ["--cloud-port", `${await freePort()}`, "--udp-port", "0", "--json"];
  const program = await Program.start({
    name: "simulator",
    command: process.execPath,
    args: [SIMULATOR, ...ports, ...args],
    isReady: (wrote) => wrote(/^\{.*\}$/),
  });
  return { program, ...Started.parse(JSON.parse(program.lines.all.find((line) => line.startsWith("{")) ?? "")) };
}

const Rows = z.array(z.array(z.union([z.string(), z.number(), z.null()])));
const Answer = z.object({
  results: z.tuple([
    z.object({ error: z.string().optional(), series: z.array(z.object({ values: Rows })).default([]) }),
  ]),
});

export class Database {
  constructor(readonly url: string) {}

  /** The rows of a query, from all series; times in ms. */
  async ask(query: string): Promise<z.infer<typeof Rows>> {
    const response = await fetch(`${this.url}/query`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`admin:${PASSWORD}`).toString("base64")}` },
      body: new URLSearchParams({ db: "cemm", epoch: "ms", q: query }),
    });
    const [{ error, series }] = Answer.parse(await response.json()).results;
    if (error) throw new Error(`${query}: ${error}`);
    return series.flatMap(({ values }) => values);
  }
}

/** An example file's text, with the test's password. */
export function exampleFile(name: string): string {
  return readFileSync(join(EXAMPLE, name), "utf8").replaceAll(/\b\w+_PASSWORD$/gm, PASSWORD);
}

/** A folder owned by the server's user, below one that everyone may enter. */
export function makeFolder(folder: string, user: string): void {
  mkdirSync(folder, { recursive: true });
  const ids = idsOf(user);
  if (!ids) return;
  chmodSync(join(folder, ".."), 0o755);
  chownSync(folder, ids.uid, ids.gid);
}

/** `user`: its owner. */
export function writeFile(file: string, lines: string[], user?: string): string {
  writeFileSync(file, `${lines.join("\n")}\n`);
  const ids = user === undefined ? undefined : idsOf(user);
  if (ids) chownSync(file, ids.uid, ids.gid);
  return file;
}

export function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    const settle = (can: boolean) => {
      socket.destroy();
      resolve(can);
    };
    socket.once("connect", () => settle(true)).once("error", () => settle(false));
  });
}
