/**
 * A real Node-RED with the built package (dist) installed, for what the test helper cannot test:
 * served html and catalogues, logins, comms, redeploys. Run `npm run build` first.
 */

import { z } from "zod";
import type { Capture } from "./node-red-capture.js";
import { Comms, type DebugMessage, type NodeStatus } from "./node-red-comms.js";
import { NodeRedProcess, type ProcessOptions, type Settings } from "./node-red-process.js";

export type FlowNode = { id: string; type: string; [property: string]: unknown };
export type Credentials = Record<string, Record<string, string>>;
export type DeployType = "full" | "nodes" | "flows" | "reload";

export interface NodeRedOptions extends ProcessOptions {
  flows?: FlowNode[];
  credentials?: Credentials;
  /** For settings with `adminAuth`. */
  login?: { username: string; password: string };
}

export interface NodeRed {
  /** The address of the runtime's own pages (http in nodes, dashboards), without a trailing slash. */
  readonly url: string;
  /** The address of the editor and the admin API, with a trailing slash. */
  readonly adminUrl: string;
  readonly userDir: string;
  readonly debug: Capture<DebugMessage>;
  readonly statuses: Capture<NodeStatus>;
  /** Everything written to stdout and stderr so far. */
  log(): string;
  /** A request to the admin API, logged in; `path` without a leading slash, `body` as a value. */
  admin(
    path: string,
    request?: { method?: string; headers?: Record<string, string>; body?: unknown },
  ): Promise<Response>;
  /** Resolves when every node has been started. */
  deploy(flows: FlowNode[], credentials?: Credentials, type?: DeployType): Promise<void>;
  /** Presses the button of an inject node, which sends `msg` instead of its own properties if given. */
  inject(id: string, msg?: Record<string, unknown>): Promise<void>;
  stop(): Promise<void>;
}

export async function startNodeRed(options: NodeRedOptions = {}): Promise<NodeRed> {
  const node = await NodeRedProcess.start(options);
  try {
    return await connect(node, options);
  } catch (error) {
    await node.stop();
    throw error;
  }
}

async function connect(
  node: NodeRedProcess,
  { settings, flows, credentials, login }: NodeRedOptions,
): Promise<NodeRed> {
  const url = `http://127.0.0.1:${node.port}`;
  const adminUrl = url + adminRoot(settings);
  const token = login && (await logIn(adminUrl, login));
  const comms = await Comms.open(adminUrl, token);

  const nodeRed: NodeRed = {
    url,
    adminUrl,
    userDir: node.userDir,
    debug: comms.debug,
    statuses: comms.statuses,
    log: () => node.log(),
    admin: (path, { method = "GET", headers = {}, body } = {}) =>
      fetch(new URL(path, adminUrl), {
        method,
        headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    async deploy(nodes, secrets = {}, type = "full") {
      const body = {
        flows: nodes.map((each) => (secrets[each.id] ? { ...each, credentials: secrets[each.id] } : each)),
      };
      const headers = { "Node-RED-API-Version": "v2", "Node-RED-Deployment-Type": type };
      comms.deploys.clear();
      const answer = await succeed(nodeRed.admin("flows", { method: "POST", headers, body }));
      const { rev } = Deployed.parse(await answer.json());
      // The response arrives before the nodes are started. This event comes afterwards, perhaps after that of an earlier deploy.
      await comms.deploys.next((revision) => revision === rev, 20_000);
    },
    async inject(id, msg) {
      const body = msg && { __user_inject_props__: Object.entries(msg).map(toInjectProperty) };
      await succeed(nodeRed.admin(`inject/${id}`, { method: "POST", body: body ?? {} }));
    },
    async stop() {
      await comms.close();
      await node.stop();
    },
  };
  if (flows) await nodeRed.deploy(flows, credentials);
  return nodeRed;
}

function adminRoot(settings: Settings = {}): string {
  const root = settings.httpAdminRoot ?? settings.httpRoot ?? "/";
  return `/${root}/`.replace(/\/+/g, "/");
}

const Deployed = z.object({ rev: z.string() });

/** The response to a login. */
export const Login = z.object({ access_token: z.string() });

async function logIn(adminUrl: string, login: { username: string; password: string }): Promise<string> {
  const response = await succeed(
    fetch(new URL("auth/token", adminUrl), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ client_id: "node-red-admin", grant_type: "password", scope: "*", ...login }),
    }),
  );
  return Login.parse(await response.json()).access_token;
}

const toInjectProperty = ([p, value]: [string, unknown]) => ({ p, v: JSON.stringify(value), vt: "json" });

async function succeed(asked: Promise<Response>): Promise<Response> {
  const response = await asked;
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
  return response;
}
