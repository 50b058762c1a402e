/** CEMMs that answer the discovery broadcast, on loopback addresses. */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";

export interface UdpCemm {
  port: number;
  /** Datagrams that came, as text. */
  heard: string[];
  socket: Socket;
  close(): void;
}

/** What is sent back for a query: datagrams, in order. */
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

/** A port that is free for UDP. */
export async function freeUdpPort(): Promise<number> {
  const { port, close } = await udpCemm("0.0.0.0", () => []);
  close();
  return port;
}
