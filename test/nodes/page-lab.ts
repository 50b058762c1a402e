/** A Node-RED with cemm-page nodes, and a simulated CEMM whose requests can be seen and refused. */
import assert from "node:assert/strict";
import type { z } from "zod";
import { House, Live, PeriodView } from "../../src/lib/energy/view.js";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";
import { eventually } from "../examples/eventually.js";
import { type StartedProxy, startProxy } from "../examples/proxy.js";
import { type FlowNode, type NodeRed, type NodeRedOptions, startNodeRed } from "../support/node-red.js";
import { NOON_ZONE } from "../support/noon.js";

/** A status, or `closed` for a closed connection. Undefined: the CEMM's own answer. */
export type Refusal = number | "closed" | undefined;

export class PageLab {
  /** The requested paths, oldest first. */
  readonly asked: string[] = [];
  /** Whether, and how, a path is refused. */
  refuse: (path: string) => Refusal = () => undefined;

  #proxy: StartedProxy | undefined;

  private constructor(
    readonly nodeRed: NodeRed,
    readonly simulator: Simulator,
  ) {}

  static async start(options: NodeRedOptions = {}): Promise<PageLab> {
    const simulator = startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0, timezone: NOON_ZONE });
    const lab = new PageLab(...(await Promise.all([startNodeRed(options), simulator])));
    const [behind = ""] = lab.simulator.addresses.lan;
    lab.#proxy = await startProxy(behind, (url, pass) => lab.#reply(url, pass), "127.0.0.1:0");
    return lab;
  }

  async stop(): Promise<void> {
    await this.nodeRed.stop();
    await this.#proxy?.stop();
    await this.simulator.close();
  }

  /** The CEMM's address. */
  get host(): string {
    return this.#proxy?.host ?? assert.fail("not started");
  }

  /** Deploys pages; what they send appears in the debug sidebar. */
  deploy(...pages: Record<string, unknown>[]): Promise<void> {
    return this.nodeRed.deploy(this.flow(...pages));
  }

  flow(...pages: Record<string, unknown>[]): FlowNode[] {
    const own = pages.map((page, n) => {
      const id = `page-${n + 1}`;
      return {
        id,
        z: "tab",
        type: "cemm-page",
        device: "device",
        path: "/energy",
        repeat: 1,
        wires: [["seen"]],
        ...page,
      };
    });
    return [
      { id: "tab", type: "tab", label: "test" },
      {
        id: "device",
        type: "cemm-device",
        name: "House",
        access: "lan",
        host: this.host,
        timezone: NOON_ZONE,
      },
      {
        id: "seen",
        z: "tab",
        type: "debug",
        active: true,
        tosidebar: true,
        complete: "true",
        targetType: "full",
        wires: [],
      },
      ...own,
    ];
  }

  get(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.nodeRed.url}${path}`, { redirect: "manual", ...init });
  }

  async json<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>> {
    const response = await this.get(path);
    assert.equal(response.status, 200, path);
    return schema.parse(await response.json());
  }

  house = (): Promise<House> => this.json("/energy/api/house", House);

  async today(): Promise<PeriodView> {
    const { today } = await this.house();
    return this.json(`/energy/api/day/${today}`, PeriodView);
  }

  /** Waits until today is known. */
  async ready(): Promise<void> {
    await eventually(async () => {
      const { has, meters } = await this.house();
      assert.notDeepEqual(meters, []);
      const { figures } = await this.today();
      for (const name of ["gas", "water", "solar"] as const) if (has[name]) assert.notEqual(figures[name], null);
      if (has.grid) assert.notEqual(figures.bought, null);
    });
  }

  /** The first `live` event of a new listener. */
  async live(): Promise<Live> {
    return Live.parse(await this.event("live"));
  }

  /** The first such event of a new listener; `onOpen` is called once it listens. */
  async event(name: string, onOpen?: () => Promise<void>): Promise<unknown> {
    const ending = new AbortController();
    const response = await this.get("/energy/api/events", { signal: ending.signal });
    const wanted = new RegExp(`event: ${name}\\ndata: (.*)\\n\\n`);
    let text = "";
    try {
      await onOpen?.();
      for await (const piece of response.body ?? assert.fail()) {
        text += Buffer.from(piece).toString();
        const [, data] = wanted.exec(text) ?? [];
        if (data) return JSON.parse(data);
      }
    } finally {
      ending.abort();
    }
    return assert.fail(`no ${name} event in ${text}`);
  }

  async #reply({ pathname, search }: URL, pass: () => Promise<Response>): Promise<Response | undefined> {
    this.asked.push(pathname + search);
    const refusal = this.refuse(pathname + search);
    if (refusal === "closed") return undefined;
    return refusal === undefined ? pass() : new Response("{}", { status: refusal });
  }
}
