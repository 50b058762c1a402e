import { CemmError, type CemmErrorCode } from "../errors.js";

interface Meaning {
  code: CemmErrorCode;
  retryable?: boolean;
  text: string;
}

const DENIED: Meaning = {
  code: "CEMM_UNAUTHORIZED",
  text: "denies access. In the cloud: check the API key, and that this CEMM is linked to it. On the LAN: check the address.",
};
const BUSY: Meaning = {
  code: "CEMM_GATEWAY",
  retryable: true,
  text: "is out of order at the moment. Try again later.",
};

/** What the documented statuses mean, and which are worth another try. */
const MEANINGS: Record<number, Meaning> = {
  401: DENIED,
  403: DENIED,
  408: {
    code: "CEMM_TIMEOUT",
    retryable: true,
    text: "got no answer from the CEMM in time. Check that the CEMM is connected to the internet.",
  },
  412: {
    code: "CEMM_ALIAS_UNSUPPORTED",
    text: "does not support this alias here. Check which meters the CEMM has.",
  },
  429: {
    code: "CEMM_RATE_LIMITED",
    retryable: true,
    text: "was asked too often. Ask less often.",
  },
  502: BUSY,
  503: BUSY,
  504: BUSY,
};

/** The error for a status outside 2xx. `location` is a redirect's, of which only the host is told: the rest may hold the key. */
export function statusError(status: number, peer: string, location: string | undefined): CemmError {
  const { code, retryable = false, text } = MEANINGS[status] ?? otherStatus(status, location);
  return new CemmError(code, `${peer} ${text} (HTTP ${status})`, { statusCode: status, retryable });
}

function otherStatus(status: number, location: string | undefined): Meaning {
  if (status >= 500) return { code: "CEMM_GATEWAY", text: "has an internal error. If it stays, restart the CEMM." };
  if (status >= 300 && status < 400) return { code: "CEMM_BAD_RESPONSE", text: redirectText(location) };
  return { code: "CEMM_HTTP", text: "answered with an unexpected status. Check the address." };
}

function redirectText(location: string | undefined): string {
  const to = location && URL.canParse(location) ? ` to ${new URL(location).host}` : "";
  return `wants to redirect${to}, which is not followed. Check the address, or sign in to the network.`;
}

/** Milliseconds that a `Retry-After` header asks for: seconds or a date; undefined where it is neither. */
export function retryAfter(header = ""): number | undefined {
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  // Date.parse makes a date of nearly everything: of "-1", the year 2001.
  const date = / GMT$/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : date - Date.now();
}
