/** Faults below HTTP: hosts that are absent, hang, reset or do not answer. */
import type { Socket } from "node:net";
import { everywhere, type Fault, once, POWER, retried, right, SHORT, silent, slow, WATTS } from "./fault.js";
import { http, type Reply } from "./raw-server.js";

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const GOOD = http(WATTS);

const reset = (socket: Socket) => void socket.resetAndDestroy();

/** In ms. A reset that is read together with the bytes before it looks like an end, and a busy machine reads late. */
const RESET_DELAY = 600;

/** Some bytes, then a reset. */
const resetAfter =
  (bytes: string): Reply =>
  (socket) =>
    void socket.write(bytes, () => setTimeout(() => socket.resetAndDestroy(), RESET_DELAY));

/** Some bytes, then nothing. */
const hangAfter =
  (bytes: string): Reply =>
  (socket) =>
    void socket.write(bytes);

/** A byte now and then, endlessly. */
const dribble =
  (head: string, drop: string): Reply =>
  (socket) => {
    socket.write(head);
    const timer = setInterval(() => socket.write(drop), 40);
    socket.on("close", () => clearInterval(timer));
  };

const inPieces: Reply = (socket) => {
  const pieces = [...GOOD.toString()];
  const next = () => {
    const piece = pieces.splice(0, 12).join("");
    if (piece === "") socket.end();
    else socket.write(piece, () => setTimeout(next, 1));
  };
  next();
};

const BROKEN: [string, Reply][] = [
  ["an empty reply", ""],
  ["a reset before the headers", reset],
  ["a reset in the status line", resetAfter("HTTP/1.")],
  ["a reset in the headers", resetAfter("HTTP/1.1 200 OK\r\ncontent-")],
  ["a reset after the headers", resetAfter(`${HEAD}content-length: 90\r\n\r\n`)],
  ["a reset in the body", resetAfter(`${HEAD}content-length: 90\r\n\r\n{"da`)],
  ["a reset in a chunk", resetAfter(`${HEAD}transfer-encoding: chunked\r\n\r\n40\r\n{"da`)],
  ["headers that break off", `${HEAD}content-len`],
  ["a late FIN before any bytes", (socket) => void setTimeout(() => socket.end(), 50)],
];

const SILENT: [string, Reply][] = [
  ["headers that never come", () => {}],
  ["only a status line", hangAfter("HTTP/1.1 200 OK\r\n")],
  ["a body that never comes", hangAfter(`${HEAD}content-length: 90\r\n\r\n`)],
  ["a body that stops", hangAfter(`${HEAD}content-length: 90\r\n\r\n{"data"`)],
  ["chunks that stop", hangAfter(`${HEAD}transfer-encoding: chunked\r\n\r\n2\r\n{"\r\n`)],
  ["headers that dribble endlessly", dribble("HTTP/1.1 200 OK\r\nx-a: ", "a")],
];

export const NETWORK: Fault[] = [
  { it: "nothing listens", replies: [], outcomes: everywhere({ code: "CEMM_UNREACHABLE", tries: 0 }) },
  ...BROKEN.map(([it, reply]) => ({ it, replies: [reply], outcomes: retried("CEMM_UNREACHABLE") })),
  ...BROKEN.map(([it, reply]) => ({ it: `${it}, once`, replies: [reply, GOOD], outcomes: right(POWER, 2) })),
  {
    it: "a body that dribbles endlessly",
    replies: [dribble(`${HEAD}content-length: 100000\r\n\r\n`, " ")],
    // A fifth of it must be longer than a busy machine's pause between two bytes.
    timeout: 4,
    outcomes: slow(),
  },
  ...SILENT.map(([it, reply]) => ({ it, replies: [reply], timeout: SHORT, outcomes: silent() })),
  { it: "an answer in small pieces", replies: [inPieces], outcomes: right(POWER) },
  {
    it: "an answer half a second late",
    replies: [(socket) => void setTimeout(() => socket.end(GOOD), 500)],
    outcomes: right(POWER),
  },
  {
    it: "a connection that stays open after the answer",
    replies: [(socket) => void socket.write(http(WATTS, 200, { connection: "keep-alive" }))],
    outcomes: right(POWER),
  },
  {
    it: "a reset right after a whole answer",
    replies: [(socket) => void socket.write(GOOD, () => setTimeout(() => socket.resetAndDestroy(), RESET_DELAY))],
    outcomes: right(POWER),
  },
  {
    it: "an error whose body never comes",
    replies: [hangAfter("HTTP/1.1 418 No\r\ncontent-length: 9\r\n\r\n{")],
    outcomes: once("CEMM_HTTP"),
  },
];
