/** The errors of this package: one class, a stable code each, how to handle each; without secrets. */

/** How to handle an error, apart from an immediate retry (`retryable`, which depends on the status). */
export interface ErrorPolicy {
  /** The other route may answer: failover tries it. */
  otherRoute: boolean;
  /** The LAN itself fails, not only this request: failover opens its circuit. */
  lanDown: boolean;
  /** Another device may have the address now: the CEMM is searched for by its uid. */
  moved: boolean;
  /** For the remaining periods of a range: the CEMM rejects them all, or may be restarting. */
  range: "refused" | "unresponsive" | "one period";
  /** The cloud repeats it until a person acts: a poller waits long before it asks again. */
  denied?: boolean;
  /** The request was wrong; the CEMM itself may be fine. */
  callerError?: boolean;
}

/**
 * Every code, and how to handle it. All policies read this table: failover, the LAN's locator, ranges, pollers,
 * availability.
 */
export const ERROR_POLICIES = {
  CEMM_CONFIG: { otherRoute: false, lanDown: false, moved: false, range: "refused", callerError: true },
  CEMM_INPUT: { otherRoute: false, lanDown: false, moved: false, range: "one period", callerError: true },
  CEMM_UNAUTHORIZED: { otherRoute: true, lanDown: true, moved: true, range: "refused", denied: true },
  CEMM_ALIAS_UNSUPPORTED: { otherRoute: true, lanDown: false, moved: false, range: "refused", denied: true },
  CEMM_NOT_SUPPORTED: { otherRoute: true, lanDown: false, moved: false, range: "refused" },
  CEMM_TIMEOUT: { otherRoute: true, lanDown: true, moved: true, range: "unresponsive" },
  CEMM_PROMISE_TIMEOUT: { otherRoute: true, lanDown: true, moved: true, range: "unresponsive" },
  CEMM_GATEWAY: { otherRoute: true, lanDown: true, moved: true, range: "one period" },
  CEMM_RATE_LIMITED: { otherRoute: true, lanDown: true, moved: true, range: "one period" },
  CEMM_UNREACHABLE: { otherRoute: true, lanDown: true, moved: true, range: "unresponsive" },
  CEMM_WRONG_DEVICE: { otherRoute: true, lanDown: true, moved: true, range: "refused" },
  CEMM_BAD_RESPONSE: { otherRoute: true, lanDown: true, moved: true, range: "one period" },
  CEMM_HTTP: { otherRoute: true, lanDown: true, moved: true, range: "one period" },
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

/** Longer texts come from a device or a message. */
const LONGEST_TEXT = 500;

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
    // Absent rather than undefined: Node-RED copies what is there to msg.error.
    if (statusCode !== undefined) this.statusCode = statusCode;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
    if (cause !== undefined) this.cause = cause;
  }

  /** Only the message: Node-RED shows this in its log and at the catch node. */
  override toString(): string {
    return this.message;
  }
}

/** Cut to a readable length. */
export function shorten(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text;
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
  /** The same request may succeed later unchanged. */
  retryable?: boolean;
  /** What happened and what to do, after the device's name. `{}` is a placeholder. */
  text: string;
}

const POWER = "Check that it has power and network";
const ONLINE = "Check that the CEMM is connected to the internet";
export const CHECK_METERS = "Check which meters it has.";
const RESTART = "Try again; if it stays, restart the CEMM.";

/**
 * Every sentence about a device or the cloud, by its code. Those about options and messages are beside their checks.
 */
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
    text: "has no name and firmware of a CEMM. Only the CEMM itself does, on the LAN.",
  },

  silent: { code: "CEMM_TIMEOUT", retryable: true, text: `did not answer. ${POWER}.` },
  noAnswer: {
    code: "CEMM_TIMEOUT",
    retryable: true,
    text: `did not answer {}. ${POWER}, or raise its time limit (timeout).`,
  },
  notFoundInTime: { code: "CEMM_TIMEOUT", retryable: true, text: `was not found in time. ${POWER}.` },
  queued: {
    code: "CEMM_TIMEOUT",
    retryable: true,
    text: "was not asked within {}: other requests were ahead of this one. Ask less often, or fewer at once.",
  },
  cemmTimedOut: { code: "CEMM_TIMEOUT", retryable: true, text: `got no answer from the CEMM in time. ${ONLINE}.` },

  promisedOnly: {
    code: "CEMM_PROMISE_TIMEOUT",
    retryable: true,
    text: `promised data, but did not deliver within {}. ${ONLINE}, or raise its time limit (timeout).`,
  },

  offline: {
    code: "CEMM_GATEWAY",
    retryable: true,
    text: `could not get data from the CEMM: it may be offline. ${ONLINE}.`,
  },
  busy: { code: "CEMM_GATEWAY", retryable: true, text: "is out of order at the moment. Try again later." },
  internalError: { code: "CEMM_GATEWAY", text: "has an internal error. If it stays, restart the CEMM." },

  tooOften: { code: "CEMM_RATE_LIMITED", retryable: true, text: "was asked too often. Ask less often." },

  unreachable: { code: "CEMM_UNREACHABLE", retryable: true, text: `cannot be reached. ${POWER}, and its address.` },
  noName: {
    code: "CEMM_UNREACHABLE",
    retryable: true,
    text: "cannot be reached: the look-up of its name failed. Check the address, and this machine's network and DNS.",
  },
  noRoute: {
    code: "CEMM_UNREACHABLE",
    retryable: true,
    text: "cannot be reached: this machine has no route to it. Check this machine's network, and the address.",
  },
  proxy: {
    code: "CEMM_UNREACHABLE",
    retryable: true,
    text: "cannot be reached: the proxy refuses or breaks the connection. Check HTTPS_PROXY, and what the proxy allows.",
  },
  untrusted: {
    code: "CEMM_UNREACHABLE",
    text: "shows a certificate that cannot be trusted. Check the address, and this machine's clock.",
  },
  closed: { code: "CEMM_UNREACHABLE", text: "is not asked any more: its account was closed." },
  notFound: {
    code: "CEMM_UNREACHABLE",
    retryable: true,
    text: "{} on this network. It may be off or not connected. Enter its address where a container or another VLAN keeps broadcasts out, or where its core is older than 1.23, which does not answer them.",
  },

  otherCemm: {
    code: "CEMM_WRONG_DEVICE",
    text: "is another CEMM, {}. Correct the address or the MAC address.",
  },
  noMac: {
    code: "CEMM_WRONG_DEVICE",
    text: "does not give a MAC address, but {} is wanted. Correct the address or the MAC address.",
  },

  starting: {
    code: "CEMM_BAD_RESPONSE",
    retryable: true,
    text: "does not answer as a CEMM. It may be starting; if it stays, another device has this address.",
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
    text: "wants to redirect{}, which is not followed. Check the address, or sign in to the network.",
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
  compressed: { code: "CEMM_BAD_RESPONSE", text: "sent a compressed answer, unasked." },
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
  tooMany: {
    code: "CEMM_BAD_RESPONSE",
    text: "sent an answer with more values than any CEMM's. Check the address.",
  },
  wrongShape: { code: "CEMM_BAD_RESPONSE", text: "sent an answer of {}. Check that a CEMM has this address." },
  noChannel: {
    code: "CEMM_BAD_RESPONSE",
    text: 'sent no usable channel for "{}". Check that this meter is connected and activated.',
  },

  unexpectedStatus: { code: "CEMM_HTTP", text: "answered with an unexpected status. Check the address." },
} as const satisfies Record<string, Problem>;

export type ProblemName = keyof typeof PROBLEMS;

/**
 * A problem before its error names a device: one request may have several callers, each with its own label for the
 * device. Not an Error: only the caller's error needs a stack.
 */
export class Failure {
  readonly #problem: Problem;

  /** `fill`: replaces `{}`; `note`: a status or system code, in brackets. */
  constructor(
    readonly name: ProblemName,
    private readonly more: { fill?: string; note?: string; details?: ErrorDetails } = {},
  ) {
    this.#problem = PROBLEMS[name];
  }

  get code(): CemmErrorCode {
    return this.#problem.code;
  }

  get retryable(): boolean {
    return this.#problem.retryable ?? false;
  }

  /** There was no answer. */
  get isSilence(): boolean {
    return this.name === "silent";
  }

  /** ms, if the server asked for a pause. */
  get retryAfter(): number | undefined {
    return this.more.details?.retryAfter;
  }

  /** The error for a caller that calls the device `label`. */
  toError(label: string): CemmError {
    const { fill = "", note, details } = this.more;
    const sentence = `${label} ${this.#problem.text.replace("{}", () => fill)}`;
    const text = note === undefined ? sentence : `${sentence} (${note})`;
    return new CemmError(this.code, text, { retryable: this.retryable, ...details });
  }
}

/** The error of the device called `label`. */
export function problem(label: string, name: ProblemName, fill?: string): CemmError {
  return new Failure(name, fill === undefined ? {} : { fill }).toError(label);
}
