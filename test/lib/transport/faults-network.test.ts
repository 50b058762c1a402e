/** Faults below HTTP, and bytes that are no proper HTTP. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { eachAtOnce, failure, NOBODY, overEachRoute, testbed } from "../../support/server.js";
import {
  type Answer,
  body,
  bytes,
  good,
  inTurn,
  json,
  onSocket,
  silence,
  WATTS,
} from "../../support/server-answers.js";

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const DATA = JSON.stringify(WATTS);

/** `code`: what it is once the retries are used up; `tries`: on the LAN, in the cloud. */
interface Fault {
  it: string;
  answer: Answer;
  code: string;
  tries: { lan: number; cloud: number };
}

const RETRIED = { lan: 2, cloud: 3 };
const ONCE = { lan: 1, cloud: 1 };

const FAULTS: Fault[] = [
  { it: "an empty reply", answer: bytes(), code: "CEMM_UNREACHABLE", tries: RETRIED },
  {
    it: "a reset before the headers",
    answer: onSocket((socket) => void socket.resetAndDestroy()),
    code: "CEMM_UNREACHABLE",
    tries: RETRIED,
  },
  {
    it: "a reset in the headers",
    answer: onSocket((socket) => void socket.write("HTTP/1.1 200 OK\r\ncontent-", () => socket.resetAndDestroy())),
    code: "CEMM_UNREACHABLE",
    tries: RETRIED,
  },
  {
    it: "a reset in the body",
    answer: onSocket(
      (socket) =>
        void socket.write(`${HEAD}content-length: 90\r\n\r\n{"da`, () =>
          setTimeout(() => socket.resetAndDestroy(), 30),
        ),
    ),
    code: "CEMM_UNREACHABLE",
    tries: RETRIED,
  },
  {
    it: "a body that ends early",
    answer: bytes(HEAD, "content-length: 90\r\n\r\n", '{"data":'),
    code: "CEMM_BAD_RESPONSE",
    tries: RETRIED,
  },
  {
    it: "a content-length that is too small",
    answer: bytes(HEAD, "content-length: 12\r\n\r\n", DATA),
    code: "CEMM_BAD_RESPONSE",
    tries: RETRIED,
  },
  {
    it: "random bytes",
    answer: bytes(Buffer.from([0x16, 0x03, 0x01, 0x00, 0xff, 0x80, 0x0a, 0x0d, 0x0a])),
    code: "CEMM_BAD_RESPONSE",
    tries: RETRIED,
  },
  { it: "another protocol", answer: bytes("SSH-2.0-dropbear_2019.78\r\n"), code: "CEMM_BAD_RESPONSE", tries: RETRIED },
  {
    it: "line feeds alone",
    answer: bytes(`HTTP/1.1 200 OK\ncontent-length: ${DATA.length}\n\n${DATA}`),
    code: "CEMM_BAD_RESPONSE",
    tries: RETRIED,
  },
  {
    it: "a blank before a header's colon",
    answer: bytes(`HTTP/1.1 200 OK\r\ncontent-length : ${DATA.length}\r\n\r\n${DATA}`),
    code: "CEMM_BAD_RESPONSE",
    tries: RETRIED,
  },
  {
    it: "broken chunks",
    answer: bytes(HEAD, "transfer-encoding: chunked\r\n\r\n", "zz\r\n{}\r\n0\r\n\r\n"),
    code: "CEMM_BAD_RESPONSE",
    tries: RETRIED,
  },
  {
    it: "chunks that break off",
    answer: bytes(HEAD, "transfer-encoding: chunked\r\n\r\n", '8\r\n{"data":\r\n'),
    code: "CEMM_BAD_RESPONSE",
    tries: RETRIED,
  },
  {
    it: "contradicting lengths",
    answer: bytes(HEAD, `content-length: ${DATA.length}\r\ncontent-length: 5\r\n\r\n${DATA}`),
    code: "CEMM_BAD_RESPONSE",
    tries: RETRIED,
  },
  {
    it: "the same length twice",
    answer: bytes(HEAD, `content-length: ${DATA.length}\r\ncontent-length: ${DATA.length}\r\n\r\n${DATA}`),
    code: "CEMM_BAD_RESPONSE",
    tries: RETRIED,
  },
  {
    it: "a length and chunks at once",
    answer: bytes(HEAD, "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n", "2\r\n{}\r\n0\r\n\r\n"),
    code: "CEMM_BAD_RESPONSE",
    tries: RETRIED,
  },
  {
    it: "headers over 16 KiB",
    answer: bytes(HEAD, `x-long: ${"x".repeat(20_000)}\r\ncontent-length: ${DATA.length}\r\n\r\n${DATA}`),
    code: "CEMM_BAD_RESPONSE",
    tries: RETRIED,
  },
  {
    it: "an unasked 100 Continue",
    answer: bytes("HTTP/1.1 100 Continue\r\n\r\n", HEAD, `content-length: ${DATA.length}\r\n\r\n${DATA}`),
    code: "CEMM_BAD_RESPONSE",
    tries: RETRIED,
  },
  {
    it: "an answer in gzip, unasked",
    answer: body(gzipSync(DATA), 200, { "content-encoding": "gzip" }),
    code: "CEMM_BAD_RESPONSE",
    tries: ONCE,
  },
  {
    it: "204 without a body",
    answer: (response) => void response.writeHead(204).end(),
    code: "CEMM_BAD_RESPONSE",
    tries: ONCE,
  },
];

describe("a broken network or a broken server", () => {
  const bed = testbed();

  eachAtOnce(overEachRoute(FAULTS.map((row) => ({ ...row, it: `${row.it}: ${row.code}` }))), async (row) => {
    const server = await bed.serve(row.answer);
    const error = await failure(bed.over(row.route, server.host, { timeout: 4 }).realtime("p1"));
    assert.equal(error.code, row.code, error.message);
    assert.equal(server.questions.length, row.tries[row.route]);
    assert.equal(error.retryable, row.tries !== ONCE);
    if (error.cause) assert.deepEqual(Object.keys(error.cause), ["code", "message"]);
  });

  const BROKEN_ONCE = FAULTS.filter(({ tries }) => tries === RETRIED).map((row) => ({
    ...row,
    it: `${row.it} once, then data: is data`,
  }));
  eachAtOnce(overEachRoute(BROKEN_ONCE), async ({ route, answer }) => {
    const server = await bed.serve(inTurn(answer, good));
    const { channels } = await bed.over(route, server.host).realtime("p1");
    assert.equal(channels.electric_power?.samples[0]?.value, 193);
  });

  const HARMLESS: { it: string; answer: Answer }[] = [
    { it: "no length at all", answer: bytes(`${HEAD}\r\n${DATA}`) },
    { it: "HTTP/1.0", answer: bytes(`HTTP/1.0 200 OK\r\n\r\n${DATA}`) },
    {
      it: "a body in many pieces",
      answer: async (response) => {
        for (const piece of DATA) response.write(piece);
        response.end();
      },
    },
    { it: "another content type", answer: body(DATA, 200, { "content-type": "text/html" }) },
    { it: "status 201", answer: json(WATTS, 201) },
  ];
  eachAtOnce(overEachRoute(HARMLESS), async ({ route, answer }) => {
    const server = await bed.serve(answer);
    const { channels } = await bed.over(route, server.host).realtime("p1");
    assert.equal(channels.electric_power?.samples[0]?.value, 193);
  });

  eachAtOnce(overEachRoute([{ it: "nobody listens there" }]), async ({ route }) => {
    const error = await failure(bed.over(route, NOBODY, { timeout: 4 }).realtime("p1"));
    assert.equal(error.code, "CEMM_UNREACHABLE");
    assert.equal(error.cause?.code, "ECONNREFUSED");
    assert.equal(error.retryable, true);
  });

  it("a name that does not exist", async () => {
    const error = await failure(bed.client({ host: "cemm.invalid", timeout: 3 }).realtime("p1"));
    assert.equal(error.code, "CEMM_UNREACHABLE");
    assert.match(error.message, /^cemm\.invalid cannot be reached/);
  });

  eachAtOnce(overEachRoute([{ it: "headers that never come: CEMM_TIMEOUT, in time" }]), async ({ route }) => {
    const server = await bed.serve(silence);
    const began = performance.now();
    const error = await failure(bed.over(route, server.host, { timeout: 2 }).realtime("p1"));
    const took = performance.now() - began;
    assert.deepEqual([error.code, error.retryable], ["CEMM_TIMEOUT", true]);
    assert.equal(server.questions.length, route === "lan" ? 2 : 3, "who is silent is asked anew");
    assert.ok(took >= 1990 && took < 3000, `${took} ms`);
  });
});
