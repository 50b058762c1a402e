/** The faults for `--fault`, one line of the table each. */
import type { ServerResponse } from "node:http";
import { noise, seedOf } from "./random.js";

export interface HttpReply {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body: object;
}

type ApiName = "lan" | "cloud" | "udp";
type SendReply = (response: ServerResponse, text: string) => void;

export interface Fault {
  does: string;
  apis: readonly ApiName[];
  /** Changes the answer. */
  reply?: (reply: HttpReply) => HttpReply;
  /** Changes how it is sent. */
  send?: SendReply;
  /** Whether the same requests always get it, instead of a draw for each. */
  isLasting?: boolean;
}

const HTTP: readonly ApiName[] = ["lan", "cloud"];
const SLOW_MS = 3000;
const PORTAL =
  "<!DOCTYPE html><html><head><title>Welcome</title></head><body>Please log in to the network.</body></html>";

const status = (code: number, message: string, headers: Record<string, string> = {}): Fault => ({
  does: `answers ${code}`,
  apis: HTTP,
  reply: () => ({ status: code, headers, body: { message } }),
});

const sends = (does: string, send: SendReply): Fault => ({ does, apis: HTTP, send });

export const FAULTS = {
  "401": status(401, "Unauthorized"),
  "403": status(403, "Access denied. API key invalid for this action"),
  "408": status(408, "API was unable to respond on time"),
  "429": status(429, "Too many requests", { "retry-after": "1" }),
  "500": status(500, "Internal server error"),
  "502": status(502, "An unexpected error occurred in the API"),
  "503": status(503, "Service unavailable"),
  "504": status(504, "Gateway timeout"),
  slow: sends(`answers after ${SLOW_MS / 1000} s`, (response, text) => {
    const timer = setTimeout(() => response.end(text), SLOW_MS);
    response.once("close", () => clearTimeout(timer));
  }),
  hang: sends("accepts the request and never answers", () => undefined),
  reset: sends("resets the connection", (response) => response.socket?.resetAndDestroy()),
  truncate: sends("ends in the middle of the body", (response, text) => {
    response.setHeader("content-length", Buffer.byteLength(text));
    response.write(text.slice(0, text.length / 2), () => response.destroy());
  }),
  html: sends("answers a web page, as a captive portal does", (response) => {
    response.statusCode = 200;
    response.setHeader("content-type", "text/html; charset=utf-8").end(PORTAL);
  }),
  empty: sends("answers with an empty body", (response) => response.end()),
  garbage: sends("answers bytes that are not text", (response) => response.end(Buffer.from("ff00fe7b22c3280a", "hex"))),
  "wrong-pair": {
    does: "makes one pair of the first channel invalid",
    apis: HTTP,
    reply: (reply) => ({ ...reply, body: withWrongPair(reply.body) }),
  },
  "wrong-mac": { does: "has the MAC address of another CEMM", apis: ["lan", "udp"] },
  "promise-forever": { does: "keeps promising an answer", apis: ["cloud"], isLasting: true },
  "no-answer": { does: "does not answer a discovery", apis: ["udp"] },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;
export type FaultShares = Readonly<Partial<Record<FaultName, number>>>;

export const faultNames = Object.keys(FAULTS).filter(isFaultName);

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

export const faultNamed = (name: FaultName): Fault => FAULTS[name];

/** Draws the faults of one server, reproducibly by seed. */
export class FaultDraw {
  private readonly shares: readonly [FaultName, number][];
  private count = 0;

  constructor(
    shares: FaultShares,
    private readonly seed: string,
    private readonly api: ApiName,
  ) {
    const given = faultNames.map((name): [FaultName, number] => [name, shares[name] ?? 0]);
    this.shares = given.filter(([name, share]) => share > 0 && faultNamed(name).apis.includes(api));
  }

  /** The fault of this request, if any. */
  next(request: string): FaultName | undefined {
    const n = this.count++;
    const drawn = this.shares.find(([name, share]) => {
      const { isLasting } = faultNamed(name);
      return noise(seedOf(this.seed, this.api, name, isLasting ? request : ""), isLasting ? 0 : n) < share;
    });
    return drawn?.[0];
  }
}

/** Makes the value of the first channel's pair, or of its newest real sample, invalid. */
function withWrongPair(body: object): object {
  if (!("data" in body) || typeof body.data !== "object" || body.data === null || Array.isArray(body.data)) return body;
  const data = Object.entries(body.data).map(([channel, pairs], n) => [channel, n === 0 ? broken(pairs) : pairs]);
  return { ...body, data: Object.fromEntries(data) };
}

function broken(pairs: unknown): unknown {
  if (!Array.isArray(pairs)) return pairs;
  return pairs.some(Array.isArray) ? pairs.map((pair, n) => (n === 1 ? broken(pair) : pair)) : [pairs[0], "NaN"];
}
