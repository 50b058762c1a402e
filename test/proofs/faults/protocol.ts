/** Bytes that are not HTTP, or not quite. */
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { type Fault, once, POWER, retried, right, WATTS } from "./fault.js";
import { http, type Reply } from "./raw-server.js";

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const LENGTH = `content-length: ${WATTS.length}\r\n`;
const chunked = (body: string) => `${HEAD}transfer-encoding: chunked\r\n\r\n${body}`;
const hex = WATTS.length.toString(16);

const BROKEN: [string, Reply][] = [
  ["random bytes", Buffer.from([0x16, 0x03, 0x01, 0x00, 0xff, 0x80, 0x0a, 0x0d, 0x0a])],
  ["a TLS hello", Buffer.from("160301007a0100007603030000000000000000000000", "hex")],
  ["an SSH banner", "SSH-2.0-dropbear_2019.78\r\n"],
  ["a mail server's banner", "220 mail.example ESMTP\r\n"],
  ["a body without a head", WATTS],
  ["an HTTP/2 preface", Buffer.from("000012040000000000000300000064000400100000", "hex")],
  ["a radio stream's answer", `ICY 200 OK\r\n${LENGTH}\r\n${WATTS}`],
  ["a status line without a status", `HTTP/1.1 OK\r\n${LENGTH}\r\n${WATTS}`],
  ["a status line of another version", `HTTP/7.9 200 OK\r\n${LENGTH}\r\n${WATTS}`],
  ["a protocol in lower case", `http/1.1 200 OK\r\n${LENGTH}\r\n${WATTS}`],
  ["only line feeds", `HTTP/1.1 200 OK\ncontent-length: ${WATTS.length}\n\n${WATTS}`],
  ["a space before a header's colon", `${HEAD}content-length : ${WATTS.length}\r\n\r\n${WATTS}`],
  ["a header without a colon", `${HEAD}nonsense\r\n${LENGTH}\r\n${WATTS}`],
  ["a header without a name", `${HEAD}: nameless\r\n${LENGTH}\r\n${WATTS}`],
  ["a header with a NUL byte", `${HEAD}x-zero: a\0b\r\n${LENGTH}\r\n${WATTS}`],
  ["headers over 16 KiB", `${HEAD}x-long: ${"x".repeat(20_000)}\r\n${LENGTH}\r\n${WATTS}`],
  ["2,000 headers over 16 KiB", `${HEAD}${"x-one-of-many: 1\r\n".repeat(2000)}${LENGTH}\r\n${WATTS}`],
  ["a length too large", `${HEAD}content-length: ${WATTS.length + 9}\r\n\r\n${WATTS}`],
  ["a length too small", `${HEAD}content-length: 12\r\n\r\n${WATTS}`],
  ["a negative length", `${HEAD}content-length: -5\r\n\r\n${WATTS}`],
  ["a length in words", `${HEAD}content-length: many\r\n\r\n${WATTS}`],
  ["a length above all numbers", `${HEAD}content-length: 99999999999999999999999\r\n\r\n${WATTS}`],
  ["the same length twice", `${HEAD}${LENGTH}${LENGTH}\r\n${WATTS}`],
  ["contradicting lengths", `${HEAD}${LENGTH}content-length: 5\r\n\r\n${WATTS}`],
  ["a length and chunks at once", `${HEAD}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`],
  ["chunks without a size", chunked("zz\r\n{}\r\n0\r\n\r\n")],
  ["a chunk longer than announced", chunked(`5\r\n${WATTS}\r\n0\r\n\r\n`)],
  ["a chunk without an end", chunked(`${hex}\r\n${WATTS}`)],
  ["chunks without the last", chunked(`${hex}\r\n${WATTS}\r\n`)],
  ["a chunk of a size above all numbers", chunked(`fffffffffffffffffff\r\n${WATTS}\r\n0\r\n\r\n`)],
  ["an unexpected 100 Continue", `HTTP/1.1 100 Continue\r\n\r\n${HEAD}${LENGTH}\r\n${WATTS}`],
  ["an unexpected 101", "HTTP/1.1 101 Switching\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"],
  ["status 000", http(WATTS, "000")],
  ["status 099", http(WATTS, "099")],
];

const ENCODED: [string, string, Buffer][] = [
  ["gzip", "gzip", gzipSync(WATTS)],
  ["deflate", "deflate", deflateSync(WATTS)],
  ["brotli", "br", brotliCompressSync(WATTS)],
  ["something unknown", "rot13", Buffer.from(WATTS)],
  ["two encodings at once", "identity, gzip", gzipSync(WATTS)],
];

/** Refused as early as possible: at the header, or at the first byte over the limit. */
const TOO_LARGE: [string, Reply][] = [
  ["a length of 1 GiB, then silence", (socket) => void socket.write(`${HEAD}content-length: ${2 ** 30}\r\n\r\n{`)],
  ["4 MiB in chunks of one byte", Buffer.from(chunked("1\r\n \r\n".repeat(4 * 2 ** 20 + 1)))],
];

const ACCEPTED: [string, Reply][] = [
  ["no length at all", `${HEAD}\r\n${WATTS}`],
  ["HTTP/1.0", `HTTP/1.0 200 OK\r\n\r\n${WATTS}`],
  ["no reason after the status", `HTTP/1.1 200\r\n${LENGTH}\r\n${WATTS}`],
  ["no content type", `HTTP/1.1 200 OK\r\n${LENGTH}\r\n${WATTS}`],
  ["another content type", http(WATTS, 200, { "content-type": "text/html" })],
  ["chunks with an extension", chunked(`${hex};name=value\r\n${WATTS}\r\n0\r\n\r\n`)],
  ["chunks with a trailer", chunked(`${hex}\r\n${WATTS}\r\n0\r\nx-after: 1\r\n\r\n`)],
  ["encoding identity", http(WATTS, 200, { "content-encoding": "identity" })],
  ["encoding Identity", http(WATTS, 200, { "content-encoding": "Identity" })],
  ["an empty encoding", http(WATTS, 200, { "content-encoding": "" })],
  ["cookies", http(WATTS, 200, { "set-cookie": "session=1" })],
  ["header names in capitals", `HTTP/1.1 200 OK\r\n${LENGTH.toUpperCase()}\r\n${WATTS}`],
];

export const PROTOCOL: Fault[] = [
  ...BROKEN.map(([it, reply]) => ({ it, replies: [reply], outcomes: retried("CEMM_BAD_RESPONSE") })),
  ...TOO_LARGE.map(([it, reply]) => ({ it, replies: [reply], timeout: 100, outcomes: once("CEMM_BAD_RESPONSE") })),
  ...ENCODED.map(([it, encoding, body]) => ({
    it: `an encoding that was not requested: ${it}`,
    replies: [http(body, 200, { "content-encoding": encoding })],
    outcomes: once("CEMM_BAD_RESPONSE"),
  })),
  ...ACCEPTED.map(([it, reply]) => ({ it, replies: [reply], outcomes: right(POWER) })),
];
