/** The meaning of an HTTP status. */
import { Failure, type ProblemName } from "../errors.js";
import { redact } from "../redact.js";

/** What a status means; {@link problemOf} decides for those that are not listed. */
export type StatusTable = Readonly<Record<number, ProblemName>>;

/** From the cloud's interface page. */
export const CLOUD_STATUSES: StatusTable = {
  401: "denied",
  403: "denied",
  408: "cemmTimedOut",
  412: "noAlias",
  429: "tooOften",
  502: "offline",
  503: "busy",
  504: "busy",
};

/** A CEMM on the LAN needs no key, and answers 404 for a meter that it does not have. So do other devices. */
export const LAN_STATUSES: StatusTable = {
  ...CLOUD_STATUSES,
  401: "locked",
  403: "locked",
  404: "noPage",
  502: "busy",
};

/** A response header by its lower-case name. */
type Header = (name: string) => string | undefined;

/** The failure that a status outside 2xx means. `secrets` are redacted in a redirect's host. */
export function statusFailure(status: number, header: Header, table: StatusTable, secrets: readonly string[]): Failure {
  const name = table[status] ?? problemOf(status);
  const fill = name === "redirect" ? redirectTarget(header("location"), secrets) : "";
  const details = { statusCode: status, retryAfter: retryAfterOf(header) };
  return new Failure(name, { fill, note: `HTTP ${status}`, details });
}

function problemOf(status: number): ProblemName {
  if (status >= 600 || status < 200) return "noSuchStatus";
  if (status >= 500) return "internalError";
  return status < 400 ? "redirect" : "unexpectedStatus";
}

// The host only: the rest of the address may contain the key.
function redirectTarget(location: string | undefined, secrets: readonly string[]): string {
  return location && URL.canParse(location) ? ` to ${redact(new URL(location).host, secrets)}` : "";
}

const LONGEST_RETRY_AFTER = 3_600_000;

/** Milliseconds that a `Retry-After` header asks for, seconds or a date, at most an hour; undefined if invalid. */
export function retryAfterOf(header: Header): number | undefined {
  const text = header("retry-after") ?? "";
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_RETRY_AFTER);
  // Date.parse accepts nearly anything: "-1" is the year 2001.
  const date = / GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.min(Math.max(date - Date.now(), 0), LONGEST_RETRY_AFTER);
}
