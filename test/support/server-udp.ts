/** CEMMs that answer the discovery broadcast, on loopback addresses. */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { type TestServer, type testbed, UID } from "./server.js";

export interface UdpCemm {
  port: number;
  /** The datagrams received, as text. */
  heard: string[];
  socket: Socket;
  close(): void;
}

/** The datagrams sent back for a query, in order. */
export type UdpAnswer = (sender: RemoteInfo) => (string | Buffer | object)[];

export async function udpCemm(address: string, answer: UdpAnswer, port = 0): Promise<UdpCemm> {
  const socket = createSocket("udp4");
  const heard: string[] = [];
  socket.on("message", (datagram, sender) => {
    heard.push(datagram.toString());
    for (const part of answer(sender)) {
      const bytes = typeof part === "string" || Buffer.isBuffer(part) ? part : JSON.stringify(part);
      socket.send(bytes, sender.port, sender.address, () => {});
    }
  });
  socket.bind(port, address);
  await once(socket, "listening");
  return { port: socket.address().port, heard, socket, close: () => socket.close() };
}

/** A network on which each server's CEMM answers the broadcast, after `forged` forged answers in its name. */
export async function udpNetwork(
  { kept }: Pick<ReturnType<typeof testbed>, "kept">,
  cemms: readonly { server: TestServer; uid?: string; forged?: number }[],
): Promise<{ port: number; broadcast: string[] }> {
  const network: { port: number; broadcast: string[] } = { port: 0, broadcast: [] };
  for (const { server, uid = UID, forged = 0 } of cemms) {
    const [address = "", port] = server.host.split(":");
    const ports = [...Array.from({ length: forged }, (_, n) => 20_000 + n), Number(port)];
    const udp = await udpCemm(address, () => ports.map((each) => ({ mac: uid, port: each })), network.port);
    kept(udp, udp.close);
    network.port = udp.port;
    network.broadcast.push(address);
  }
  return network;
}

/** A port that is free for UDP. */
export async function freeUdpPort(): Promise<number> {
  const { port, close } = await udpCemm("0.0.0.0", () => []);
  close();
  return port;
}
