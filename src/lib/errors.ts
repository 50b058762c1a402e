/** The errors of this package: one class, a stable code each, what may help against each, and nothing secret in any. */

/** What may help against an error, apart from asking again at once (`retryable`, which the status decides). */
export interface ErrorPolicy {
  /** The other route may answer: failover asks it. */
  otherRoute: boolean;
  /** The LAN itself fails, rather than this one question: failover opens its circuit. */
  lanDown: boolean;
  /** Perhaps another device has the address now: the CEMM is searched for by its uid. */
  moved: boolean;
  /** What it means for the periods of a range still to come: the CEMM refuses them all, or may be restarting. */
  range: "refused" | "silent" | "one period";
  /** The cloud will say so again until a person acts: a poller waits long before it asks again. */
  denied?: boolean;
  /** The question was wrong, which says nothing of the CEMM: it may well be there. */
  mistake?: boolean;
}

/** Every code, and what may help. All policies read this table: failover, the LAN's locator, ranges, pollers, availability. */
export const ERROR_POLICIES = {
  CEMM_CONFIG: { otherRoute: false, lanDown: false, moved: false, range: "refused", mistake: true },
  CEMM_INPUT: { otherRoute: false, lanDown: false, moved: false, range: "one period", mistake: true },
  CEMM_UNAUTHORIZED: { otherRoute: true, lanDown: true, moved: true, range: "refused", denied: true },
  CEMM_ALIAS_UNSUPPORTED: { otherRoute: true, lanDown: false, moved: false, range: "refused", denied: true },
  CEMM_NOT_SUPPORTED: { otherRoute: true, lanDown: false, moved: false, range: "refused" },
  CEMM_TIMEOUT: { otherRoute: true, lanDown: true, moved: true, range: "silent" },
  CEMM_PROMISE_TIMEOUT: { otherRoute: true, lanDown: true, moved: true, range: "silent" },
  CEMM_GATEWAY: { otherRoute: true, lanDown: true, moved: true, range: "one period" },
  CEMM_RATE_LIMITED: { otherRoute: true, lanDown: true, moved: true, range: "one period" },
  CEMM_UNREACHABLE: { otherRoute: true, lanDown: true, moved: true, range: "silent" },
  CEMM_WRONG_DEVICE: { otherRoute: true, lanDown: true, moved: true, range: "refused" },
  CEMM_BAD_RESPONSE: { otherRoute: true, lanDown: true, moved: true, range: "one period" },
  CEMM_HTTP: { otherRoute: true, lanDown: true, moved: true, range: "one period" },
} as const satisfies Record<string, ErrorPolicy>;

/** What went wrong: stable across versions, for flows and scripts to rely on. */
export type CemmErrorCode = keyof typeof ERROR_POLICIES;

/** What may help against `error`; undefined where it is none of this package's. */
export function policyOf(error: unknown): ErrorPolicy | undefined {
  return error instanceof CemmError ? ERROR_POLICIES[error.code] : undefined;
}

/** A foreign error, reduced: its object holds the address it failed on, and a cloud address holds the API key. */
export interface ErrorCause {
  code: string;
  message: string;
}

/** What an error has beside its code and message. `retryAfter` in ms. */
export interface ErrorDetails {
  statusCode?: number | undefined;
  retryable?: boolean | undefined;
  retryAfter?: number | undefined;
  cause?: ErrorCause | undefined;
}

/** Longer texts come from a device or a message, and nobody reads them. */
const LONGEST_TEXT = 500;

/**
 * Whatever goes wrong between a flow and a CEMM. The message names the device and what to do about it.
 * - `code`: one of {@link CemmErrorCode}, stable across versions
 * - `statusCode`: the HTTP status, where there was one
 * - `retryable`: whether the same request may succeed later without anybody changing anything
 * - `retryAfter`: milliseconds, where the server asked for a pause (at most an hour)
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

  /** The sentence alone: Node-RED shows this to people, in its log and at the catch node. */
  override toString(): string {
    return this.message;
  }
}

function shorten(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text;
}

/** A value from outside, as an error shows it; never throws, whatever its type. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return `"${value.slice(0, 40)}"`;
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "function" ? "a function" : String(value);
}

/** The foreign error as a cause that is safe to show: any of `secrets`, in any usual encoding, is blotted out. */
export function safeCause(error: unknown, secrets: readonly string[] = []): ErrorCause {
  const { name, message } =
    error instanceof Error ? error : new Error(typeof error === "string" ? error : describeValue(error));
  return { code: codeOf(error) ?? name, message: shorten(redact(message, secrets)) };
}

/** The `code` of a system or undici error; some, such as a parse error's, are undefined. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** `text` without any of the secrets, in any letter case, and without the value of any `api_key` parameter. */
export function redact(text: string, secrets: readonly string[]): string {
  const known = secrets.flatMap(encodings).reduce((clean, secret) => clean.replace(anyCase(secret), "***"), text);
  return known.replace(/(api_key=)[^&\s"']+/gi, "$1***");
}

// A host name is shown in lower case, whatever was in it.
function anyCase(secret: string): RegExp {
  return new RegExp(secret.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&"), "gi");
}

function encodings(secret: string): string[] {
  if (secret === "") return [];
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ k: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString("base64"),
    bytes.toString("base64url"),
    bytes.toString("hex"),
  ];
}
