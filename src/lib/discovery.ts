/** Finds CEMMs on the network: a UDP broadcast that those with core 1.23 and above answer. */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { parseUid } from "./address.js";
import { DiscoveryAnswer } from "./data/schemas.js";
import { CemmError, safeCause } from "./errors.js";

export const DISCOVERY_PORT = 9777;
const QUERY = Buffer.from("cemm_query");
/** Broadcasts get lost: three, over the first second. */
const SEND_AT = [0, 500, 1000];
const MAX_ANSWER = 2048;
/** More than a network holds, less than a flood brings. */
const MAX_FOUND = 1000;

/** A CEMM as it answered the broadcast. `host` is the address the answer came from. */
export interface DiscoveredCemm {
  uid: string;
  mac: string;
  host: string;
  model: string | null;
  core: string | null;
  initState: number | null;
}

export interface DiscoverOptions {
  /** How long to listen, in ms; default 5000. */
  timeout?: number;
  /** IPv4 addresses to ask; default: the broadcast address of every interface. */
  broadcast?: readonly string[];
  /** Default 9777. */
  port?: number;
  /** Stop as soon as this CEMM has answered. */
  uid?: string;
  signal?: AbortSignal;
  /** Told of each CEMM as it is found. */
  onFound?: (cemm: DiscoveredCemm) => void;
}

/**
 * The CEMMs that answered, sorted by uid, one for each MAC address. None is an empty array.
 * @throws CemmError `CEMM_INPUT` for a wrong option, `CEMM_UNREACHABLE` where no socket can be had; or the signal's reason.
 */
export async function discover(options: DiscoverOptions = {}): Promise<DiscoveredCemm[]> {
  const { timeout = 5000, broadcast = broadcastAddresses(), port = DISCOVERY_PORT, uid, onFound } = options;
  checkOptions(timeout, broadcast, port);
  options.signal?.throwIfAborted();
  const found = new Map<string, DiscoveredCemm>();
  const done = new AbortController();
  const stop = () => done.abort();
  const socket = await openSocket(port);
  options.signal?.addEventListener("abort", stop, { once: true });
  if (options.signal?.aborted) stop();
  socket.on("message", (datagram, sender) => {
    const cemm = readAnswer(datagram, sender);
    if (!cemm || found.has(cemm.uid) || found.size >= MAX_FOUND) return;
    found.set(cemm.uid, cemm);
    onFound?.(cemm);
    if (cemm.uid === uid) done.abort();
  });
  try {
    await Promise.all([
      delay(timeout, undefined, { signal: done.signal }),
      ask(socket, broadcast, port, Math.min(1, timeout / 1500), done.signal),
    ]);
  } catch (error) {
    if (!done.signal.aborted) throw error;
  } finally {
    options.signal?.removeEventListener("abort", stop);
    socket.close();
  }
  options.signal?.throwIfAborted();
  return [...found.values()].sort((a, b) => (a.uid < b.uid ? -1 : 1));
}

function checkOptions(timeout: number, broadcast: readonly string[], port: number): void {
  if (!(timeout >= 1 && timeout <= 300_000)) {
    throw new CemmError("CEMM_INPUT", "Listen between 0.001 and 300 seconds for CEMMs.");
  }
  const wrong = broadcast.find((address) => !isIPv4(address));
  if (wrong !== undefined) {
    throw new CemmError("CEMM_INPUT", `"${wrong}" is not a broadcast address; use one such as 192.168.1.255.`);
  }
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new CemmError("CEMM_INPUT", `${port} is not a UDP port; CEMMs listen on ${DISCOVERY_PORT}.`);
  }
}

/** From the discovery port itself where it is free: older CEMMs may answer to it rather than to the sender's port. */
async function openSocket(port: number): Promise<Socket> {
  try {
    return await bind(port).catch(() => bind(0));
  } catch (error) {
    const cause = safeCause(error);
    throw new CemmError("CEMM_UNREACHABLE", `Cannot open a UDP socket to find CEMMs (${cause.code}).`, { cause });
  }
}

async function bind(port: number): Promise<Socket> {
  // No reuseAddr: with it, the last socket bound would take everybody's answers.
  const socket = createSocket("udp4");
  try {
    socket.bind(port);
    await once(socket, "listening");
    socket.setBroadcast(true);
  } catch (error) {
    socket.close();
    throw error;
  }
  // An error while sending or receiving concerns one address, not the search.
  return socket.on("error", () => {});
}

async function ask(
  socket: Socket,
  addresses: readonly string[],
  port: number,
  pace: number,
  signal: AbortSignal,
): Promise<void> {
  let sent = 0;
  for (const at of SEND_AT) {
    await delay((at - sent) * pace, undefined, { signal });
    sent = at;
    for (const address of addresses) socket.send(QUERY, port, address, () => {});
  }
}

function readAnswer(datagram: Buffer, { address }: RemoteInfo): DiscoveredCemm | undefined {
  if (datagram.length > MAX_ANSWER || datagram.equals(QUERY)) return undefined;
  const answer = DiscoveryAnswer.safeParse(parseJson(datagram.toString())).data;
  const uid = answer && parseUid(answer.mac);
  if (!uid) return undefined;
  const { port = 80, type, version, init_state } = answer;
  return {
    uid,
    mac: uid.replaceAll("-", ":"),
    // The sender's address counts: the one it names may be of another network, or made up.
    host: port === 80 ? address : `${address}:${port}`,
    model: type ?? null,
    core: version ?? null,
    initState: init_state ?? null,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The broadcast address of every IPv4 interface: 255.255.255.255 would leave by one of them only. */
export function broadcastAddresses(interfaces = networkInterfaces()): string[] {
  const ipv4 = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family }) => family === "IPv4");
  return [...new Set(ipv4.map(({ address, netmask }) => broadcastOf(address, netmask)))];
}

function broadcastOf(address: string, netmask: string): string {
  const mask = netmask.split(".").map(Number);
  return address
    .split(".")
    .map((byte, n) => Number(byte) | (~(mask[n] ?? 255) & 255))
    .join(".");
}
