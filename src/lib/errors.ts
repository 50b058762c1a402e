/** The errors of this package: one class, and for each a stable code and how to handle it. They contain no secrets. */

/** How to handle an error with this code. */
export interface ErrorPolicy {
  /** What it means for the other periods of a range: all are rejected, the CEMM may be restarting, or nothing. */
  range: "refused" | "unresponsive" | "one period";
  /** The request was wrong; the CEMM itself may be fine. */
  callerError?: boolean;
  /** The device may be down, or at another address: failover opens its circuit, and the CEMM is searched for. */
  deviceFails?: boolean;
  /** The cloud gives the same answer until a person acts, so a poller waits long before it asks again. */
  denied?: boolean;
  /** The same request may succeed later unchanged, unless its {@link Problem} says otherwise. */
  retryable?: boolean;
}

/** Every code, and how to handle it: for failover, the LAN's locator, ranges, pollers and availability. */
export const ERROR_POLICIES = {
  CEMM_CONFIG: { range: "refused", callerError: true },
  CEMM_INPUT: { range: "one period", callerError: true },
  CEMM_UNAUTHORIZED: { range: "refused", deviceFails: true, denied: true },
  CEMM_ALIAS_UNSUPPORTED: { range: "refused", denied: true },
  CEMM_NOT_SUPPORTED: { range: "refused" },
  CEMM_TIMEOUT: { range: "unresponsive", deviceFails: true, retryable: true },
  CEMM_PROMISE_TIMEOUT: { range: "unresponsive", deviceFails: true, retryable: true },
  CEMM_GATEWAY: { range: "one period", deviceFails: true, retryable: true },
  CEMM_RATE_LIMITED: { range: "one period", deviceFails: true, retryable: true },
  CEMM_UNREACHABLE: { range: "unresponsive", deviceFails: true, retryable: true },
  CEMM_WRONG_DEVICE: { range: "refused", deviceFails: true },
  CEMM_BAD_RESPONSE: { range: "one period", deviceFails: true },
  CEMM_HTTP: { range: "one period", deviceFails: true },
} as const satisfies Record<string, ErrorPolicy>;

/** What went wrong: stable across versions. */
export type CemmErrorCode = keyof typeof ERROR_POLICIES;

/** How to handle `error`; undefined if it is not one of this package's. */
export function policyOf(error: unknown): ErrorPolicy | undefined {
  return error instanceof CemmError ? ERROR_POLICIES[error.code] : undefined;
}

/** A foreign error, reduced: its object contains the failed address, and a cloud address contains the API key. */
export interface ErrorCause {
  code: string;
  message: string;
}

/** Optional properties of an error. `retryAfter` in ms. */
export interface ErrorDetails {
  statusCode?: number | undefined;
  retryable?: boolean | undefined;
  retryAfter?: number | undefined;
  cause?: ErrorCause | undefined;
}

/** Only a text from a device or a message is longer. */
const MAX_TEXT = 500;

/**
 * Any error between a flow and a CEMM. The message names the device and says what to do.
 * - `code`: one of {@link CemmErrorCode}, stable across versions
 * - `statusCode`: the HTTP status, if there was one
 * - `retryable`: whether the same request may succeed later unchanged
 * - `retryAfter`: milliseconds, if the server asked for a pause (at most an hour)
 * - `cause`: the underlying failure as `{ code, message }`, redacted
 */
export class CemmError extends Error {
  override readonly name = "CemmError";
  readonly code: CemmErrorCode;
  readonly retryable: boolean;
  declare readonly statusCode?: number;
  declare readonly retryAfter?: number;
  declare readonly cause?: ErrorCause;

  constructor(code: CemmErrorCode, message: string, details: ErrorDetails = {}) {
    super(shorten(message));
    const { statusCode, retryable = false, retryAfter, cause } = details;
    this.code = code;
    this.retryable = retryable;
    // Absent rather than undefined, since Node-RED copies every property to msg.error.
    if (statusCode !== undefined) this.statusCode = statusCode;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
    if (cause !== undefined) this.cause = cause;
  }

  /** Only the message: Node-RED shows this in its log and at the catch node. */
  override toString(): string {
    return this.message;
  }
}

/** An option or a config node is missing, or cannot be used. */
export function configError(message: string): CemmError {
  return new CemmError("CEMM_CONFIG", message);
}

/** A value from a message or a script cannot be used. */
export function inputError(message: string): CemmError {
  return new CemmError("CEMM_INPUT", message);
}

export function shorten(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}

/** A foreign value as errors show it; never throws. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return `"${value.slice(0, 40)}"`;
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "function" ? "a function" : String(value);
}

/** What can be wrong with an answer, or with the device. */
interface Problem {
  code: CemmErrorCode;
  /** Default: as for the code. */
  retryable?: boolean;
  /** What happened and what to do, after the device's name. `{}` is a placeholder. */
  text: string;
}

const POWER = "Check that it has power and network";
const ONLINE = "Check that the CEMM is connected to the internet";
export const CHECK_METERS = "Check which meters it has.";
const RESTART = "Try again; if that does not help, restart the CEMM.";

/** Every sentence about a device or the cloud. Those about options and messages are beside their checks. */
const PROBLEMS = {
  denied: { code: "CEMM_UNAUTHORIZED", text: "denies access. Check the API key, and that this CEMM is linked to it." },
  noAlias: { code: "CEMM_ALIAS_UNSUPPORTED", text: `does not support this alias here. ${CHECK_METERS}` },
  noMeter: { code: "CEMM_ALIAS_UNSUPPORTED", text: "has no meter {}" },
  cemm3: {
    code: "CEMM_NOT_SUPPORTED",
    text: "is a CEMM 3.0, which has a different API. This package is for CEMM Basic and Plus.",
  },
  pastReadings: {
    code: "CEMM_NOT_SUPPORTED",
    text: "only has its current readings on the LAN. Ask the cloud for those of another day.",
  },
  noReadings: {
    code: "CEMM_NOT_SUPPORTED",
    text: 'has no readings of the meter "{}" on the LAN. Ask the cloud for them.',
  },
  noInfo: {
    code: "CEMM_NOT_SUPPORTED",
    text: "does not know a CEMM's name and firmware. Only the CEMM itself does, on the LAN.",
  },
  silent: { code: "CEMM_TIMEOUT", text: `did not answer. ${POWER}.` },
  noAnswer: { code: "CEMM_TIMEOUT", text: `did not answer {}. ${POWER}, or raise its time limit (timeout).` },
  notFoundInTime: { code: "CEMM_TIMEOUT", text: `was not found in time. ${POWER}.` },
  queued: {
    code: "CEMM_TIMEOUT",
    text: "was not asked within {}: other requests were ahead of this one. Ask less often, or fewer at once.",
  },
  cemmTimedOut: { code: "CEMM_TIMEOUT", text: `got no answer from the CEMM in time. ${ONLINE}.` },
  promisedOnly: {
    code: "CEMM_PROMISE_TIMEOUT",
    text: `promised data, but did not deliver within {}. ${ONLINE}, or raise its time limit (timeout).`,
  },
  offline: { code: "CEMM_GATEWAY", text: `could not get data from the CEMM: it may be offline. ${ONLINE}.` },
  busy: { code: "CEMM_GATEWAY", text: "is not available at the moment. Try again later." },
  internalError: {
    code: "CEMM_GATEWAY",
    retryable: false,
    text: "has an internal error. If this continues, restart the CEMM.",
  },
  tooOften: { code: "CEMM_RATE_LIMITED", text: "was asked too often. Ask less often." },
  unreachable: {
    code: "CEMM_UNREACHABLE",
    text: "cannot be reached: the connection is refused or breaks off. Check its address, and the network in between.",
  },
  noName: {
    code: "CEMM_UNREACHABLE",
    text: "cannot be reached: the look-up of its name failed. Check the address, and this machine's network and DNS.",
  },
  noRoute: {
    code: "CEMM_UNREACHABLE",
    text: "cannot be reached: this machine has no route to it. Check this machine's network, and the address.",
  },
  proxy: {
    code: "CEMM_UNREACHABLE",
    text: "cannot be reached: the proxy refuses or breaks the connection. Check HTTPS_PROXY, and what the proxy allows.",
  },
  untrusted: {
    code: "CEMM_UNREACHABLE",
    retryable: false,
    text: "has a certificate that is not trusted. Check the address, and this machine's clock.",
  },
  closed: { code: "CEMM_UNREACHABLE", retryable: false, text: "can no longer be asked: its account was closed." },
  notFound: {
    code: "CEMM_UNREACHABLE",
    text: "{} on this network. It may be off or not connected. Enter its address if broadcasts do not reach it, as from a container or another VLAN, or if its core is older than 1.23, which does not answer them.",
  },
  otherCemm: { code: "CEMM_WRONG_DEVICE", text: "is another CEMM, {}. Correct the address or the MAC address." },
  noMac: {
    code: "CEMM_WRONG_DEVICE",
    text: "does not give a MAC address, but {} was expected. Correct the address or the MAC address.",
  },
  starting: {
    code: "CEMM_BAD_RESPONSE",
    retryable: true,
    text: "does not answer as a CEMM. It may be starting; if this continues, another device has this address.",
  },
  noPage: {
    code: "CEMM_BAD_RESPONSE",
    text: "has no such page. Another device may have this address, or the CEMM is starting.",
  },
  locked: {
    code: "CEMM_BAD_RESPONSE",
    text: "asks for a password, which no CEMM does: another device has this address. Check the address.",
  },
  redirect: {
    code: "CEMM_BAD_RESPONSE",
    text: "redirects{}, which is not followed. Check the address, or sign in to the network.",
  },
  noSuchStatus: {
    code: "CEMM_BAD_RESPONSE",
    text: "answered with a status that HTTP does not have. Check the address.",
  },
  broken: {
    code: "CEMM_BAD_RESPONSE",
    retryable: true,
    text: "sent an answer that breaks off or is not HTTP. If it keeps doing so, something else may be at this address.",
  },
  tooLarge: { code: "CEMM_BAD_RESPONSE", text: "sent more than {}, which no CEMM does. Check the address." },
  compressed: { code: "CEMM_BAD_RESPONSE", text: "sent a compressed answer, which was not requested." },
  empty: { code: "CEMM_BAD_RESPONSE", text: `sent an empty answer. ${RESTART}` },
  cutJson: { code: "CEMM_BAD_RESPONSE", retryable: true, text: `sent JSON that breaks off. ${RESTART}` },
  notJson: {
    code: "CEMM_BAD_RESPONSE",
    text: "sent something that is not JSON. Perhaps another device, or a sign-in page, is at this address.",
  },
  tooDeep: {
    code: "CEMM_BAD_RESPONSE",
    text: "sent an answer that is nested deeper than any CEMM's. Check the address.",
  },
  tooMany: { code: "CEMM_BAD_RESPONSE", text: "sent an answer with more values than any CEMM's. Check the address." },
  wrongShape: { code: "CEMM_BAD_RESPONSE", text: "sent an answer of {}. Check that a CEMM has this address." },
  noChannel: {
    code: "CEMM_BAD_RESPONSE",
    text: 'sent no usable channel for "{}". Check that this meter is connected and activated.',
  },
  unexpectedStatus: { code: "CEMM_HTTP", text: "answered with an unexpected status. Check the address." },
} as const satisfies Record<string, Problem>;

export type ProblemName = keyof typeof PROBLEMS;

/** A problem without the device's name, since each caller has its own label for it. Not an Error: it needs no stack. */
export class Failure {
  readonly retryable: boolean;

  /** `fill`: replaces `{}`; `note`: a status or system code, in brackets. */
  constructor(
    readonly name: ProblemName,
    private readonly more: { fill?: string; note?: string; details?: ErrorDetails } = {},
  ) {
    const { code, retryable }: Problem = PROBLEMS[name];
    const policy: ErrorPolicy = ERROR_POLICIES[code];
    this.retryable = retryable ?? policy.retryable ?? false;
  }

  get retryAfter(): number | undefined {
    return this.more.details?.retryAfter;
  }

  /** The error for a caller that calls the device `label`. */
  toError(label: string): CemmError {
    const { code, text } = PROBLEMS[this.name];
    const { fill = "", note, details } = this.more;
    const sentence = `${label} ${text.replace("{}", () => fill)}`;
    const message = note === undefined ? sentence : `${sentence} (${note})`;
    return new CemmError(code, message, { retryable: this.retryable, ...details });
  }
}

/** The error of the device called `label`. */
export function problem(label: string, name: ProblemName, fill = ""): CemmError {
  return new Failure(name, { fill }).toError(label);
}
