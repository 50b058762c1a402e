/** What the error of each kind of failure says; every fault there is stands in test/proofs/faults. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { eachAtOnce, failure, NOBODY, overEachRoute, testbed } from "../../support/server.js";
import { type Answer, body, bytes, good, silence, status, WATTS } from "../../support/server-answers.js";

const DATA = JSON.stringify(WATTS);

/** `tries`: how often it is asked on the LAN and in the cloud. */
interface Row {
  it: string;
  answer: Answer;
  code: string;
  lanCode?: string;
  statusCode?: number;
  tries: { lan: number; cloud: number };
}

const RETRIED = { lan: 2, cloud: 3 };
const ONCE = { lan: 1, cloud: 1 };

const STATUSES: [statusCode: number, code: string, tries: Row["tries"], lanCode?: string][] = [
  [302, "CEMM_BAD_RESPONSE", ONCE],
  [401, "CEMM_UNAUTHORIZED", ONCE, "CEMM_BAD_RESPONSE"],
  [404, "CEMM_HTTP", ONCE, "CEMM_ALIAS_UNSUPPORTED"],
  [408, "CEMM_TIMEOUT", RETRIED],
  [412, "CEMM_ALIAS_UNSUPPORTED", ONCE],
  [418, "CEMM_HTTP", ONCE],
  [429, "CEMM_RATE_LIMITED", RETRIED],
  [500, "CEMM_GATEWAY", ONCE],
  [503, "CEMM_GATEWAY", RETRIED],
];

const ROWS: Row[] = [
  { it: "an empty reply", answer: bytes(), code: "CEMM_UNREACHABLE", tries: RETRIED },
  { it: "another protocol", answer: bytes("SSH-2.0-dropbear\r\n"), code: "CEMM_BAD_RESPONSE", tries: RETRIED },
  { it: "a body that ends early", answer: body('{"data":'), code: "CEMM_BAD_RESPONSE", tries: RETRIED },
  { it: "a page", answer: body("<html>"), code: "CEMM_BAD_RESPONSE", tries: ONCE },
  {
    it: "an answer in gzip, unasked",
    answer: body(gzipSync(DATA), 200, { "content-encoding": "gzip" }),
    code: "CEMM_BAD_RESPONSE",
    tries: ONCE,
  },
  ...STATUSES.map(([statusCode, code, tries, lanCode = code]) => ({
    it: `status ${statusCode}`,
    answer: status(statusCode),
    code,
    lanCode,
    statusCode,
    tries,
  })),
];

describe("the error of", () => {
  const bed = testbed();

  eachAtOnce(overEachRoute(ROWS), async ({ route, answer, code, lanCode = code, statusCode, tries }) => {
    const server = await bed.serve(answer);
    const error = await failure(bed.over(route, server.host, { timeout: 20 }).realtime("mb9"));
    assert.equal(error.code, route === "lan" ? lanCode : code);
    assert.deepEqual([error.statusCode, error.retryable], [statusCode, tries === RETRIED]);
    const asked = server.questions.filter(({ url }) => url.pathname.includes("/realtime/"));
    assert.equal(asked.length, tries[route]);
    assert.ok(error.message.includes(server.host), "it names the address");
    if (error.cause) assert.deepEqual(Object.keys(error.cause), ["code", "message"]);
  });

  eachAtOnce(overEachRoute([{ it: "silence: it is asked anew until the deadline" }]), async ({ route }) => {
    const server = await bed.serve(silence);
    const began = performance.now();
    const error = await failure(bed.over(route, server.host, { timeout: 3 }).realtime("p1"));
    const took = performance.now() - began;
    assert.deepEqual([error.code, error.retryable], ["CEMM_TIMEOUT", true]);
    assert.equal(server.questions.length, RETRIED[route]);
    assert.ok(took >= 2990 && took < 4500, `${took} ms`);
  });

  eachAtOnce(overEachRoute([{ it: "a host on which nobody listens" }]), async ({ route }) => {
    const error = await failure(bed.over(route, NOBODY).realtime("p1"));
    assert.deepEqual([error.code, error.cause?.code, error.retryable], ["CEMM_UNREACHABLE", "ECONNREFUSED", true]);
  });

  it("a name that does not exist", async () => {
    const error = await failure(bed.client({ host: "cemm.invalid" }).realtime("p1"));
    assert.equal(error.code, "CEMM_UNREACHABLE");
    assert.match(error.message, /^cemm\.invalid cannot be reached/);
  });

  it("a redirect names its host only, and nobody follows it", async () => {
    const elsewhere = await bed.serve(good);
    const location = `http://${elsewhere.host}/login?api_key=4e4f657a&next=secret`;
    const server = await bed.serve(status(302, { location }));
    const { message } = await failure(bed.over("cloud", server.host).realtime("p1"));
    assert.ok(message.includes(elsewhere.host));
    assert.doesNotMatch(message, /4e4f657a|secret/);
    assert.equal(elsewhere.connections, 0);
  });

  it("a status whose body never comes is known at once", async () => {
    const server = await bed.serve((response) => {
      response.writeHead(403, { "content-length": 100 }).write("{");
    });
    const began = performance.now();
    assert.equal((await failure(bed.over("cloud", server.host).realtime("p1"))).code, "CEMM_UNAUTHORIZED");
    assert.ok(performance.now() - began < 1500);
  });
});
