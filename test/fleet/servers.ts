/** What a fleet stands on: a broker, a database and the simulated CEMMs, each on a free port and with a folder of its own. */
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { z } from "zod";
import { freePort } from "../support/node-red-process.js";
import { guard, type Login } from "./guard.js";
import { Program } from "./program.js";

export interface Broker {
  program: Program;
  port: number;
  /** None: it lets everyone in. */
  login?: Login;
}

const HOST = "127.0.0.1";
const SIMULATOR = resolve(__dirname, "../../dist/simulator/main.js");

/** It keeps what it has to keep, and enough of it. Guarded: with users, rights and TLS, as docs/fleet.md sets it up. */
export async function startBroker(folder: string, isGuarded = false): Promise<Broker> {
  const port = await freePort();
  const guarded = isGuarded ? guard(folder, port) : undefined;
  const open = [
    `listener ${port} ${HOST}`,
    "allow_anonymous true",
    "autosave_interval 1",
    "max_queued_messages 100000",
  ];
  const config = writeConfig(folder, "mosquitto", [
    ...(guarded?.config ?? open),
    "user root",
    "persistence true",
    `persistence_location ${folder}/`,
    "log_dest stderr",
    "log_type error",
  ]);
  const isReady = () => canConnect(port);
  const program = await Program.start({ name: "broker", command: "mosquitto", args: ["-c", config], isReady });
  return { port, program, ...(guarded && { login: guarded.login }) };
}

/** What tells Mosquitto's own clients where the broker is, and who they are. */
export function clientOptions({ port, login }: Broker, user: string): string[] {
  const as = login ? ["-h", login.host, "--cafile", login.ca, "-u", user, "-P", login.password] : ["-h", HOST];
  return ["-V", "5", "-q", "1", "-p", `${port}`, ...as];
}

export async function startDatabase(folder: string): Promise<{ port: number; database: Database }> {
  const port = await freePort();
  const config = writeConfig(folder, "influxd", [
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
    "  log-enabled = false",
  ]);
  const isReady = () => canConnect(port);
  const options = { name: "database", command: "influxd", args: ["-config", config], isReady };
  const program = await Program.start(options);
  const database = new Database(program, `http://${HOST}:${port}`);
  await database.ask("CREATE DATABASE cemm");
  return { port, database };
}

const Started = z.object({
  addresses: z.object({ cloud: z.string(), lan: z.array(z.string()) }),
  uids: z.array(z.string()),
});

export interface Cemms extends z.infer<typeof Started> {
  program: Program;
}

export async function startCemms(args: string[]): Promise<Cemms> {
  const free = ["--cloud-port", "0", "--udp-port", "0", "--json"];
  const isReady = (wrote: (line: RegExp) => boolean) => wrote(/^\{.*\}$/);
  const command = process.execPath;
  const program = await Program.start({ name: "simulator", command, args: [SIMULATOR, ...free, ...args], isReady });
  return { program, ...Started.parse(JSON.parse(program.lines.all.find((line) => line.startsWith("{")) ?? "")) };
}

const Rows = z.array(z.array(z.union([z.string(), z.number(), z.null()])));
const Answer = z.object({
  results: z.tuple([
    z.object({ error: z.string().optional(), series: z.array(z.object({ values: Rows })).default([]) }),
  ]),
});

export class Database {
  readonly program: Program;
  readonly #url: string;

  constructor(program: Program, url: string) {
    this.program = program;
    this.#url = url;
  }

  /** The rows that a query gives, of all series; times in ms. */
  async ask(query: string): Promise<z.infer<typeof Rows>> {
    const body = new URLSearchParams({ db: "cemm", epoch: "ms", q: query });
    const response = await fetch(`${this.#url}/query`, { method: "POST", body });
    const [{ error, series }] = Answer.parse(await response.json()).results;
    if (error) throw new Error(`${query}: ${error}`);
    return series.flatMap(({ values }) => values);
  }

  /** How many points there are that have a value of power. */
  async points(where: string): Promise<number> {
    const [[, count] = []] = await this.ask(`SELECT COUNT(electric_power) FROM cemm WHERE ${where}`);
    return Number(count ?? 0);
  }

  async write(lines: string): Promise<void> {
    const response = await fetch(`${this.#url}/write?db=cemm&precision=ms`, { method: "POST", body: lines });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  }
}

function writeConfig(folder: string, name: string, lines: string[]): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.conf`);
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    const tell = (can: boolean) => {
      socket.destroy();
      resolve(can);
    };
    socket.once("connect", () => tell(true)).once("error", () => tell(false));
  });
}
