/** How CEMMs are addressed: MAC addresses as uids, hosts on the LAN, the cloud's base address. */
import { isIPv6 } from "node:net";
import { CemmError } from "./errors.js";

/** A MAC address in any usual notation as `00-1E-C0-85-96-CC`; undefined where `text` is none. */
export function parseUid(text: string): string | undefined {
  const plain = text.trim();
  const notation = /^([0-9a-f]{2}([:\- ])[0-9a-f]{2}(\2[0-9a-f]{2}){4}|([0-9a-f]{4}\.){2}[0-9a-f]{4}|[0-9a-f]{12})$/i;
  if (!notation.test(plain)) return undefined;
  return plain
    .replace(/[^0-9a-f]/gi, "")
    .toUpperCase()
    .match(/../g)
    ?.join("-");
}

/**
 * The root of a CEMM's web server: `host`, `host:port`, `[v6]:port`, with or without `http://`.
 * @throws CemmError `CEMM_CONFIG` where that is not an address.
 */
export function parseHost(text: string): URL {
  const url = readHost(text);
  if (url) return url;
  throw new CemmError(
    "CEMM_CONFIG",
    `"${text}" is not the address of a CEMM; use a name or an IP address, such as 192.168.1.10.`,
  );
}

export function isHost(text: string): boolean {
  return readHost(text) !== undefined;
}

function readHost(text: string): URL | undefined {
  const bare = text
    .trim()
    .replace(/^http:\/\//i, "")
    .replace(/\/+$/, "");
  // An IPv6 address without brackets: its last group is no port.
  const host = isIPv6(bare) ? `[${bare}]` : bare;
  const isPlain = /^[^\s/?#@]+$/.test(host) && URL.canParse(`http://${host}`);
  return isPlain ? new URL(`http://${host}`) : undefined;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/** Whether the address stays on this machine. */
export function isLoopback(url: URL): boolean {
  return LOOPBACK.test(url.hostname);
}

/**
 * The cloud's base address, with a trailing slash.
 * @throws CemmError `CEMM_CONFIG`; also for plain http to another machine: the key travels in the query.
 */
export function parseBaseUrl(text: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
    throw new CemmError("CEMM_CONFIG", "The account's base address is not one; use https://open-api.cemm.nl/v1/.");
  }
  if (url.protocol === "http:" && !isLoopback(url)) {
    throw new CemmError(
      "CEMM_CONFIG",
      `The account's base address must begin with https: http would show the API key to everyone on the way to ${url.host}.`,
    );
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}
