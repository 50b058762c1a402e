/**
 * Syntax of aliases, uids, hosts, base addresses and times, for runtime and dialogs: no Node API, no dependency, no URL
 * parser (browsers and Node differ, and expand `127.1`). Lengths come first, because a message may contain any text.
 */

/** Maximum length of a host name (253), in brackets or with a port. */
const MAX_HOST = 261;
/** Maximum length of any other text. */
const MAX_TEXT = 100;

/** The trimmed text; empty, which is always invalid, if it is too long. */
function trimmed(text: string, max = MAX_TEXT): string {
  return text.length > max ? "" : text.trim();
}

/** The name in `${NAME}` or `$(NAME)`: what Node-RED replaces, as a whole value only, with an environment variable. */
export function variableIn(text: string): string | undefined {
  return /^\$(?:\{\S+\}|\(\S+\))$/.test(text) ? text.slice(2, -1) : undefined;
}

/** Aliases are an open set: CEMMs have more than the vendor's pages list. */
export function isAlias(text: string): boolean {
  return /^[a-z0-9-]{1,64}$/.test(text);
}

const MAC = /^([0-9a-f]{2}([:\- ])[0-9a-f]{2}(\2[0-9a-f]{2}){4}|([0-9a-f]{4}\.){2}[0-9a-f]{4}|[0-9a-f]{12})$/i;

/** A MAC address in any common notation as `00-1E-C0-85-96-CC`; undefined if invalid. */
export function parseUid(text: string): string | undefined {
  const plain = trimmed(text);
  if (!MAC.test(plain)) return undefined;
  const digits = plain.replace(/[^0-9a-f]/gi, "").toUpperCase();
  return digits.match(/../g)?.join("-");
}

/**
 * `host`, `host:port`, `[v6]:port` or a bare IPv6 address, with or without `http://`, as `host[:port]` in lower case;
 * undefined if invalid. Port 80 is left out.
 */
export function parseHost(text: string): string | undefined {
  const bare = trimmed(text, MAX_HOST)
    .replace(/^http:\/\//i, "")
    .replace(/\/+$/, "")
    .toLowerCase();
  // An IPv6 address without brackets: its last group is not a port.
  return isIPv6(bare) ? `[${bare}]` : parseAuthority(bare, 80);
}

/** `host[:port]` in lower case, without the default port. */
function parseAuthority(text: string, defaultPort: number): string | undefined {
  const [, bracketed, name, port = String(defaultPort)] =
    /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed === undefined ? name : `[${bracketed}]`;
  const isHost = bracketed === undefined ? isName(name ?? "") : isIPv6(bracketed);
  if (!host || !isHost || !isPort(port)) return undefined;
  return Number(port) === defaultPort ? host : `${host}:${Number(port)}`;
}

/** Whether the text is a port number, 1 to 65535. */
export function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;
}

export function isIPv4(text: string): boolean {
  return /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(text) && text.split(".").every((byte) => Number(byte) < 256);
}

/** A host name, or four octets: a URL parser would turn `192.168.1` into 192.168.0.1. */
function isName(text: string): boolean {
  const labels = text.split(".");
  if (/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) || "0")) return isIPv4(text);
  return text.length <= 253 && labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
}

/** Eight groups of hexadecimal digits, one run of zeros shortened to `::`, the last two perhaps as IPv4. No zone. */
function isIPv6(text: string): boolean {
  const [, head = "", tail] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? [];
  if (tail !== undefined) return isIPv4(tail) && isIPv6(`${head}0:0`);
  const halves = text.split("::");
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const isFull = halves.length === 1 ? groups.length === 8 : halves.length === 2 && groups.length < 8;
  return isFull && groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group));
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;

/** Whether `host[:port]`, as {@link parseHost} gives it, stays on this machine. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** The path of a page as `/energy` or `/energy/flat`, without `.` and `..`; undefined if invalid. */
export function parsePath(text: string): string | undefined {
  const path = `/${trimmed(text).replace(/^\/+|\/+$/g, "")}`;
  return /^(\/(?!\.{1,2}(\/|$))[\w.~-]+)+$/.test(path) ? path : undefined;
}

/** The base address of an API. `path` begins and ends with a slash. */
export interface BaseUrl {
  protocol: "http:" | "https:";
  host: string;
  path: string;
}

/** The cloud's base address; undefined if invalid. {@link isLoopback} decides whether http is safe. */
export function parseBaseUrl(text: string): BaseUrl | undefined {
  const [, scheme = "", authority = "", path = ""] =
    /^(https?):\/\/([^/]+)(\/[\w.~%!$&'()*+,;=:@/-]*)?$/i.exec(trimmed(text)) ?? [];
  const protocol = scheme.toLowerCase() === "http" ? "http:" : "https:";
  const host = parseAuthority(authority.toLowerCase(), protocol === "http:" ? 80 : 443);
  if (host === undefined || /%(?![0-9a-f]{2})/i.test(path)) return undefined;
  return { protocol, host, path: path.endsWith("/") ? path : `${path}/` };
}

/** A time as written: an instant, or a local date and time, as epoch ms of the same date and time in UTC. */
export type WrittenTime = { kind: "instant"; epochMs: number } | { kind: "local"; asUtc: number };

/** Numbers below this are epoch seconds, from here on epoch milliseconds (1973-03-03 as milliseconds). */
const SECONDS_BELOW = 1e11;
/** No measurement lies outside these years, and Temporal has limits. */
const FIRST_YEAR = 1970;
const END_YEAR = 3000;
/** The end of the last year, epoch ms. */
export const LATEST = Date.UTC(END_YEAR, 0);

/** Epoch ms from a time that may be in seconds or milliseconds. */
export function toEpochMs(time: number): number {
  return Math.abs(time) < SECONDS_BELOW ? time * 1000 : time;
}

/**
 * Epoch ms, epoch s (below 1e11), `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or an ISO date-time, with or without an offset, as
 * text or number, from 1970 to 2999; undefined if invalid.
 */
export function parseTime(time: string | number): WrittenTime | undefined {
  // The number 2026 is the year, like the text: nobody means 00:33 on 1 January 1970.
  const isYear = typeof time === "number" && Number.isInteger(time) && time >= FIRST_YEAR && time < END_YEAR;
  if (typeof time === "number" && !isYear) return instant(toEpochMs(time));
  const text = trimmed(String(time));
  // Fewer digits are not an epoch time, but a date without dashes or a typing error.
  return /^\d{9,}(\.\d+)?$/.test(text) ? instant(toEpochMs(Number(text))) : parseIso(text);
}

const ISO =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(z|[+-]\d{2}(?::?\d{2})?)?)?)?)?$/i;

function parseIso(text: string): WrittenTime | undefined {
  const [, year, month = "01", day = "01", hour = "00", minute = "00", second = "00", fraction = "", offset] =
    ISO.exec(text) ?? [];
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const asUtc = Date.parse(`${written}.${fraction.padEnd(3, "0").slice(0, 3)}Z`);
  // Date.parse may take 30 February and 24:00 for a later day.
  if (!isKnown(asUtc) || !new Date(asUtc).toISOString().startsWith(written)) return undefined;
  if (offset === undefined) return { kind: "local", asUtc };
  const ms = parseOffset(offset);
  return ms === undefined ? undefined : instant(asUtc - ms);
}

/** `Z`, `+01`, `+01:00` or `+0100`, in ms; undefined if out of range. */
function parseOffset(text: string): number | undefined {
  if (/^z$/i.test(text)) return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(":", "") || 0);
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function instant(epochMs: number): WrittenTime | undefined {
  return isKnown(epochMs) ? { kind: "instant", epochMs: Math.trunc(epochMs) } : undefined;
}

function isKnown(epochMs: number): boolean {
  return epochMs >= 0 && epochMs < LATEST;
}
