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

function whole(body: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from(head(Buffer.byteLength(body))), Buffer.from(body)]);
}

const LIST = whole(`{"data":[${"{},".repeat(MIB)}{}]}`);
const BYTES = Buffer.from(`${head("chunked")}${"1\r\n \r\n".repeat(4 * MIB - 1)}0\r\n\r\n`);
const ROOT = whole(fixtureText("lan/info"));

/** Identifies as a CEMM, and answers each request with the bytes for its path. */
function answering(toQuestion: (path: string) => Buffer): Promise<TestServer> {
  return serve(({ req, socket }) => void socket?.end(toQuestion(req.url ?? "")), { root: bytes(ROOT) });
}

/** Every list is a million empty entries, 3 MiB. */
export const listOfNothing = (): Promise<TestServer> => answering(() => LIST);

/** A body of 4 MiB in chunks of one byte: 24 MiB on the wire. */
export const singleBytes = (): Promise<TestServer> => answering(() => BYTES);

/** A valid day, as in a long range: two channels with a sample for each minute. */
export const everyMinute = (): Promise<TestServer> => answering(dayOf);

function dayOf(path: string): Buffer {
  const start = Number(/time=(\d+)/.exec(path)?.[1]);
  const samples = Array.from({ length: 1440 }, (_, n) => `[${start + n * 60},${n}]`).reverse();
  const channels = ["electric_power", "flow"].map((name) => `"${name}":[${samples}]`);
  return whole(`{"io_id":"1","data":{${channels}}}`);
}

/**
 * This many CEMMs, each at its own address, which answer the broadcast; their identities and lists of meters
 * are as large as allowed. `port`: of the broadcast.
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
const METERS = whole(filled(`{"data":[${'{"io_id":1,"type":"\u00e9"},'.repeat(140)}{"io_id":1,"type":"gas"}]`));

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

/** A body of nearly 4 MiB that repeats a text. */
function full(start: string, again: string, end: string): Buffer {
  return whole(
    start + again.repeat(Math.floor((4 * MIB - start.length - end.length) / Buffer.byteLength(again))) + end,
  );
}

/** A body of nearly 4 MiB whose middle is bytes that occur in no UTF-8 text. */
function notUtf8(start: string, end: string): Buffer {
  const middle = Buffer.alloc(4 * MIB - start.length - end.length, 0xff);
  return Buffer.concat([Buffer.from(start), middle, Buffer.from(end)]);
}

const PAIR = "[1767225600000,1]";
const someChannels = (count: number, one: (n: number) => string): string =>
  `{"data":{${Array.from({ length: count }, (_, n) => one(n)).join()}}}`;

const PROMISE = "a promise";

/** The bodies of 4 MiB that are most expensive to read, by description. */
export const ANY_BODY: ReadonlyMap<string, Buffer> = new Map([
  ["a list of {}", full('{"data":[', "{},", "{}]}")],
  ["a list of lists", full('{"data":{"t1":[', "[[]],", "[]]}}")],
  ["pairs", full('{"data":{"t1":[', `${PAIR},`, `${PAIR}]}}`)],
  [
    "as many pairs as are allowed",
    full(
      someChannels(3, (n) => `"c${n}":[${`${PAIR},`.repeat(5400)}${PAIR}]`),
      " ",
      "",
    ),
  ],
  ["escapes in a string", full('{"data":{"t1":"', "\\\\", '"}}')],
  ["quotes in a string", full('{"data":{"t1":"', '\\"', '"}}')],
  ["quotes only", full("", '"', "")],
  ["backslashes before each quote", full('{"x":"', `${"\\\\".repeat(2000)}\\"`, '"}')],
  ["unicode escapes", full('{"data":{"t1":"', "\\u00e9", '"}}')],
  ["unicode escapes in a name", full('{"data":{"', "\\ud83d\\ude00", `":${PAIR}}}`)],
  ["digits", full('{"data":{"t1":[1,', "9", "]}}")],
  ["digits after the point", full('{"data":{"t1":[1767225600000,0.', "1", "]}}")],
  ["a string of digits for a number", full('{"data":{"t1":["1767225600000","', "9", '"]}}')],
  ["a string of digits for an id", full('{"io_id":"', "9", `","data":{"t1":${PAIR}}}`)],
  ["spaces", full('{"data":{"t1":', " ", `${PAIR}}}`)],
  ["line feeds at the end", full(`{"data":{"t1":${PAIR}}}`, "\n", "")],
  ["spaces in a string for a number", full('{"data":{"t1":["1767225600000","', " ", '1"]}}')],
  ["200,000 channels", whole(someChannels(200_000, (n) => `"c${n}":[1,2]`))],
  ["a long name", full('{"data":{"', "x", `":${PAIR}}}`)],
  ["200 long names", whole(someChannels(200, (n) => `"${"x".repeat(20_000)}${n}":${PAIR}`))],
  ["a name of wide characters", full('{"data":{"', "\u{1f600}", `":${PAIR}}}`)],
  ["deep nesting", full("", "[", "")],
  ["deep objects", full("", '{"a":', "")],
  ["exponents", full('{"data":{"t1":[', "1e-9999999,", "1]}}")],
  ["one long exponent", full('{"data":{"t1":[1,1e', "9", "]}}")],
  ["numbers of many digits", full('{"data":{"t1":[', `${"9".repeat(800)}e-700,`, "1]}}")],
  ["zeros after the point", full('{"data":{"t1":[1,-0.', "0", "1]}}")],
  ["the same channel many times", full('{"data":{', `"t1":${PAIR},`, `"t1":${PAIR}}}`)],
  ["different long members", whole(someChannels(16_000, (n) => `"${n}${"y".repeat(240)}":1`))],
  ["names that are numbers", whole(someChannels(24_000, (n) => `"${n * 150_000}":[1,2]`))],
  [PROMISE, full('{"promise":"', "p", '"}')],
  ["a promise that is cut off", full('{"promise":"', "p", '"')],
  ["HTML", full("<!doctype html>", "<p>a</p>", "</html>")],
  ["replacement characters", full("", "\u{fffd}", "")],
  ["bytes that are not UTF-8", whole(notUtf8('{"data":{"t1":"', '"}}'))],
  ["nulls", full('{"data":{"t1":[', "null,", "null]}}")],
]);

const KEPT = whole(`{"data":{"t1":${PAIR}}}`);

/** Answers every request with the body of the current `kind`; each promise is kept by the next answer. */
export async function anyBody(): Promise<TestServer & { kind: string }> {
  const state = { kind: "HTML" };
  let hasPromised = false;
  const next = () => {
    const isKept = state.kind === PROMISE && hasPromised;
    hasPromised = state.kind === PROMISE && !isKept;
    return isKept ? KEPT : (ANY_BODY.get(state.kind) ?? ROOT);
  };
  return Object.assign(state, await answering(next));
}
