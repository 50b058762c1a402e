/** A whole fleet on this machine: simulated CEMMs, Redis, InfluxDB, and the program of examples/fleet as often as wanted. */
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
  startCemms,
  startDatabase,
  startRedis,
} from "./servers.js";

const ROOT = resolve(__dirname, "../..");
const run = promisify(execFile);

export interface FleetOptions {
  /** What the simulator is told. */
  cemms: string[];
  /** Other values for what fleet.env sets. */
  env?: Record<string, string>;
}

/** The servers and the program; {@link hire} starts it. */
export class Fleet {
  readonly workers: Program[] = [];
  readonly #env: Record<string, string>;

  private constructor(
    readonly folder: string,
    readonly cemms: Cemms,
    readonly redis: Program,
    readonly influxdb: Program,
    readonly database: Database,
    readonly queue: Queue,
    env: Record<string, string>,
  ) {
    this.#env = env;
  }

  static async start({ cemms: args, env }: FleetOptions): Promise<Fleet> {
    const folder = mkdtempSync(join(tmpdir(), "cemm-fleet-"));
    const cemms = await startCemms(args);
    const redis = await startRedis(join(folder, "redis"));
    const { program: influxdb, database } = await startDatabase(join(folder, "influxdb"));
    const connection = { host: "127.0.0.1", port: redis.port, password: PASSWORD, maxRetriesPerRequest: null };
    const queue = new Queue("cemm", { connection, skipMetasUpdate: true });
    queue.on("error", () => {});
    installProgram(join(folder, "program"));
    return new Fleet(folder, cemms, redis.program, influxdb, database, queue, {
      ...settings(),
      CEMM_API_KEY: "demo",
      CEMM_BASE_URL: cemms.addresses.cloud,
      REDIS: `127.0.0.1:${redis.port}`,
      INFLUX_URL: database.url,
      ...env,
    });
  }

  /** One more machine. */
  async hire(): Promise<Program> {
    const worker = await Program.start({
      name: `worker ${this.workers.length + 1}`,
      command: process.execPath,
      args: ["fleet.mjs"],
      cwd: join(this.folder, "program"),
      env: this.#env,
      isReady: (wrote) => wrote(/^Working/),
    });
    this.workers.push(worker);
    return worker;
  }

  /** What the program writes for such a command. */
  async command(program: string, ...args: string[]): Promise<string> {
    const options = { cwd: join(this.folder, "program"), env: { ...process.env, ...this.#env } };
    return (await run(process.execPath, [program, ...args], options)).stdout;
  }

  async stop(): Promise<void> {
    await this.queue.close();
    const programs = [...this.workers, this.cemms.program, this.redis, this.influxdb];
    await Promise.all(programs.map((each) => each.kill()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What fleet.env sets, with the test's password. */
function settings(): Record<string, string> {
  const known = Object.entries(parseEnv(exampleFile("fleet.env"))).map(([name, value = ""]) => [
    name,
    name.endsWith("_PASSWORD") ? PASSWORD : value,
  ]);
  return Object.fromEntries(known);
}

/** As `npm install` leaves it: with what this project has of it. */
export function installProgram(folder: string): void {
  cpSync(EXAMPLE, folder, { recursive: true });
  const modules = join(folder, "node_modules");
  mkdirSync(modules, { recursive: true });
  symlinkSync(ROOT, join(modules, "node-red-contrib-cemm"), "dir");
  for (const name of ["bullmq", "ioredis", "mqtt"]) {
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name), "dir");
  }
}

export async function until(holds: () => boolean | Promise<boolean>, ms: number, what: () => string): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `${what()} after ${ms} ms`);
    await pause(50);
  }
}
