/** Answers that repeat the key in every part. */
import type { Fault } from "../faults/fault.js";
import { http, type Reply } from "../faults/raw-server.js";
import { ENCODINGS, FAKE_KEY } from "./fake-key.js";

const all = Object.values(ENCODINGS);
/** For a header, so without line breaks. */
const inHeader = all.join(" ");
const page = `<a href="/?api_key=${ENCODINGS["form-encoded"]}">${all.join(" ")}</a>`;
const hex = ENCODINGS.hex ?? "";
const json = JSON.stringify({ [hex]: all, data: all });

const STATUSES = [
  300, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 407, 408, 410, 412, 418, 429, 451, 500, 501, 502, 503, 504,
  511, 600,
];

const LOCATIONS = [
  `https://h.example/?api_key=${ENCODINGS["form-encoded"]}`,
  `https://${hex}.example/`,
  `https://h.example/${ENCODINGS["base64 for URLs"]}`,
  `https://user:${ENCODINGS["percent-encoded"]}@h.example/`,
  `/${ENCODINGS["percent-encoded"]}`,
];

const OTHER: [string, Reply][] = [
  ["a page", http(page)],
  ["JSON of another shape", http(json)],
  ["JSON that breaks off", http(json.slice(0, -9))],
  ["data that is a string", http(JSON.stringify({ data: page }))],
  ["no usable channel", http(JSON.stringify({ data: { power: [FAKE_KEY, FAKE_KEY] } }))],
  ["a compressed body", http("x", 200, { "content-encoding": hex })],
  ["bytes that are not HTTP", page],
  ["a broken header", `HTTP/1.1 200 OK\r\n${hex} : ${inHeader}\r\n\r\n`],
  ["a broken status line", `HTTP/1.1 ${inHeader}\r\n\r\n`],
  ["chunks without a size", `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${hex}zz\r\n`],
  ["an endless promise", http(JSON.stringify({ promise: page }), 202)],
  ["Retry-After", http(page, 429, { "retry-after": inHeader })],
];

export const ECHOES: Pick<Fault, "it" | "replies">[] = [
  ...STATUSES.map((status) => ({
    it: `status ${status}`,
    replies: [http(page, status, { location: LOCATIONS[0] ?? "", "x-echo": inHeader })],
  })),
  ...LOCATIONS.map((location, n) => ({ it: `redirect ${n + 1}`, replies: [http(page, 302, { location })] })),
  ...OTHER.map(([it, reply]) => ({ it, replies: [reply] })),
].map((row) => ({ ...row, it: `${row.it}, with the key in it` }));
