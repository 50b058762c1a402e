/** One GET over HTTP. The only file that knows undici. */
import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";
import { CemmError, type CemmErrorCode, codeOf, safeCause } from "../errors.js";
import type { Control } from "./cancel-token.js";
import type { Deadline } from "./deadline.js";
import { Exchange, type HttpAnswer } from "./response-handler.js";

/** What sends requests and keeps connections. */
export type Wire = Dispatcher;

const MAX_BODY = 4 * 1024 * 1024;
/** As many as an account asks at a time. */
const CLOUD_CONNECTIONS = 4;
const CONNECT_TIMEOUT = 10_000;

/**
 * A connection for each request: small servers reset the ones that are kept. One at a time to a host, as its lane has
 * it: more than one would have undici build, and throw away, a pool for each request. Never a proxy.
 */
export function lanWire(): Wire {
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
export function cloudWire({ local }: { local: boolean }): Wire {
  const options = {
    connections: CLOUD_CONNECTIONS,
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 10_000,
    maxResponseSize: MAX_BODY,
    connect: { timeout: CONNECT_TIMEOUT },
  };
  const { HTTPS_PROXY, https_proxy } = process.env;
  if (local || !(HTTPS_PROXY || https_proxy)) return new Agent(options);
  try {
    return new EnvHttpProxyAgent(options);
  } catch {
    throw new CemmError("CEMM_CONFIG", "HTTPS_PROXY or HTTP_PROXY in the environment is not the address of a proxy.");
  }
}

/** Where to, split as the wire wants it: a URL object for each request would cost more than reading the answer. */
export interface Address {
  origin: string;
  path: string;
}

export interface HttpRequest {
  address: Address;
  deadline: Deadline;
  control: Control;
  /** Never shown, in any encoding. */
  secrets: readonly string[];
  /** The device and its address, as error messages name it. */
  peer: string;
}

/**
 * Sends one GET. Redirects are not followed.
 * @throws CemmError `CEMM_TIMEOUT`, `CEMM_UNREACHABLE`, `CEMM_BAD_RESPONSE`.
 */
export async function httpGet(wire: Wire, request: HttpRequest): Promise<HttpAnswer> {
  const { address, deadline, control } = request;
  const patience = Math.max(1, Math.ceil(deadline.remaining));
  const exchange = new Exchange();
  const abort = () => exchange.abort();
  control.once("abort", abort);
  try {
    if (control.aborted) abort();
    else wire.dispatch(optionsFor(address, patience), exchange);
    return await exchange.answer;
  } catch (error) {
    throw translate(error, request, exchange.answered);
  } finally {
    control.off("abort", abort);
  }
}

function optionsFor({ origin, path }: Address, patience: number): Dispatcher.DispatchOptions {
  return {
    origin,
    path,
    method: "GET",
    // undici decodes no compressed body
    headers: { accept: "application/json", "accept-encoding": "identity" },
    headersTimeout: patience,
    bodyTimeout: patience,
  };
}

interface Failure {
  code: CemmErrorCode;
  retryable: boolean;
  text: string;
}

const TIMEOUT: Failure = {
  code: "CEMM_TIMEOUT",
  retryable: true,
  text: "did not answer in time. Check that it has power and network, or allow it a longer timeout.",
};
const BROKEN: Failure = {
  code: "CEMM_BAD_RESPONSE",
  retryable: true,
  text: "sent an answer that breaks off or is not HTTP. If it keeps doing so, something else may be at this address.",
};
const TOO_LARGE: Failure = {
  code: "CEMM_BAD_RESPONSE",
  retryable: false,
  text: "sent more than 4 MiB, which no CEMM does. Check the address.",
};
const UNTRUSTED: Failure = {
  code: "CEMM_UNREACHABLE",
  retryable: false,
  text: "shows a certificate that cannot be trusted. Check the address, and this machine's clock.",
};
const UNREACHABLE: Failure = {
  code: "CEMM_UNREACHABLE",
  retryable: true,
  text: "cannot be reached. Check the address, that it has power, and that it is on the network.",
};

const CLOSED: Failure = {
  code: "CEMM_UNREACHABLE",
  retryable: false,
  text: "is not asked any more: its account was closed.",
};

const FAILURES: Record<string, Failure> = {
  UND_ERR_DESTROYED: CLOSED,
  UND_ERR_CLOSED: CLOSED,
  UND_ERR_CONNECT_TIMEOUT: TIMEOUT,
  UND_ERR_HEADERS_TIMEOUT: TIMEOUT,
  UND_ERR_BODY_TIMEOUT: TIMEOUT,
  ETIMEDOUT: TIMEOUT,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: BROKEN,
  UND_ERR_HEADERS_OVERFLOW: BROKEN,
  UND_ERR_RES_EXCEEDED_MAX_SIZE: TOO_LARGE,
};

const TLS = /^(CERT|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/;

function translate(error: unknown, { peer, secrets }: HttpRequest, answered: boolean): CemmError {
  const cause = safeCause(error, secrets);
  const { code, retryable, text } = failureOf(error, cause.code, answered);
  return new CemmError(code, `${peer} ${text} (${cause.code})`, { retryable, cause });
}

function failureOf(error: unknown, code: string, answered: boolean): Failure {
  const known = FAILURES[code];
  if (known) return known;
  // A parse error's code is undefined, or llhttp's own.
  if (error instanceof Error && error.name === "HTTPParserError") return BROKEN;
  // undici's words for a status that nobody asked for, such as 100.
  if (error instanceof Error && error.message === "bad response") return BROKEN;
  if (TLS.test(codeOf(error) ?? "")) return UNTRUSTED;
  // Closed in an orderly way in mid-body: the answer was cut off, not the connection.
  return answered && code === "UND_ERR_SOCKET" ? BROKEN : UNREACHABLE;
}
