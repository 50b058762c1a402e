/** What a running Node-RED sends to its editors over the websocket `/comms`: debug messages, node status, deploys. */
import { WebSocket } from "undici";
import { z } from "zod";
import { Capture } from "./node-red-capture.js";

const Packets = z.array(z.object({ topic: z.string(), data: z.unknown().optional() }));

/** Nodes may use anything as a topic or status; tests look at text only. */
const Text = z.string().optional().catch(undefined);

const DebugData = z.object({
  /** Missing if the runtime itself logs. */
  id: z.string().optional(),
  name: Text,
  topic: Text,
  level: z.number().optional(),
  property: Text,
  format: z.string(),
  msg: z.unknown().optional(),
});
type DebugData = z.infer<typeof DebugData>;

/** A message of the debug sidebar: a debug node's output, or a warning or error that a node logged (then with `level`). */
export interface DebugMessage extends Omit<DebugData, "msg"> {
  /** The debug node's input, decoded; a Date is its ISO text, as in the sidebar. */
  value: unknown;
}

const StatusData = z.object({
  fill: Text,
  shape: Text,
  text: Text,
});

export interface NodeStatus extends z.infer<typeof StatusData> {
  id: string;
}

const DeployData = z.object({ revision: z.string() });

export class Comms {
  readonly debug = new Capture<DebugMessage>("debug message");
  readonly statuses = new Capture<NodeStatus>("status");
  /** Revisions whose nodes have all been started. */
  readonly deploys = new Capture<string>("deploy");
  readonly #socket: WebSocket;

  private constructor(adminUrl: string) {
    this.#socket = new WebSocket(new URL("comms", adminUrl.replace(/^http/, "ws")));
    this.#socket.addEventListener("message", ({ data }) => this.#receive(JSON.parse(String(data))));
  }

  static async open(adminUrl: string, token?: string): Promise<Comms> {
    const comms = new Comms(adminUrl);
    await comms.#event("open");
    if (token) {
      const answered = comms.#event("message");
      comms.#socket.send(JSON.stringify({ auth: token }));
      await answered;
    }
    return comms;
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = this.#event("close");
    this.#socket.close();
    await closed;
  }

  #event(name: "open" | "message" | "close"): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.addEventListener(name, () => resolve(), { once: true });
      this.#socket.addEventListener("error", () => reject(new Error("The /comms websocket failed.")), { once: true });
    });
  }

  #receive(packets: unknown): void {
    // The answer to a login is not an array.
    if (!Array.isArray(packets)) return;
    for (const { topic, data } of Packets.parse(packets)) {
      if (topic === "debug") this.debug.add(decodeDebug(DebugData.parse(data)));
      else if (topic.startsWith("status/"))
        this.statuses.add({ id: topic.slice("status/".length), ...StatusData.nullish().parse(data) });
      else if (topic === "notification/runtime-deploy") this.deploys.add(DeployData.parse(data).revision);
    }
  }
}

/** Undoes Node-RED's `encodeObject`, which sends numbers and objects as text, with their kind in `format`. */
function decodeDebug({ msg, ...rest }: DebugData): DebugMessage {
  return { ...rest, value: decodeValue(rest.format, msg) };
}

function decodeValue(format: string, text: unknown): unknown {
  if (format === "undefined") return undefined;
  if (format === "null") return null;
  if (format === "number") return Number(text);
  if (format === "boolean") return text === "true";
  if (/^(Object|error|array)/.test(format)) return JSON.parse(String(text), unwrap);
  return text;
}

const isWrapped = (value: unknown): value is { type: string; data?: unknown } =>
  typeof value === "object" && value !== null && "__enc__" in value;

function unwrap(_key: string, value: unknown): unknown {
  if (!isWrapped(value)) return value;
  return value.type === "number" ? Number(value.data) : value.data;
}
