/** Answers the discovery broadcast. See "Discovery broadcast" of the vendor's page. */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { z } from "zod";
import type { DiscoveryAnswer } from "../lib/data/schemas.js";
import { ownAddresses } from "./addresses.js";
import type { Cemm } from "./cemm.js";
import type { FaultDraw } from "./faults.js";
import { otherMac } from "./lan-api.js";
import { listening } from "./ports.js";

interface Discoverable {
  cemm: Cemm;
  /** The port of its local API. */
  port: number;
}

interface DiscoveryOptions {
  address: string;
  port: number;
  cemms: readonly Discoverable[];
  /** The address at which the sender can reach them. */
  ipFor: (sender: string) => string;
  faults: FaultDraw;
}

const QUERY = "cemm_query";

export async function startDiscovery(options: DiscoveryOptions): Promise<{ port: number; close(): Promise<void> }> {
  const { address } = options;
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  await listening(socket, () => socket.bind(options.port, address), options.port, "--udp-port");
  const { port } = socket.address();
  const sockets = [socket];
  for (const broadcast of broadcastsTo(address)) sockets.push(...(await listenOn(broadcast, port)));
  for (const each of sockets) each.on("message", (message, sender) => answer(socket, message, sender, options));
  return { port, close: () => Promise.all(sockets.map(closed)).then(() => undefined) };
}

/** A socket on one address does not receive broadcasts; on Linux a socket on the broadcast address itself does. */
function broadcastsTo(address: string): string[] {
  if (address === "0.0.0.0" || isIPv6(address)) return [];
  const own = ownAddresses()
    .filter((entry) => entry.address === address || entry.internal)
    .map(({ address: at, netmask }) => broadcastOf(at, netmask));
  return [...new Set([...own, "255.255.255.255"])];
}

function broadcastOf(address: string, netmask: string): string {
  const mask = netmask.split(".").map(Number);
  return address
    .split(".")
    .map((octet, n) => Number(octet) | (~(mask[n] ?? 255) & 255))
    .join(".");
}

async function listenOn(address: string, port: number): Promise<Socket[]> {
  const socket = createSocket("udp4");
  try {
    await listening(socket, () => socket.bind(port, address), port, "--udp-port");
    return [socket];
  } catch {
    // Not Linux: other systems receive broadcasts anyway.
    await closed(socket);
    return [];
  }
}

function answer(socket: Socket, message: Buffer, sender: RemoteInfo, options: DiscoveryOptions): void {
  if (message.toString() !== QUERY) return;
  const { cemms, ipFor, faults } = options;
  const ip = ipFor(sender.address);
  for (const cemm of cemms) {
    const fault = faults.next(cemm.cemm.uid);
    if (fault === "no-answer") continue;
    // The sender may be gone by now, which is not an error.
    socket.send(
      JSON.stringify(datagram(cemm, ip, fault === "wrong-mac")),
      sender.port,
      sender.address,
      () => undefined,
    );
  }
}

function datagram({ cemm, port }: Discoverable, ip: string, isWrong: boolean): z.input<typeof DiscoveryAnswer> {
  const { mac, core } = cemm.info;
  return {
    ip,
    mac: isWrong ? otherMac(mac) : mac,
    version: core,
    type: cemm.discoveryType,
    init_state: 1,
    ...(port !== 80 && { port }),
  };
}

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => void socket.close(resolve));
