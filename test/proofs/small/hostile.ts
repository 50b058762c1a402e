/** Devices whose answers exhaust the client's memory or time. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { LIMITS } from "../../../src/lib/data/limits-table.js";
import { fixtureText } from "../../support/fixtures.js";
import { serve, type TestServer } from "../../support/server.js";
import { bytes } from "../../support/server-answers.js";
import { udpCemm } from "../../support/server-udp.js";

const MIB = 2 ** 20;

/** An HTTP head and a body of the given length. */
function head(length: number | "chunked"): string {
  const framing = length === "chunked" ? "transfer-encoding: chunked" : `content-length: ${length}`;
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n${framing}\r\n\r\n`;
}

function whole(body: string): Buffer {
  return Buffer.from(head(Buffer.byteLength(body)) + body);
}

const LIST = whole(`{"data":[${"{},".repeat(MIB)}{}]}`);
const BYTES = Buffer.from(`${head("chunked")}${"1\r\n \r\n".repeat(4 * MIB - 1)}0\r\n\r\n`);
const ROOT = whole(fixtureText("lan/info"));

/** Says it is a CEMM, and answers every question, by its path, with the bytes that are made for it. */
function answering(toQuestion: (path: string) => Buffer): Promise<TestServer> {
  return serve(({ req, socket }) => void socket?.end(toQuestion(req.url ?? "")), { root: bytes(ROOT) });
}

/** Every list is a million empty entries, 3 MiB. */
export const listOfNothing = (): Promise<TestServer> => answering(() => LIST);

/** A body of 4 MiB in chunks of one byte: 24 MiB on the wire. */
export const singleBytes = (): Promise<TestServer> => answering(() => BYTES);

/** A good day: two channels with a sample for each minute. It is what a long range is made of. */
export const everyMinute = (): Promise<TestServer> => answering(dayOf);

function dayOf(path: string): Buffer {
  const start = Number(/time=(\d+)/.exec(path)?.[1]);
  const samples = Array.from({ length: 1440 }, (_, n) => `[${start + n * 60},${n}]`).reverse();
  const channels = ["electric_power", "flow"].map((name) => `"${name}":[${samples}]`);
  return whole(`{"io_id":"1","data":{${channels}}}`);
}

/**
 * That many CEMMs, each at an address of its own, which answer the broadcast; their identity and their list of meters
 * are as large as they may be. `port`: of the broadcast.
 */
export async function forgedCemms(count: number): Promise<{ port: number; close(): Promise<void> }> {
  const addresses = Array.from({ length: count }, (_, n) => `127.2.${n >> 8}.${n & 255}`);
  const server = await serve(bytes(METERS), {
    address: "0.0.0.0",
    root: ({ socket }) => void socket?.end(identityOf(socket.localAddress ?? "")),
  });
  const port = Number(server.host.split(":")[1]);
  const sockets = await Promise.all(addresses.map(socketAt));
  const udp = await udpCemm("127.0.0.1", (asker) => {
    for (const [n, socket] of sockets.entries()) {
      const cemm = { mac: macOf(addresses[n] ?? ""), version: "1.25", type: "CEMM_plus", init_state: 1, port };
      socket.send(JSON.stringify(cemm), asker.port, asker.address, () => {});
    }
    return [];
  });
  const close = async () => {
    udp.close();
    for (const socket of sockets) socket.close();
    await server.close();
  };
  return { port: udp.port, close };
}

/** A list of as many meters as fit. */
const METERS = whole(filled(`{"data":[${'{"io_id":1,"type":"\u00e9"},'.repeat(290)}{"io_id":1,"type":"gas"}]`));

const identityOf = (address: string): Buffer => whole(filled(`{"data":{"mac":"${macOf(address)}","name":"Forged"}`));

/** The object with a member that fills the limit. */
function filled(object: string): string {
  const free = LIMITS.details.bytes - Buffer.byteLength(`${object},"rest":""}`);
  return `${object},"rest":"${"x".repeat(free)}"}`;
}

function macOf(address: string): string {
  const bytes = address.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"));
  return ["00", "1e", ...bytes].join(":");
}

async function socketAt(address: string) {
  const socket = createSocket("udp4").bind(0, address);
  await once(socket, "listening");
  return socket;
}
