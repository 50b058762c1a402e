/** One Node-RED as a user starts it: the program `red.js` in its own process, with its own user directory. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Capture } from "./node-red-capture.js";
import { nodeRedProgram } from "./node-red-path.js";

export type Settings = Record<string, unknown>;

export interface ProcessOptions {
  /** A packed package to install instead of linking this folder. Needs the registry. */
  tarball?: string;
  /** Folders of other palettes to link beside this package. */
  packages?: string[];
  /** Added to the settings file; JSON only. */
  settings?: Settings;
  /** Options of the Node.js process, such as `--max-old-space-size=128`. */
  nodeArgs?: string[];
  /** Let it also find what listens on the CEMMs' own port on this machine, for a test that runs a simulator there. */
  seesDiscoveryPort?: boolean;
}

const packageFolder = resolve(__dirname, "../..");
const loopback = join(__dirname, "loopback.cjs");
const noDiscovery = join(__dirname, "no-discovery.cjs");
const START_MS = 30_000;
const START_TRIES = 3;
const STOP_MS = 20_000;

/** Keeps a test's Node-RED on loopback, quiet, and without prompts. */
const baseSettings: Settings = {
  uiHost: "127.0.0.1",
  flowFile: "flows.json",
  credentialSecret: "test-only",
  lang: "en-US",
  debugMaxLength: 10_000_000,
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false, projects: { enabled: false } },
  externalModules: {
    autoInstall: false,
    palette: { allowInstall: false, allowUpdate: false, allowUpload: false },
    modules: { allowInstall: false },
  },
};

/** A killed test run must not leave its Node-REDs behind. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export class NodeRedProcess {
  readonly userDir: string;
  readonly port: number;
  /** The log, in the chunks in which it arrives. */
  readonly output = new Capture<string>("piece of log");
  readonly #child: ChildProcess;

  private constructor(userDir: string, port: number, nodeArgs: readonly string[]) {
    this.userDir = userDir;
    this.port = port;
    const args = [...nodeArgs, nodeRedProgram, "-u", userDir, "-s", join(userDir, "settings.js")];
    this.#child = spawn(process.execPath, args, {
      cwd: userDir,
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(this.#child);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => this.output.add(text));
    }
  }

  static async start(options: ProcessOptions): Promise<NodeRedProcess> {
    for (let tries = 1; ; tries++) {
      try {
        return await NodeRedProcess.#startOnce(options);
      } catch (error) {
        // Another test took the free port first.
        if (tries === START_TRIES || !String(error).includes("port in use")) throw error;
      }
    }
  }

  static async #startOnce({
    settings = {},
    tarball,
    packages = [],
    nodeArgs = [],
    seesDiscoveryPort,
  }: ProcessOptions): Promise<NodeRedProcess> {
    const port = await freePort();
    const userDir = makeUserDir({ ...baseSettings, ...settings, uiPort: port }, tarball);
    for (const folder of packages) linkPackage(userDir, folder);
    const preloads = seesDiscoveryPort ? [loopback] : [loopback, noDiscovery];
    const node = new NodeRedProcess(userDir, port, [...nodeArgs, ...preloads.flatMap((file) => ["--require", file])]);
    await node.#ready();
    return node;
  }

  log(): string {
    return this.output.all.join("");
  }

  async stop(): Promise<void> {
    await this.#exited();
    running.delete(this.#child);
    rmSync(this.userDir, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    const started = () =>
      /Started flows|Waiting for missing types/.test(this.log()) && /now running at/.test(this.log());
    const died = once(this.#child, "exit").then(() => Promise.reject(new Error("It ended immediately.")));
    try {
      await Promise.race([this.output.next(started, START_MS), died]);
    } catch (error) {
      const log = this.log();
      await this.stop();
      throw new Error(`Node-RED did not start:\n${log}`, { cause: error });
    }
  }

  async #exited(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, "exit");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
    this.#child.kill("SIGTERM");
    const [, signal] = await exit;
    clearTimeout(timer);
    if (signal === "SIGKILL") throw new Error(`Node-RED had to be killed:\n${this.log()}`);
  }
}

export function makeUserDir(settings: Settings, tarball?: string): string {
  const userDir = mkdtempSync(join(tmpdir(), "cemm-node-red-"));
  writeFileSync(join(userDir, "package.json"), JSON.stringify({ name: "user-dir", dependencies: {} }));
  if (tarball) installTarball(userDir, tarball);
  else linkPackage(userDir, packageFolder);
  writeFileSync(join(userDir, "settings.js"), `module.exports = ${JSON.stringify(settings)};`);
  return userDir;
}

/** Links it, like `npm install <folder>`. */
function linkPackage(userDir: string, folder: string): void {
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const link = join(userDir, "node_modules", name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(folder, link, "dir");
  const file = join(userDir, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  manifest.dependencies[name] = version;
  writeFileSync(file, JSON.stringify(manifest));
}

/** Installs it like the palette manager, which refuses a package whose engines do not match. Needs the registry. */
function installTarball(userDir: string, tarball: string): void {
  const options = ["--engine-strict", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--prefer-offline"];
  execFileSync("npm", ["install", ...options, tarball], { cwd: userDir, stdio: ["ignore", "ignore", "inherit"] });
}

/** Finds a free port, since port 0 means the default to Node-RED. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No port.");
  return address.port;
}
