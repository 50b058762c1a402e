/** A real Node-RED in this process, with the package installed in a user directory of its own; no editor, no test helper. */
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import RED, { type Node, type NodeDef, type NodeMessage } from "node-red";

interface RuntimeNodes {
  registerType(set: string, type: string, node: (this: Node, config: NodeDef) => void): void;
  createNode(node: Node, config: NodeDef): void;
  getNode(id: string): Node | undefined;
}

export interface Flow {
  flows: object[];
  credentials: Record<string, Record<string, string>>;
}

const SETTINGS = {
  flowFile: "flows.json",
  credentialSecret: false,
  httpAdminRoot: false,
  httpNodeRoot: false,
  logging: { console: { level: "error", metrics: false, audit: false } },
};

const PACKAGE = "node-red-contrib-cemm";

export class EmbeddedNodeRed {
  readonly #userDir = mkdtempSync(join(tmpdir(), "cemm-bench-"));
  readonly #waiting = new Map<string, (msg: NodeMessage) => void>();
  #onEnd: (msg: NodeMessage) => void = () => {};
  #sent = 0;

  static async start(flow: Flow): Promise<EmbeddedNodeRed> {
    const nodeRed = new EmbeddedNodeRed();
    await nodeRed.#start(flow);
    return nodeRed;
  }

  /** Gives the node a message, and waits for the one, or the last one, that comes out at the flow's end. */
  async ask(id: string, message: object, isLast?: (msg: NodeMessage) => boolean): Promise<NodeMessage> {
    const msg = await this.end(id, message, isLast);
    if ("error" in msg) throw new Error(`"${id}" failed: ${JSON.stringify(msg.error)}`);
    return msg;
  }

  /** The same, where what comes out may be an error, by way of a catch node. */
  end(id: string, message: object, isLast: (msg: NodeMessage) => boolean = () => true): Promise<NodeMessage> {
    const node = runtimeNodes().getNode(id);
    if (!node) throw new Error(`There is no node "${id}".`);
    const _msgid = String(++this.#sent);
    return new Promise((resolve) => {
      this.#waiting.set(_msgid, (msg) => {
        if (!isLast(msg)) return;
        this.#waiting.delete(_msgid);
        resolve(msg);
      });
      node.receive({ _msgid, ...message });
    });
  }

  /** Gives the node a message that nobody waits for. */
  give(id: string, message: object): void {
    runtimeNodes()
      .getNode(id)
      ?.receive({ _msgid: String(++this.#sent), ...message });
  }

  /** Calls back with every message that comes out at the flow's end. */
  onEnd(callback: (msg: NodeMessage) => void): void {
    this.#onEnd = callback;
  }

  /** Takes these nodes in place of those before. */
  async deploy(flows: Flow): Promise<void> {
    const started = once(RED.events, "flows:started");
    await RED.runtime.flows.setFlows({ flows });
    await started;
  }

  /** Calls back whenever the node shows another status. */
  onStatus(id: string, callback: () => void): void {
    RED.events.on("node-status", (event: { id: string }) => {
      if (event.id === id) callback();
    });
  }

  async stop(): Promise<void> {
    await RED.stop();
    rmSync(this.#userDir, { recursive: true, force: true });
  }

  async #start({ flows, credentials }: Flow): Promise<void> {
    installPackage(this.#userDir);
    writeFileSync(join(this.#userDir, "flows.json"), JSON.stringify(flows));
    writeFileSync(join(this.#userDir, "flows_cred.json"), JSON.stringify(credentials));
    // The types want all settings there are.
    Reflect.apply(RED.init, RED, [createServer(), { ...SETTINGS, userDir: this.#userDir }]);
    const started = once(RED.events, "flows:started");
    await RED.start();
    // The flows wait for this last type.
    this.#registerEnd();
    await started;
  }

  /** Where every flow ends. */
  #registerEnd(): void {
    const take = (msg: NodeMessage) => {
      this.#onEnd(msg);
      if (msg._msgid) this.#waiting.get(msg._msgid)?.(msg);
    };
    runtimeNodes().registerType("bench", "bench-end", function (config) {
      runtimeNodes().createNode(this, config);
      this.on("input", (msg, _send, done) => {
        take(msg);
        done();
      });
    });
  }
}

/** What the runtime offers nodes; Node-RED's types leave it out. */
function runtimeNodes(): RuntimeNodes {
  const app: object = RED;
  return Reflect.get(app, "nodes");
}

/** The same as `npm install <folder>`, which links. */
function installPackage(userDir: string): void {
  mkdirSync(join(userDir, "node_modules"));
  symlinkSync(resolve(__dirname, "../.."), join(userDir, "node_modules", PACKAGE), "dir");
  writeFileSync(join(userDir, "package.json"), JSON.stringify({ dependencies: { [PACKAGE]: "*" } }));
}
