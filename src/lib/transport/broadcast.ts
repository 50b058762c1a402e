/** A question to every device on the network, by UDP broadcast, and the datagrams that come back. */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { CemmError } from "../errors.js";
import { safeCause } from "../redact.js";

/** In bytes. Of a burst of answers, what finds no room there is lost: the usual buffer holds some 250. */
const RECEIVE_BUFFER = 1024 * 1024;
/** Broadcasts get lost: three, over the first second. */
const SEND_AT = [0, 500, 1000];

export interface Broadcast {
  query: Buffer;
  /** Each is asked. */
  addresses: readonly string[];
  port: number;
  /** How long to listen, in ms. */
  timeout: number;
  /** Ends the listening early, without an error. */
  signal: AbortSignal;
}

/**
 * Sends the query and hands on each datagram until the time is over.
 * @throws CemmError `CEMM_UNREACHABLE` where no socket can be had.
 */
export async function broadcast(
  { query, addresses, port, timeout, signal }: Broadcast,
  onDatagram: (datagram: Buffer, sender: RemoteInfo) => void,
): Promise<void> {
  const socket = await openSocket(port);
  socket.on("message", (datagram, sender) => {
    if (!signal.aborted && !datagram.equals(query)) onDatagram(datagram, sender);
  });
  const send = () => {
    // An address that cannot be sent to must not spoil the others.
    for (const address of addresses) socket.send(query, port, address, () => {});
  };
  try {
    await Promise.all([delay(timeout, undefined, { signal }), repeat(send, Math.min(1, timeout / 1500), signal)]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    socket.close();
  }
}

async function repeat(send: () => void, pace: number, signal: AbortSignal): Promise<void> {
  let sent = 0;
  for (const at of SEND_AT) {
    await delay((at - sent) * pace, undefined, { signal });
    sent = at;
    send();
  }
}

/** From the port itself where it is free: older CEMMs may answer to it rather than to the sender's port. */
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
    enlargeBuffer(socket);
  } catch (error) {
    socket.close();
    throw error;
  }
  // An error while sending or receiving concerns one address, not the search.
  return socket.on("error", () => {});
}

/** As far as the system lets us: with the usual buffer it works, too. */
function enlargeBuffer(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER);
  } catch {
    // Some systems refuse what is beyond their limit, rather than give less.
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
