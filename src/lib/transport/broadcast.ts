/** Sends a query to every device on the network by UDP broadcast, and receives the datagrams that come back. */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { CemmError } from "../errors.js";
import { safeCause } from "../redact.js";

/** Receive buffer in bytes. Answers of a burst that do not fit are lost: the default buffer holds some 250. */
const RECEIVE_BUFFER = 1024 * 1024;
/** Broadcasts get lost, so three are sent in the first second. */
const SEND_AT = [0, 500, 1000];

export interface Broadcast {
  query: Buffer;
  addresses: readonly string[];
  port: number;
  timeout: number;
  /** Ends the listening early, without an error. */
  signal: AbortSignal;
}

/** Sends the query and passes on each datagram until the time is up. @throws CemmError `CEMM_UNREACHABLE` */
export async function broadcast(
  { query, addresses, port, timeout, signal }: Broadcast,
  onDatagram: (datagram: Buffer, sender: RemoteInfo) => void,
): Promise<void> {
  const socket = await openSocket(port);
  socket.on("message", (datagram, sender) => {
    if (!signal.aborted && !datagram.equals(query)) onDatagram(datagram, sender);
  });
  const send = () => {
    // An unreachable address must not affect the others.
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

/** From the discovery port itself if it is free: older CEMMs may answer to it rather than to the sender's port. */
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

/** Best effort: it works with the default buffer too. */
function enlargeBuffer(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER);
  } catch {
    // Some systems reject a size above their limit instead of reducing it.
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
