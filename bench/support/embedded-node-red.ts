/** A real Node-RED in this process, with the package installed in its own user directory; no editor, no test helper. */
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import RED, { type Node, type NodeDef, type NodeMessage } from "node-red";
import { makeUserDir } from "../../test/support/node-red-process.js";

interface RuntimeNodes {
  registerType(set: string, type: string, node: (this: Node, config: NodeDef) => void): void;
  createNode(node: Node, config: NodeDef): void;
  getNode(id: string): Node | undefined;
}

const SETTINGS = {
  flowFile: "flows.json",
  credentialSecret: false,
  httpAdminRoot: false,
  httpNodeRoot: false,
  logging: { console: { level: "error", metrics: false, audit: false } },
};

/** A tab, the node where its flows end, which only this process has, and a catch node that sends all errors there. */
export const TAB = [
  { id: "tab", type: "tab", label: "bench" },
  { id: "flow-end", type: "bench-end", z: "tab", wires: [] },
  { id: "errors", type: "catch", z: "tab", scope: null, wires: [["flow-end"]] },
];

export class EmbeddedNodeRed {
  readonly #userDir = makeUserDir(SETTINGS);
  readonly #waiting = new Map<string, (msg: NodeMessage) => void>();
  #onEnd: (msg: NodeMessage) => void = () => {};
  #sent = 0;

  /** Starts one with these nodes, and credentials by node id. */
  static async start(flows: readonly object[], credentials = {}): Promise<EmbeddedNodeRed> {
    const nodeRed = new EmbeddedNodeRed();
    writeFileSync(join(nodeRed.#userDir, "flows.json"), JSON.stringify(flows));
    writeFileSync(join(nodeRed.#userDir, "flows_cred.json"), JSON.stringify(credentials));
    await nodeRed.#start();
    return nodeRed;
  }

  /** Gives the node a message, waits for `count` messages at the flow's end, and returns the last. */
  async ask(id: string, message: object, count = 1): Promise<NodeMessage> {
    const _msgid = String(++this.#sent);
    const msg = await new Promise<NodeMessage>((resolve) => {
      let left = count;
      this.#waiting.set(_msgid, (msg) => {
        left--;
        if (left > 0 && !("error" in msg)) return;
        this.#waiting.delete(_msgid);
        resolve(msg);
      });
      this.give(id, message, _msgid);
    });
    if ("error" in msg) throw new Error(`"${id}" failed: ${JSON.stringify(msg.error)}`);
    return msg;
  }

  give(id: string, message: object, _msgid = String(++this.#sent)): void {
    const node = runtimeNodes().getNode(id);
    if (!node) throw new Error(`There is no node "${id}".`);
    node.receive({ ...message, _msgid });
  }

  /** Calls back with every message at the flow's end. */
  onEnd(callback: (msg: NodeMessage) => void): void {
    this.#onEnd = callback;
  }

  async stop(): Promise<void> {
    await RED.stop();
    rmSync(this.#userDir, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    // The types require every setting.
    Reflect.apply(RED.init, RED, [createServer(), { ...SETTINGS, userDir: this.#userDir }]);
    const started = once(RED.events, "flows:started");
    await RED.start();
    // The flows wait for this last type.
    this.#registerEnd();
    await started;
  }

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

/** The runtime's API for nodes, which Node-RED's types leave out. */
function runtimeNodes(): RuntimeNodes {
  const app: object = RED;
  return Reflect.get(app, "nodes");
}
