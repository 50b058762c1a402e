/** A program in its own process, which can be killed, stopped and restarted. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { Capture } from "../support/node-red-capture.js";

export interface ProgramOptions {
  name: string;
  command: string;
  args: string[];
  cwd?: string;
  env?: Record<string, string>;
  /** The user that Debian runs it as, if the tests run as root. */
  user?: string | undefined;
  /** The process whose network namespace it uses. */
  inside?: number | undefined;
  /** `wrote`: whether it has written a line that matches since it started. */
  isReady: (wrote: (line: RegExp) => boolean) => boolean | Promise<boolean>;
}

const START_MS = 30_000;
const STOP_MS = 10_000;
/** The kernel counts CPU time in ticks. */
const MS_OF_A_TICK = 10;

/** A killed test run must not leave these processes behind. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export class Program {
  /** Its output since the last start. */
  readonly lines = new Capture<string>("line");
  readonly #options: ProgramOptions;
  #child: ChildProcess | undefined;

  constructor(options: ProgramOptions) {
    this.#options = options;
  }

  static async start(options: ProgramOptions): Promise<Program> {
    const program = new Program(options);
    await program.begin();
    return program;
  }

  get name(): string {
    return this.#options.name;
  }

  /** Starts or restarts it, and waits until it is ready. */
  async begin(): Promise<void> {
    const { cwd, env } = this.#options;
    const [command = "", ...args] = commandOf(this.#options);
    this.lines.clear();
    const child = spawn(command, args, {
      cwd,
      // Debian's servers are in /usr/sbin, which is not on every user's PATH.
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin`, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    running.add(child);
    child.once("exit", () => running.delete(child));
    for (const stream of [child.stdout, child.stderr]) this.#read(stream);
    await this.#ready(child);
  }

  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async stop(): Promise<void> {
    const timer = setTimeout(() => this.#child?.kill("SIGKILL"), STOP_MS);
    await this.#end("SIGTERM");
    clearTimeout(timer);
  }

  /** Makes it hang for a while. */
  async freeze(ms: number): Promise<void> {
    this.#child?.kill("SIGSTOP");
    await pause(ms);
    this.#child?.kill("SIGCONT");
  }

  /** CPU time so far in ms, including kernel time. */
  cpu(): number {
    const [, fields = ""] = this.#proc("stat").split(") ");
    const [user = 0, system = 0] = fields.split(" ").slice(11, 13).map(Number);
    return (user + system) * MS_OF_A_TICK;
  }

  /** Its peak memory in MB. */
  memory(): number {
    return Number(/VmHWM:\s*(\d+)/.exec(this.#proc("status"))?.[1] ?? 0) / 1024;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  #proc(file: string): string {
    return readFileSync(`/proc/${this.#child?.pid}/${file}`, "utf8");
  }

  #read(stream: ChildProcess["stdout"]): void {
    let rest = "";
    stream?.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.lines.add(line);
    });
  }

  async #ready(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + START_MS;
    const wrote = (line: RegExp) => this.lines.all.some((each) => line.test(each));
    while (!(await this.#options.isReady(wrote))) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
        await this.kill();
        throw new Error(`${this.name} did not start:\n${this.lines.all.join("\n")}`);
      }
      await pause(50);
    }
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
  }
}

function commandOf({ command, args, user, inside }: ProgramOptions): string[] {
  const ids = user === undefined ? undefined : idsOf(user);
  const network = inside === undefined ? [] : ["nsenter", "--target", `${inside}`, "--net"];
  const as = ids ? ["setpriv", "--reuid", `${ids.uid}`, "--regid", `${ids.gid}`, "--clear-groups"] : [];
  return [...network, ...as, command, ...args];
}

/** Only root can start a process as another user. */
export function idsOf(user: string): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (option: string) => Number(execFileSync("id", [option, user], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
