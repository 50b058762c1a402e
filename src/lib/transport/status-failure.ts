import { type CemmErrorCode, redact } from "../errors.js";
import { Failure } from "./failure.js";

interface StatusMeaning {
  code: CemmErrorCode;
  retryable?: boolean;
  text: string;
}

/** What a status means; statuses of 300 and above that are not listed are {@link unlisted}. */
export type StatusTable = Record<number, StatusMeaning>;

const TIMED_OUT: StatusMeaning = {
  code: "CEMM_TIMEOUT",
  retryable: true,
  text: "got no answer from the CEMM in time. Check that the CEMM is connected to the internet.",
};
const UNSUPPORTED: StatusMeaning = {
  code: "CEMM_ALIAS_UNSUPPORTED",
  text: "does not support this alias here. Check which meters the CEMM has.",
};
const TOO_OFTEN: StatusMeaning = {
  code: "CEMM_RATE_LIMITED",
  retryable: true,
  text: "was asked too often. Ask less often.",
};
const BUSY: StatusMeaning = {
  code: "CEMM_GATEWAY",
  retryable: true,
  text: "is out of order at the moment. Try again later.",
};

const DENIED: StatusMeaning = {
  code: "CEMM_UNAUTHORIZED",
  text: "denies access. Check the API key, and that this CEMM is linked to it.",
};
const OFFLINE: StatusMeaning = {
  code: "CEMM_GATEWAY",
  retryable: true,
  text: "could not get data from the CEMM: it may be offline. Check that the CEMM is connected to the internet.",
};

/** As the cloud's interface page lists them. */
export const CLOUD_STATUSES: StatusTable = {
  401: DENIED,
  403: DENIED,
  408: TIMED_OUT,
  412: UNSUPPORTED,
  429: TOO_OFTEN,
  502: OFFLINE,
  503: BUSY,
  504: BUSY,
};

const LOCKED: StatusMeaning = {
  code: "CEMM_BAD_RESPONSE",
  text: "asks for a password, which no CEMM does: another device has this address. Check the address.",
};

/** A CEMM on the LAN knows no key, and answers 404 for a meter that it does not have. So do other devices. */
export const LAN_STATUSES: StatusTable = {
  401: LOCKED,
  403: LOCKED,
  404: {
    code: "CEMM_BAD_RESPONSE",
    text: "has no such page. Another device may have this address, or the CEMM is starting.",
  },
  408: TIMED_OUT,
  412: UNSUPPORTED,
  429: TOO_OFTEN,
  502: BUSY,
  503: BUSY,
  504: BUSY,
};

/** An answer's header by its name, in lower case. */
type Header = (name: string) => string | undefined;

/** The failure that a status outside 2xx means. `secrets` are blotted out of a redirect's host. */
export function statusFailure(status: number, header: Header, table: StatusTable, secrets: readonly string[]): Failure {
  const { code, retryable = false, text } = table[status] ?? unlisted(status, header("location"), secrets);
  const retryAfter = retryAfterOf(header);
  return new Failure(code, `${text} (HTTP ${status})`, { statusCode: status, retryable, retryAfter });
}

function unlisted(status: number, location: string | undefined, secrets: readonly string[]): StatusMeaning {
  if (status >= 600 || status < 200)
    return { code: "CEMM_BAD_RESPONSE", text: "answered with a status that HTTP does not have. Check the address." };
  if (status >= 500) return { code: "CEMM_GATEWAY", text: "has an internal error. If it stays, restart the CEMM." };
  if (status < 400) return { code: "CEMM_BAD_RESPONSE", text: redirectText(location, secrets) };
  return { code: "CEMM_HTTP", text: "answered with an unexpected status. Check the address." };
}

// The host only: the rest of the address may hold the key.
function redirectText(location: string | undefined, secrets: readonly string[]): string {
  const to = location && URL.canParse(location) ? ` to ${redact(new URL(location).host, secrets)}` : "";
  return `wants to redirect${to}, which is not followed. Check the address, or sign in to the network.`;
}

const LONGEST_RETRY_AFTER = 3_600_000;

/** Milliseconds that a `Retry-After` header asks for, seconds or a date, at most an hour; undefined where it is neither. */
export function retryAfterOf(header: Header): number | undefined {
  const text = header("retry-after") ?? "";
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_RETRY_AFTER);
  // Date.parse makes a date of nearly everything: of "-1", the year 2001.
  const date = / GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.min(Math.max(date - Date.now(), 0), LONGEST_RETRY_AFTER);
}
