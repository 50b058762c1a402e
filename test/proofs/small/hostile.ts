/** Devices whose answers exhaust the client's memory or time. */
import { fixtureText } from "../../support/fixtures.js";
import { serve, type TestServer } from "../../support/server.js";
import { bytes } from "../../support/server-answers.js";
import { type UdpCemm, udpCemm } from "../../support/server-udp.js";

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
function answering(toQuestion: (path: string) => Buffer, root = ROOT): Promise<TestServer> {
  return serve(({ req, socket }) => void socket?.end(toQuestion(req.url ?? "")), { root: bytes(root) });
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

/** A thousand claims to be a CEMM for each query, each at an address whose every answer is 3 MiB. */
export async function thousandClaims(): Promise<{ udp: UdpCemm; close(): Promise<void> }> {
  const server = await answering(() => LIST, LIST);
  const port = Number(server.host.split(":")[1]);
  const claims = Array.from({ length: 1000 }, (_, n) => ({
    ip: "127.0.0.1",
    mac: `00:1E:C0:00:${(n >> 8).toString(16).padStart(2, "0")}:${(n & 255).toString(16).padStart(2, "0")}`,
    version: "1.25",
    type: "CEMM_plus",
    init_state: 1,
    port,
  }));
  const udp = await udpCemm("127.0.0.1", () => claims);
  const close = async () => {
    udp.close();
    await server.close();
  };
  return { udp, close };
}
