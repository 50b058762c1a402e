/** Answers the discovery broadcast. See "Discovery broadcast" of the vendor's page. */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { z } from "zod";
import type { DiscoveryAnswer } from "../lib/data/schemas.js";
import type { Cemm } from "./cemm.js";
import type { FaultDraw, FaultName } from "./faults.js";
import { otherMac } from "./lan-api.js";
import { listening } from "./ports.js";

export interface Discoverable {
  cemm: Cemm;
  ip: string;
  /** Of its local API. */
  port: number;
}

export interface DiscoveryOptions {
  address: string;
  port: number;
  cemms: readonly Discoverable[];
  faults: FaultDraw;
}

const QUERY = "cemm_query";
const LOOPBACK_BROADCAST = "127.255.255.255";

export async function startDiscovery(options: DiscoveryOptions): Promise<{ port: number; close(): Promise<void> }> {
  const { address } = options;
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  await listening(socket, () => socket.bind(options.port, address), options.port, "--udp-port");
  const { port } = socket.address();
  const sockets = [socket, ...(address.startsWith("127.") ? await loopbackBroadcast(port) : [])];
  for (const each of sockets) each.on("message", (message, sender) => answer(socket, message, sender, options));
  return { port, close: () => Promise.all(sockets.map(closed)).then(() => undefined) };
}

/** A socket on 127.0.0.1 does not hear what is sent to the loopback network's broadcast address; on Linux this one does. */
async function loopbackBroadcast(port: number): Promise<Socket[]> {
  const socket = createSocket("udp4");
  try {
    await listening(socket, () => socket.bind(port, LOOPBACK_BROADCAST), port, "--udp-port");
    return [socket];
  } catch {
    await closed(socket);
    return [];
  }
}

function answer(socket: Socket, message: Buffer, sender: RemoteInfo, { cemms, faults }: DiscoveryOptions): void {
  if (message.toString() !== QUERY) return;
  for (const cemm of cemms) {
    const fault = faults.next(cemm.cemm.uid);
    if (fault === "no-answer") continue;
    // Whoever asked may be gone by now: that is nobody's error.
    socket.send(JSON.stringify(datagram(cemm, fault)), sender.port, sender.address, () => undefined);
  }
}

function datagram({ cemm, ip, port }: Discoverable, fault: FaultName | undefined): z.input<typeof DiscoveryAnswer> {
  const { mac, core } = cemm.info;
  return {
    ip,
    mac: fault === "wrong-mac" ? otherMac(mac) : mac,
    version: core,
    type: cemm.discoveryType,
    init_state: 1,
    ...(port === 80 ? {} : { port }),
  };
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.close(() => resolve());
  });
}
