/** The errors of this package: one class, a stable code each, and nothing secret in any of them. */

export type CemmErrorCode =
  | "CEMM_CONFIG"
  | "CEMM_INPUT"
  | "CEMM_UNAUTHORIZED"
  | "CEMM_ALIAS_UNSUPPORTED"
  | "CEMM_NOT_SUPPORTED"
  | "CEMM_TIMEOUT"
  | "CEMM_PROMISE_TIMEOUT"
  | "CEMM_GATEWAY"
  | "CEMM_RATE_LIMITED"
  | "CEMM_UNREACHABLE"
  | "CEMM_WRONG_DEVICE"
  | "CEMM_BAD_RESPONSE"
  | "CEMM_HTTP";

/** A foreign error, reduced: its object holds the address it failed on, and a cloud address holds the API key. */
export interface ErrorCause {
  code: string;
  message: string;
}

interface ErrorDetails {
  statusCode?: number | undefined;
  retryable?: boolean;
  cause?: ErrorCause | undefined;
}

/**
 * Whatever goes wrong between a flow and a CEMM. The message names the device and what to do about it.
 * - `code`: one of {@link CemmErrorCode}, stable across versions
 * - `statusCode`: the HTTP status, where there was one
 * - `retryable`: whether the same request may succeed later without anybody changing anything
 * - `cause`: the underlying failure as `{ code, message }`, redacted
 */
export class CemmError extends Error {
  override readonly name = "CemmError";
  readonly code: CemmErrorCode;
  readonly retryable: boolean;
  declare readonly statusCode?: number;
  declare readonly cause?: ErrorCause;

  constructor(code: CemmErrorCode, message: string, { statusCode, retryable = false, cause }: ErrorDetails = {}) {
    super(message);
    this.code = code;
    this.retryable = retryable;
    // Absent rather than undefined: Node-RED copies what is there to msg.error.
    if (statusCode !== undefined) this.statusCode = statusCode;
    if (cause !== undefined) this.cause = cause;
  }

  /** The sentence alone: Node-RED shows this to people, in its log and at the catch node. */
  override toString(): string {
    return this.message;
  }
}

/** The foreign error as a cause that is safe to show: any of `secrets`, in any usual encoding, is blotted out. */
export function safeCause(error: unknown, secrets: readonly string[] = []): ErrorCause {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { code: codeOf(error) ?? name, message: redact(message, secrets) };
}

/** The `code` of a system or undici error; some, such as a parse error's, are undefined. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** `text` without any of the secrets, and without the value of any `api_key` parameter. */
export function redact(text: string, secrets: readonly string[]): string {
  const known = secrets.flatMap(encodings).reduce((clean, secret) => clean.replaceAll(secret, "***"), text);
  return known.replace(/(api_key=)[^&\s"']+/gi, "$1***");
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
