/** One GET over HTTP. The only file that uses undici. */
import type { Dispatcher, Pool } from "undici";
import { configError, Failure, type ProblemName } from "../errors.js";
import { codeOf, redact, safeCause } from "../redact.js";
import { CANCELLED } from "./cancel-token.js";
import { type Asker, type HttpResponse, type Limits, ResponseHandler } from "./response-handler.js";

const CONNECT_TIMEOUT = 10_000;
/** Time limit for a proxy to answer CONNECT, ms: our deadlines do not apply to that request, which undici makes. */
const PROXY_TIMEOUT = 5_000;

// Loaded with the first request, so that a Node-RED that does not use the nodes does not pay for it.
const undici = (): typeof import("undici") => require("undici");

/** The address, split as undici needs it: a URL object for each request would cost more than reading the answer. */
export interface Address {
  origin: string;
  path: string;
}

/** Sends one request at a time to `origin`, over its own connection. */
type Open = (origin: string) => Dispatcher;

/** A connection for each request, because small servers reset kept-alive ones. Never a proxy. */
export function lanConnections(): Connections {
  const { Client, buildConnector } = undici();
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT });
  return new Connections((origin) => new Client(origin, { pipelining: 0, connect }), false);
}

/** Connections are kept alive. `HTTPS_PROXY` and `NO_PROXY` apply, but never for this machine itself. */
export function cloudConnections(isLocal: boolean): Connections {
  const { Client, buildConnector } = undici();
  const options = { keepAliveTimeout: 4_000, keepAliveMaxTimeout: 10_000 };
  const { HTTPS_PROXY, https_proxy } = process.env;
  if (!isLocal && (HTTPS_PROXY || https_proxy)) return new Connections(() => proxyAgent(options), true);
  // One for all, so that they share their TLS sessions.
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT });
  return new Connections((origin) => new Client(origin, { ...options, connect }), true);
}

/** @throws CemmError `CEMM_CONFIG` if the proxy in the environment is invalid. */
function proxyAgent(options: Pool.Options): Dispatcher {
  const { EnvHttpProxyAgent, Pool } = undici();
  try {
    return new EnvHttpProxyAgent({
      ...options,
      connect: { timeout: CONNECT_TIMEOUT },
      connections: 1,
      clientFactory: (proxy, { connect }: { connect?: object }) =>
        failOnce(new Pool(proxy, { connect: connect ?? {}, connections: 1, headersTimeout: PROXY_TIMEOUT })),
    });
  } catch {
    throw configError("HTTPS_PROXY or HTTP_PROXY in the environment is not the address of a proxy.");
  }
}

/** undici treats a proxy that closes the connection at CONNECT as a lost connection, and retries without end. */
function failOnce(proxy: Pool): Dispatcher {
  const connect: (options: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData> = proxy.connect.bind(proxy);
  return Object.assign(proxy, {
    connect: (options: Dispatcher.ConnectOptions) =>
      connect(options).catch((error: unknown) => {
        const { code, message } = safeCause(error);
        throw Object.assign(new Error(message), { code: code === "UND_ERR_SOCKET" ? "ERR_PROXY_CLOSED" : code });
      }),
  });
}

/** The connections of the LAN or an account. Cancelling a request destroys its own: undici would open another. */
export class Connections {
  readonly #all = new Set<Dispatcher>();
  readonly #idle: Dispatcher[] = [];

  constructor(
    private readonly open: Open,
    private readonly isKept: boolean,
  ) {}

  /**
   * Sends one GET; cancelling the token ends it. `secrets` are redacted in its error, in any encoding.
   * @throws Failure; anything else is a bug.
   */
  async get(address: Address, limits: Limits, asker: Asker, secrets: readonly string[]): Promise<HttpResponse> {
    const connection = this.#idle.pop() ?? this.open(address.origin);
    this.#all.add(connection);
    const onOver = (isReusable: boolean) => {
      if (isReusable && this.isKept) this.#idle.push(connection);
      else {
        this.#all.delete(connection);
        // Its request has already ended.
        connection.destroy().catch(() => {});
      }
    };
    const handler = new ResponseHandler(limits, asker, this.isKept, onOver);
    asker.token.onCancel = () => handler.fail(CANCELLED);
    try {
      if (asker.token.cancelled) throw CANCELLED;
      const { origin, path } = address;
      // Our own timers end a request, since a caller with more time may join later.
      const request = { origin, path, method: "GET", headers: HEADERS, headersTimeout: 0, bodyTimeout: 0 } as const;
      return await handler.responseTo(() => connection.dispatch(request, handler));
    } catch (error) {
      handler.fail(error);
      throw failureOf(error, handler.answered, secrets);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((connection) => connection.destroy()));
  }
}

/** undici does not decompress bodies. */
const HEADERS = { accept: "application/json", "accept-encoding": "identity" };

const BY_CODE = new Map<string, ProblemName>([
  ["UND_ERR_DESTROYED", "closed"],
  ["UND_ERR_CLOSED", "closed"],
  ["UND_ERR_CONNECT_TIMEOUT", "noAnswer"],
  ["ETIMEDOUT", "noAnswer"],
  ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "broken"],
  ["UND_ERR_HEADERS_OVERFLOW", "broken"],
  // A status below 100 fails an assertion of undici.
  ["ERR_ASSERTION", "broken"],
  ["UND_ERR_SOCKET", "unreachable"],
  ["ENOTFOUND", "noName"],
  ["EAI_AGAIN", "noName"],
  ["ENETUNREACH", "noRoute"],
  ["EHOSTUNREACH", "noRoute"],
  ["ERR_PROXY_CLOSED", "proxy"],
  // A proxy's refusal.
  ["UND_ERR_ABORTED", "proxy"],
  ["UND_ERR_PRX_TLS", "proxy"],
]);

/** Codes of TLS errors: the certificate is not trusted, or there is no TLS. */
export const TLS_ERROR = /^(CERT|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/;

/** ECONNREFUSED, EAI_AGAIN, ...: a network error of the system. */
const SYSTEM = /^E[A-Z]{3,}(_[A-Z]+)?$/;

/** undici's message for an unexpected status such as 100 or 101. */
const UNASKED = ["bad response", "bad upgrade"];

function failureOf(error: unknown, answered: boolean, secrets: readonly string[]): unknown {
  if (error instanceof Failure || error === CANCELLED) return error;
  const cause = safeCause(error, secrets);
  const name = problemOf(error, answered);
  if (name) return new Failure(name, { fill: "in time", note: cause.code, details: { cause } });
  // Not a network error but a bug, here or in the runtime. The original error object may contain the address.
  return new Error(redact(String(error), secrets));
}

function problemOf(error: unknown, answered: boolean): ProblemName | undefined {
  const code = codeOf(error) ?? "";
  // A parse error's code is undefined, or llhttp's own.
  if (error instanceof Error && (error.name === "HTTPParserError" || UNASKED.includes(error.message))) return "broken";
  if (TLS_ERROR.test(code)) return "untrusted";
  // Closed cleanly in mid-body: the answer was cut off, not the connection.
  if (answered && code === "UND_ERR_SOCKET") return "broken";
  return BY_CODE.get(code) ?? (SYSTEM.test(code) ? "unreachable" : undefined);
}
