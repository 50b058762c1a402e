/** A whole fleet on this machine: simulated CEMMs, Redis, InfluxDB, and any number of processes of examples/fleet. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseEnv, promisify } from "node:util";
import { Queue } from "bullmq";
import { Program } from "./program.js";
import {
  type Cemms,
  type Database,
  EXAMPLE,
  exampleFile,
  PASSWORD,
  type Store,
  startCemms,
  startDatabase,
  startRedis,
} from "./servers.js";

const ROOT = resolve(__dirname, "../..");
const run = promisify(execFile);
/** The arguments in its systemd service. */
const [, STARTED_WITH = ""] = /^ExecStart=.* node (.*)$/m.exec(exampleFile("cemm-fleet.service")) ?? [];

export interface FleetOptions<S extends Store> {
  /** The simulator's options. */
  cemms: string[];
  /** Overrides of fleet.env. */
  env?: Record<string, string>;
  /** One Redis, or a cluster. */
  store: (folder: string) => Promise<S>;
}

interface Servers<S extends Store> {
  cemms: Cemms;
  store: S;
  influxdb: Program;
  database: Database;
}

/** The servers, and the workers that {@link startWorker} started. */
export class Fleet<S extends Store = Store> {
  readonly cemms: Cemms;
  readonly store: S;
  readonly influxdb: Program;
  readonly database: Database;
  readonly queue: Queue;
  readonly workers: Program[] = [];
  readonly #folder: string;
  readonly #env: Record<string, string>;

  private constructor(folder: string, { cemms, store, influxdb, database }: Servers<S>, env = {}) {
    this.#folder = folder;
    this.cemms = cemms;
    this.store = store;
    this.influxdb = influxdb;
    this.database = database;
    const connection = { ...store.connection, maxRetriesPerRequest: null };
    this.queue = new Queue("cemm", { connection, skipMetasUpdate: true });
    // These tests kill Redis.
    this.queue.on("error", () => {});
    this.#env = {
      ...settings(),
      CEMM_API_KEY: "demo",
      CEMM_BASE_URL: cemms.addresses.cloud,
      REDIS: store.address,
      INFLUX_URL: database.url,
      ...env,
    };
  }

  static async start<S extends Store>({ cemms: args, env, store: startStore }: FleetOptions<S>): Promise<Fleet<S>> {
    const folder = mkdtempSync(join(tmpdir(), "cemm-fleet-"));
    const cemms = await startCemms(args);
    const store = await startStore(join(folder, "redis"));
    const { program: influxdb, database } = await startDatabase(join(folder, "influxdb"));
    installProgram(join(folder, "program"));
    return new Fleet(folder, { cemms, store, influxdb, database }, env);
  }

  /** Starts one more worker; `inside`: the process whose network namespace it uses. */
  async startWorker(inside?: number): Promise<Program> {
    const worker = await Program.start({
      name: `worker ${this.workers.length + 1}`,
      command: process.execPath,
      args: STARTED_WITH.split(" "),
      cwd: join(this.#folder, "program"),
      env: this.#env,
      inside,
      isReady: (wrote) => wrote(/^Working/),
    });
    this.workers.push(worker);
    return worker;
  }

  /** The output of one of the programs, such as fleet.mjs. */
  async command(program: string, ...args: string[]): Promise<string> {
    const options = { cwd: join(this.#folder, "program"), env: { ...process.env, ...this.#env } };
    return (await run(process.execPath, [program, ...args], options)).stdout;
  }

  /** The workers' output. */
  log(): string {
    return this.workers.map(({ name, lines }) => `${name}:\n${lines.all.join("\n")}`).join("\n");
  }

  async stop(): Promise<void> {
    await this.queue.close();
    const programs = [...this.workers, this.cemms.program, ...this.store.programs, this.influxdb];
    await Promise.all(programs.map((each) => each.kill()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export const startFleet = (options: Omit<FleetOptions<Store>, "store">) =>
  Fleet.start({ ...options, store: startRedis });

/** The settings in fleet.env, with the test's password. */
function settings(): Record<string, string> {
  const known = Object.entries(parseEnv(exampleFile("fleet.env")));
  const tested = (name: string, value = "") => (name.endsWith("_PASSWORD") ? PASSWORD : value);
  return Object.fromEntries(known.map(([name, value]) => [name, tested(name, value)]));
}

/** Installs the program as `npm install` would, with this project's packages. */
export function installProgram(folder: string): void {
  cpSync(EXAMPLE, folder, { recursive: true });
  const modules = join(folder, "node_modules");
  mkdirSync(modules, { recursive: true });
  symlinkSync(ROOT, join(modules, "node-red-contrib-cemm"), "dir");
  for (const name of ["bullmq", "ioredis", "mqtt"]) {
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name), "dir");
  }
}

/** Resolves once `holds` is true; fails after `ms` with the text `wrong`. */
export async function until(
  wrong: string | (() => string),
  ms: number,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `${typeof wrong === "string" ? wrong : wrong()} after ${ms} ms`);
    await pause(50);
  }
}
