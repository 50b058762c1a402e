/** One GET over HTTP. The only file that knows undici. */
import type { Dispatcher, Pool } from "undici";
import { CemmError, type CemmErrorCode, codeOf, safeCause } from "../errors.js";
import type { CancelToken } from "./cancel-token.js";
import { Failure } from "./failure.js";
import { type HttpResponse, ResponseHandler } from "./response-handler.js";

export type { Dispatcher };

const MAX_BODY = 4 * 1024 * 1024;
const CONNECT_TIMEOUT = 10_000;
/** A proxy that does not answer CONNECT: no deadline of ours reaches that request of undici's. */
const PROXY_TIMEOUT = 5_000;

// Loaded with the first request: a Node-RED that only has the nodes in its palette does not pay for it.
const undici = (): typeof import("undici") => require("undici");

/**
 * A connection for each request: small servers reset the ones that are kept. One at a time to a host, as its limiter
 * has it: more than one would have undici build, and throw away, a pool for each request. Never a proxy.
 */
export function lanDispatcher(): Dispatcher {
  const { Agent } = undici();
  return new Agent({
    pipelining: 0,
    connections: 1,
    maxResponseSize: MAX_BODY,
    connect: { timeout: CONNECT_TIMEOUT },
  });
}

/**
 * Connections are kept for a while. `HTTPS_PROXY` and `NO_PROXY` hold, but never for this machine itself.
 * @throws CemmError `CEMM_CONFIG` where they name no proxy.
 */
export function cloudDispatcher({ isLocal, connections }: { isLocal: boolean; connections: number }): Dispatcher {
  const { Agent, EnvHttpProxyAgent, Pool } = undici();
  const options = {
    connections,
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 10_000,
    maxResponseSize: MAX_BODY,
    connect: { timeout: CONNECT_TIMEOUT },
  };
  const { HTTPS_PROXY, https_proxy } = process.env;
  if (isLocal || !(HTTPS_PROXY || https_proxy)) return new Agent(options);
  try {
    return new EnvHttpProxyAgent({
      ...options,
      clientFactory: (proxy, { connect }: { connect?: object }) =>
        failOnce(new Pool(proxy, { connect: connect ?? {}, connections, headersTimeout: PROXY_TIMEOUT })),
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

/** Where to, split as undici wants it: a URL object for each request would cost more than reading the answer. */
export interface Address {
  origin: string;
  path: string;
}

/**
 * Sends one GET, and ends it when `token` is cancelled. Redirects are not followed.
 * `secrets` are blotted out of its error, in any encoding.
 * @throws Failure `CEMM_TIMEOUT` (connecting), `CEMM_UNREACHABLE`, `CEMM_BAD_RESPONSE`.
 */
export async function httpGet(
  dispatcher: Dispatcher,
  address: Address,
  token: CancelToken,
  secrets: readonly string[],
): Promise<HttpResponse> {
  const handler = new ResponseHandler();
  const forget = token.onCancel(() => handler.abort());
  try {
    if (!token.cancelled) dispatcher.dispatch(dispatchOptions(address), handler);
    return await handler.response;
  } catch (error) {
    throw failureOf(error, handler.answered, secrets);
  } finally {
    forget();
  }
}

function dispatchOptions({ origin, path }: Address): Dispatcher.DispatchOptions {
  return {
    origin,
    path,
    method: "GET",
    // undici decodes no compressed body
    headers: { accept: "application/json", "accept-encoding": "identity" },
    // Deadlines end a request: undici's timers know of none that joins later with more time.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}

interface KnownFailure {
  code: CemmErrorCode;
  retryable: boolean;
  text: string;
}

const TIMEOUT: KnownFailure = {
  code: "CEMM_TIMEOUT",
  retryable: true,
  text: "did not answer in time. Check that it has power and network, or allow it a longer timeout.",
};
const BROKEN: KnownFailure = {
  code: "CEMM_BAD_RESPONSE",
  retryable: true,
  text: "sent an answer that breaks off or is not HTTP. If it keeps doing so, something else may be at this address.",
};
const TOO_LARGE: KnownFailure = {
  code: "CEMM_BAD_RESPONSE",
  retryable: false,
  text: "sent more than 4 MiB, which no CEMM does. Check the address.",
};
const UNTRUSTED: KnownFailure = {
  code: "CEMM_UNREACHABLE",
  retryable: false,
  text: "shows a certificate that cannot be trusted. Check the address, and this machine's clock.",
};
const UNREACHABLE: KnownFailure = {
  code: "CEMM_UNREACHABLE",
  retryable: true,
  text: "cannot be reached. Check the address, the network, and that it has power.",
};
const CLOSED: KnownFailure = {
  code: "CEMM_UNREACHABLE",
  retryable: false,
  text: "is not asked any more: its account was closed.",
};

const BY_CODE = new Map<string, KnownFailure>([
  ["UND_ERR_DESTROYED", CLOSED],
  ["UND_ERR_CLOSED", CLOSED],
  ["UND_ERR_CONNECT_TIMEOUT", TIMEOUT],
  ["UND_ERR_HEADERS_TIMEOUT", TIMEOUT],
  ["UND_ERR_BODY_TIMEOUT", TIMEOUT],
  ["ETIMEDOUT", TIMEOUT],
  ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", BROKEN],
  ["UND_ERR_HEADERS_OVERFLOW", BROKEN],
  // A status below 100: undici asserts that there is none.
  ["ERR_ASSERTION", BROKEN],
  ["UND_ERR_RES_EXCEEDED_MAX_SIZE", TOO_LARGE],
]);

const TLS = /^(CERT|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/;

/** undici's words for a status that nobody asked for, such as 100 or 101. */
const UNASKED = ["bad response", "bad upgrade"];

function failureOf(error: unknown, answered: boolean, secrets: readonly string[]): Failure {
  const cause = safeCause(error, secrets);
  const { code, retryable, text } = BY_CODE.get(cause.code) ?? unlisted(error, cause.code, answered);
  return new Failure(code, `${text} (${cause.code})`, { retryable, cause });
}

function unlisted(error: unknown, code: string, answered: boolean): KnownFailure {
  // A parse error's code is undefined, or llhttp's own.
  if (error instanceof Error && (error.name === "HTTPParserError" || UNASKED.includes(error.message))) return BROKEN;
  if (TLS.test(codeOf(error) ?? "")) return UNTRUSTED;
  // Closed in an orderly way in mid-body: the answer was cut off, not the connection.
  return answered && code === "UND_ERR_SOCKET" ? BROKEN : UNREACHABLE;
}
