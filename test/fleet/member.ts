/** A Node-RED of the fleet: an example flow at other addresses, in a process that can be killed and begins again where it was. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { z } from "zod";
import { influxdbPalette } from "../examples/palettes.js";
import { nodeRedProgram } from "../support/node-red-path.js";
import { freePort } from "../support/node-red-process.js";
import { exampleFlow, type Flow } from "./example.js";
import { Program, type ProgramOptions } from "./program.js";
import type { Broker } from "./servers.js";

export interface Places {
  broker: Broker;
  databasePort: number;
  /** The cloud's base address. */
  cloud: string;
  /** A CEMM on the network. */
  host?: string;
}

export interface MemberOptions {
  name: string;
  /** The example's name. */
  example: string;
  folder: string;
  places: Places;
  /** Other values for the tab's variables. */
  tab?: Record<string, number | string>;
  /** Other properties for nodes, by id. Without them nothing begins by the clock. */
  nodes?: Record<string, object>;
  env?: Record<string, string>;
}

const ROOT = resolve(__dirname, "../..");

/** A process, and what it keeps. */
export class Member extends Program {
  readonly #userDir: string;

  constructor(options: ProgramOptions, userDir: string) {
    super(options);
    this.#userDir = userDir;
  }

  /** What a tab, or a function node of it, keeps in its file. */
  kept<T>(schema: z.ZodType<T>, tab: string, node = "flow"): T {
    return schema.parse(JSON.parse(readFileSync(this.#file(tab, node), "utf8")));
  }

  /** Puts something else there, before it begins again. */
  keep(content: object, tab: string, node = "flow"): void {
    writeFileSync(this.#file(tab, node), JSON.stringify(content));
  }

  #file(tab: string, node: string): string {
    return join(this.#userDir, "context", tab, `${node}.json`);
  }
}

const TLS = "fleet-tls";

/** What the examples' comments tell to write there. */
const SETTINGS = {
  flowFile: "flows.json",
  credentialSecret: false,
  mqttReconnectTime: 1000,
  contextStorage: { default: { module: "localfilesystem", config: { flushInterval: 0 } } },
  disableEditor: true,
  uiHost: "127.0.0.1",
  logging: { console: { level: "info", metrics: false, audit: false } },
  telemetry: { enabled: false, updateNotification: false },
};

export async function startMember(options: MemberOptions): Promise<Member> {
  const userDir = join(options.folder, options.name);
  const modules = join(userDir, "node_modules");
  mkdirSync(modules, { recursive: true });
  const palettes = { "node-red-contrib-cemm": ROOT, "node-red-contrib-influxdb": influxdbPalette() };
  for (const [name, folder] of Object.entries(palettes)) symlinkSync(folder, join(modules, name), "dir");
  const dependencies = Object.fromEntries(Object.keys(palettes).map((name) => [name, "*"]));
  write(userDir, "package.json", { name: "user-dir", dependencies });
  const flow = flowOf(options);
  write(userDir, "flows.json", flow);
  write(userDir, "flows_cred.json", credentialsOf(flow, options));
  const settings = { ...SETTINGS, uiPort: await freePort() };
  writeFileSync(join(userDir, "settings.js"), `module.exports = ${JSON.stringify(settings)};`);
  const program = {
    name: options.name,
    command: process.execPath,
    args: [nodeRedProgram, "-u", userDir, "-s", join(userDir, "settings.js")],
    env: options.env ?? {},
    isReady: (wrote: (line: RegExp) => boolean) => wrote(/Started flows/),
  };
  const member = new Member(program, userDir);
  await member.begin();
  return member;
}

/** The example as it is, but for where the others are and what its clock does. */
function flowOf({ example, places, tab = {}, nodes = {} }: MemberOptions): Flow {
  const { port, login } = places.broker;
  const types = {
    "mqtt-broker": { port: `${port}`, ...(login && { broker: login.host, usetls: true, tls: TLS }) },
    influxdb: { port: `${places.databasePort}`, url: `http://127.0.0.1:${places.databasePort}` },
    "cemm-account": { baseUrl: places.cloud },
    "cemm-device": places.host ? { host: places.host } : {},
    inject: { repeat: "", crontab: "", once: false },
  };
  const trust = { id: TLS, type: "tls-config", ca: login?.ca, cert: "", key: "", verifyservercert: true };
  return [...exampleFlow(example, { tab, types, nodes }), ...(login ? [trust] : [])];
}

/** The key of the account, and for the broker its user, who is called as the member is. */
function credentialsOf(flow: Flow, { name, places }: MemberOptions): Record<string, object> {
  const { password } = places.broker.login ?? {};
  const of: Record<string, object> = { "cemm-account": { apiKey: "demo" }, "mqtt-broker": { user: name, password } };
  return Object.fromEntries(flow.flatMap(({ id, type }) => (of[type] ? [[id, of[type]]] : [])));
}

function write(folder: string, name: string, content: object): void {
  writeFileSync(join(folder, name), JSON.stringify(content));
}
