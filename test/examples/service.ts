/** Programs of Debian's packages that examples need, run by the tests: on this machine only, each with a folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Capture } from "../support/node-red-capture.js";

/** Servers are where other users' paths do not lead. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
const START_MS = 20_000;
const STOP_MS = 10_000;

/** A killed test run must not leave them behind. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export class Service {
  /** What it wrote, in lines. */
  readonly lines = new Capture<string>("line");
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(program: string, args: string[]) {
    this.#child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    running.add(this.#child);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      let rest = "";
      stream?.setEncoding("utf8").on("data", (text: string) => {
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) this.lines.add(line);
      });
    }
    this.#ended = once(this.#child, "close").then(
      () => undefined,
      (error: Error) => this.lines.add(error.message),
    );
  }

  /** Resolves once `isReady` does; rejects with what it wrote if it ends before. */
  async ready(isReady: () => Promise<boolean>): Promise<this> {
    const deadline = Date.now() + START_MS;
    let hasEnded = false;
    const end = this.#ended.then(() => {
      hasEnded = true;
    });
    while (!(await isReady())) {
      if (hasEnded || Date.now() > deadline) {
        await this.stop();
        throw new Error(`${this.#child.spawnfile} did not start:\n${this.lines.all.join("\n")}`);
      }
      await Promise.race([pause(50), end]);
    }
    return this;
  }

  async stop(): Promise<void> {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
    this.#child.kill("SIGTERM");
    await this.#ended;
    clearTimeout(timer);
    running.delete(this.#child);
  }
}

export interface Server {
  /** It is gone until `resume`; its data are kept. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

interface ServerOptions {
  program: string;
  /** The option that names its configuration file. */
  option: string;
  config: (folder: string) => string;
  isReady: () => Promise<boolean>;
}

/** A server with a folder of its own. Whoever has its port already is not touched. */
export async function startServer({ program, option, config, isReady }: ServerOptions): Promise<Server> {
  if (await isReady()) throw new Error(`The port of ${program} is taken; stop what listens there.`);
  const folder = mkdtempSync(join(tmpdir(), `cemm-${program}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const file = join(folder, `${program}.conf`);
  writeFileSync(file, config(folder));
  const start = () => new Service(program, [option, file]).ready(isReady);
  try {
    let service: Service | undefined = await start();
    const pause = async () => {
      await service?.stop();
      service = undefined;
    };
    const resume = async () => {
      service ??= await start();
    };
    return { pause, resume, stop: () => pause().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}
