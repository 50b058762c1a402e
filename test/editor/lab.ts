/** What dialog tests need: CEMMs, a Node-RED, a browser, and the editor that is open in it. */
import type { Browser } from "playwright-core";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";
import { type NodeRed, startNodeRed } from "../support/node-red.js";
import { Editor, type EditorOptions, startBrowser } from "./editor.js";
import { flowsOf, KEY } from "./flows.js";

interface Cemms {
  devices: number;
  /** How long the cloud takes to keep a promise, ms; default: no promises. */
  promise?: number;
}

export class Lab {
  #editor: Editor | undefined;

  private constructor(
    readonly simulator: Simulator,
    readonly nodeRed: NodeRed,
    readonly browser: Browser,
  ) {}

  static async start({ devices, promise = 0 }: Cemms): Promise<Lab> {
    const cemms = startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0, devices, apiKey: KEY, promise });
    return new Lab(...(await Promise.all([cemms, startNodeRed(), startBrowser()])));
  }

  /** Deploys every node, see {@link flowsOf}. */
  async deployAll(): Promise<void> {
    await this.nodeRed.deploy(flowsOf(this.simulator), { account: { apiKey: KEY } });
  }

  /** Replaces the editor that was open. */
  async open(options?: EditorOptions, url = this.nodeRed.adminUrl): Promise<Editor> {
    const before = this.#editor;
    this.#editor = undefined;
    await before?.close();
    const editor = await Editor.open(this.browser, url, options);
    this.#editor = editor;
    await editor.searchAt(this.simulator.addresses.udp);
    return editor;
  }

  async stop(): Promise<void> {
    try {
      await this.#editor?.close();
    } finally {
      await this.browser.close();
      await this.nodeRed.stop();
      await this.simulator.close();
    }
  }
}
