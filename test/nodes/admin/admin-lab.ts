/** A Node-RED whose admin routes are called as the dialogs call them, with simulated CEMMs and their cloud. */
import { z } from "zod";
import { type Simulator, startSimulator } from "../../../src/simulator/simulator.js";
import { type FlowNode, type NodeRed, startNodeRed } from "../../support/node-red.js";

export const KEY = "s3cret-key-of-the-account";
/** What a dialog shows instead of a stored key. */
export const PLACEHOLDER = "__PWRD__";
/** Set in Node-RED's global environment. */
export const HOST_VARIABLE = "CEMM_TEST_EVERYWHERE";
/** Set on a tab, a group in it, a subflow and its instance, each with its own value. */
export const LIMIT_VARIABLE = "CEMM_TEST_LIMIT";

/** The body of a refusal. */
export const Refused = z.object({ code: z.string() });

export interface Reply {
  status: number;
  body: unknown;
  text: string;
}

export class AdminLab {
  #simulator: Simulator | undefined;
  #nodeRed: NodeRed | undefined;

  get simulator(): Simulator {
    if (!this.#simulator) throw new Error("not started");
    return this.#simulator;
  }

  get nodeRed(): NodeRed {
    if (!this.#nodeRed) throw new Error("not started");
    return this.#nodeRed;
  }

  async start(): Promise<void> {
    this.#simulator = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0, devices: 2, apiKey: KEY });
    this.#nodeRed = await startNodeRed({
      flows: this.#flows(),
      credentials: { account: { apiKey: KEY } },
      settings: { httpAdminRoot: "/edit" },
    });
  }

  async stop(): Promise<void> {
    await this.#nodeRed?.stop();
    await this.#simulator?.close();
  }

  async ask(path: string, body: unknown): Promise<Reply> {
    const response = await this.nodeRed.admin(`cemm/${path}`, { method: "POST", body });
    const text = await response.text();
    return { status: response.status, body: JSON.parse(text), text };
  }

  /** The status and the error code of a refused request. */
  async refusal(path: string, body: unknown): Promise<string> {
    const { status, body: answer } = await this.ask(path, body);
    return `${status} ${Refused.parse(answer).code}`;
  }

  /** The first CEMM, on the LAN. */
  lan = (more: object = {}) => ({
    access: "lan",
    host: this.simulator.addresses.lan[0],
    uid: "",
    timeout: 30,
    ...more,
  });

  /** The deployed account, as its dialog sends it. */
  account = (more: object = {}) => ({
    id: "account",
    name: "Cloud",
    baseUrl: this.simulator.addresses.cloud,
    apiKey: PLACEHOLDER,
    ...more,
  });

  /** The second CEMM, through the cloud. */
  cloud = (more: object = {}) => ({
    access: "cloud",
    account: this.account(),
    uid: this.simulator.uids[1],
    ...more,
  });

  #flows(): FlowNode[] {
    const { lan, cloud } = this.simulator.addresses;
    const account = { type: "cemm-account", name: "Cloud", baseUrl: cloud };
    const limit = (value: string) => [{ name: LIMIT_VARIABLE, value, type: "num" }];
    const inject = { type: "inject", props: [], wires: [], x: 0, y: 0 };
    return [
      { ...account, id: "account" },
      { ...account, id: "keyless" },
      { id: "everywhere", type: "global-config", env: [{ name: HOST_VARIABLE, value: lan[0], type: "str" }] },
      { id: "tab", type: "tab", label: "test", env: limit("-500") },
      { ...inject, id: "of-tab", z: "tab" },
      { id: "group", type: "group", z: "tab", nodes: ["of-group"], env: limit("500") },
      { ...inject, id: "of-group", z: "tab", g: "group" },
      { id: "template", type: "subflow", name: "sub", in: [], out: [], env: limit("0") },
      { ...inject, id: "of-template", z: "template" },
      { id: "instance", type: "subflow:template", z: "tab", x: 0, y: 0, env: limit("3000") },
    ];
  }
}
