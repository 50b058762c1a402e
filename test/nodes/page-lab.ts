/** A Node-RED with cemm-page nodes, and a simulated CEMM whose every request is seen, and can be refused. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { z } from "zod";
import { House, Live, PeriodView } from "../../src/lib/energy/view.js";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";
import { eventually } from "../examples/eventually.js";
import { type FlowNode, type NodeRed, type NodeRedOptions, startNodeRed } from "../support/node-red.js";

/** A status, or none: the connection is closed. Undefined: as the CEMM answers. */
export type Refusal = number | "closed" | undefined;

export class PageLab {
  /** The paths that the CEMM was asked for, oldest first. */
  readonly asked: string[] = [];
  /** By path. */
  refuse: (path: string) => Refusal = () => undefined;

  private constructor(
    readonly nodeRed: NodeRed,
    readonly simulator: Simulator,
    private readonly server: Server,
    readonly host: string,
  ) {}

  static async start(options: NodeRedOptions & { meters?: string[] } = {}): Promise<PageLab> {
    const { meters, ...nodeRedOptions } = options;
    const [nodeRed, simulator] = await Promise.all([
      startNodeRed(nodeRedOptions),
      startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0, meters }),
    ]);
    const server = createServer((request, response) => {
      lab.#forward(request, response).catch(() => response.destroy());
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert(address !== null && typeof address === "object");
    const lab = new PageLab(nodeRed, simulator, server, `127.0.0.1:${address.port}`);
    return lab;
  }

  async stop(): Promise<void> {
    await this.nodeRed.stop();
    this.server.closeAllConnections();
    this.server.close();
    await this.simulator.close();
  }

  /** Pages, with what they send shown in the debug sidebar under their ids. */
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
        timezone: "Europe/Amsterdam",
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

  /** Once today is known. */
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
    const ending = new AbortController();
    const response = await this.get("/energy/api/events", { signal: ending.signal });
    let text = "";
    try {
      for await (const piece of response.body ?? assert.fail()) {
        text += Buffer.from(piece).toString();
        const [, data] = /event: live\ndata: (.*)\n\n/.exec(text) ?? [];
        if (data) return Live.parse(JSON.parse(data));
      }
    } finally {
      ending.abort();
    }
    return assert.fail(`no live event in ${text}`);
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    this.asked.push(path);
    const refusal = this.refuse(path);
    if (refusal === "closed") return void response.destroy();
    if (refusal !== undefined) return void response.writeHead(refusal).end("{}");
    const answer = await fetch(`http://${this.simulator.addresses.lan[0]}${path}`);
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
  }
}
