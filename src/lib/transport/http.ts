/** One GET over HTTP. The only file that knows undici. */
import type { Dispatcher, Pool } from "undici";
import { CemmError, Failure, type ProblemName } from "../errors.js";
import { codeOf, redact, safeCause } from "../redact.js";
import { CANCELLED } from "./cancel-token.js";
import { type Asker, type HttpResponse, type Limits, ResponseHandler } from "./response-handler.js";

const CONNECT_TIMEOUT = 10_000;
/** A proxy that does not answer CONNECT: no deadline of ours reaches that request of undici's. */
const PROXY_TIMEOUT = 5_000;

// Loaded with the first request: a Node-RED that only has the nodes in its palette does not pay for it.
const undici = (): typeof import("undici") => require("undici");

/** Where to, split as undici wants it: a URL object for each request would cost more than reading the answer. */
export interface Address {
  origin: string;
  path: string;
}

/** Something that carries one request at a time to `origin`, over a connection of its own. */
type Open = (origin: string) => Dispatcher;

/** A connection for each request: small servers reset the ones that are kept. Never a proxy. */
export function lanConnections(): Connections {
  const { Client, buildConnector } = undici();
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT });
  return new Connections((origin) => new Client(origin, { pipelining: 0, connect }), false);
}

/** Connections are kept for a while. `HTTPS_PROXY` and `NO_PROXY` hold, but never for this machine itself. */
export function cloudConnections(isLocal: boolean): Connections {
  const { Client, buildConnector } = undici();
  const options = { keepAliveTimeout: 4_000, keepAliveMaxTimeout: 10_000 };
  const { HTTPS_PROXY, https_proxy } = process.env;
  if (!isLocal && (HTTPS_PROXY || https_proxy)) return new Connections(() => proxyAgent(options), true);
  // One for all, so that they share their TLS sessions.
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT });
  return new Connections((origin) => new Client(origin, { ...options, connect }), true);
}

/** @throws CemmError `CEMM_CONFIG` where the environment names no proxy. */
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
    throw new CemmError("CEMM_CONFIG", "HTTPS_PROXY or HTTP_PROXY in the environment is not the address of a proxy.");
  }
}

/** undici takes a proxy that hangs up at CONNECT for a lost connection of its own, and asks it again without end. */
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

/**
 * The connections of a LAN or an account. A request that is given up takes its connection along: left to itself, undici
 * would open another one for it.
 */
export class Connections {
  readonly #open: Open;
  readonly #isKept: boolean;
  readonly #all = new Set<Dispatcher>();
  readonly #idle: Dispatcher[] = [];

  constructor(open: Open, isKept: boolean) {
    this.#open = open;
    this.#isKept = isKept;
  }

  /**
   * Sends one GET, and ends it when the asker's token is cancelled. Redirects are not followed.
   * `secrets` are redacted in its error, in any encoding.
   * @throws Failure `CEMM_TIMEOUT`, `CEMM_UNREACHABLE`, `CEMM_BAD_RESPONSE`; anything else is a mistake of this program.
   */
  async get(address: Address, limits: Limits, asker: Asker, secrets: readonly string[]): Promise<HttpResponse> {
    const connection = this.#idle.pop() ?? this.#open(address.origin);
    this.#all.add(connection);
    const handler = new ResponseHandler(limits, asker, (isReusable) => this.#release(connection, isReusable));
    asker.token.onCancel = () => handler.fail(CANCELLED);
    try {
      if (asker.token.cancelled) throw CANCELLED;
      const { origin, path } = address;
      // Our own timers end a request: undici's do not know that somebody joins later, with more time.
      connection.dispatch(
        { origin, path, method: "GET", headers: HEADERS, headersTimeout: 0, bodyTimeout: 0 },
        handler,
      );
      const response = await handler.response;
      // The rest of an error's body would keep the only connection that a small server has.
      if (!this.#isKept) handler.fail(CANCELLED);
      return response;
    } catch (error) {
      handler.fail(error);
      throw failureOf(error, handler.answered, secrets);
    }
  }

  /** Ends all requests. */
  async close(): Promise<void> {
    await Promise.all([...this.#all].map((connection) => connection.destroy()));
  }

  #release(connection: Dispatcher, isReusable: boolean): void {
    if (isReusable && this.#isKept) this.#idle.push(connection);
    else {
      this.#all.delete(connection);
      // It has nothing left to tell: its request has ended.
      connection.destroy().catch(() => {});
    }
  }
}

/** undici decodes no compressed body. */
const HEADERS = { accept: "application/json", "accept-encoding": "identity" };

const BY_CODE = new Map<string, ProblemName>([
  ["UND_ERR_DESTROYED", "closed"],
  ["UND_ERR_CLOSED", "closed"],
  ["UND_ERR_CONNECT_TIMEOUT", "noAnswer"],
  ["ETIMEDOUT", "noAnswer"],
  ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "broken"],
  ["UND_ERR_HEADERS_OVERFLOW", "broken"],
  // A status below 100: undici asserts that there is none.
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

const TLS = /^(CERT|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/;

/** ECONNREFUSED, EAI_AGAIN, ...: what the system says of a network. */
const SYSTEM = /^E[A-Z]{3,}(_[A-Z]+)?$/;

/** undici's words for a status that nobody asked for, such as 100 or 101. */
const UNASKED = ["bad response", "bad upgrade"];

function failureOf(error: unknown, answered: boolean, secrets: readonly string[]): unknown {
  if (error instanceof Failure || error === CANCELLED) return error;
  const cause = safeCause(error, secrets);
  const name = problemOf(error, answered);
  if (name) return new Failure(name, { fill: "in time", note: cause.code, details: { cause } });
  // Not of the network: a mistake in this program, or in what runs it. Its own object may hold the address.
  return new Error(redact(String(error), secrets));
}

function problemOf(error: unknown, answered: boolean): ProblemName | undefined {
  const code = codeOf(error) ?? "";
  // A parse error's code is undefined, or llhttp's own.
  if (error instanceof Error && (error.name === "HTTPParserError" || UNASKED.includes(error.message))) return "broken";
  if (TLS.test(code)) return "untrusted";
  // Closed in an orderly way in mid-body: the answer was cut off, not the connection.
  if (answered && code === "UND_ERR_SOCKET") return "broken";
  return BY_CODE.get(code) ?? (SYSTEM.test(code) ? "unreachable" : undefined);
}
