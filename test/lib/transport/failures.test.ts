/** The error of each kind of failure. Every fault, and the retries: test/proofs/faults. */
import assert from "node:assert/strict";
import { eachAtOnce, failure, NOBODY, overEachRoute, testbed } from "../../support/server.js";
import { type Answer, body, bytes, good, silence, status } from "../../support/server-answers.js";

interface Row {
  it: string;
  answer: Answer;
  code: string;
  lanCode?: string;
  statusCode?: number;
  retryable: boolean;
}

const STATUSES: [statusCode: number, code: string, retryable: boolean, lanCode?: string][] = [
  [302, "CEMM_BAD_RESPONSE", false],
  [401, "CEMM_UNAUTHORIZED", false, "CEMM_BAD_RESPONSE"],
  [404, "CEMM_HTTP", false, "CEMM_ALIAS_UNSUPPORTED"],
  [408, "CEMM_TIMEOUT", true],
  [412, "CEMM_ALIAS_UNSUPPORTED", false],
  [418, "CEMM_HTTP", false],
  [429, "CEMM_RATE_LIMITED", true],
  [500, "CEMM_GATEWAY", false],
  [503, "CEMM_GATEWAY", true],
];

const ROWS: Row[] = [
  { it: "an empty reply", answer: bytes(), code: "CEMM_UNREACHABLE", retryable: true },
  { it: "a body that ends early", answer: body('{"data":'), code: "CEMM_BAD_RESPONSE", retryable: true },
  { it: "a web page", answer: body("<html>"), code: "CEMM_BAD_RESPONSE", retryable: false },
  ...STATUSES.map(([statusCode, code, retryable, lanCode = code]) => ({
    it: `status ${statusCode}`,
    answer: status(statusCode),
    code,
    lanCode,
    statusCode,
    retryable,
  })),
];

describe("the error of", () => {
  const bed = testbed();

  eachAtOnce(overEachRoute(ROWS), async ({ route, answer, code, lanCode = code, statusCode, retryable }) => {
    const server = await bed.serve(answer);
    const error = await failure(bed.over(route, server.host, { timeout: 20 }).realtime("mb9"));
    assert.equal(error.code, route === "lan" ? lanCode : code);
    assert.deepEqual([error.statusCode, error.retryable], [statusCode, retryable]);
    assert.ok(error.message.includes(server.host), "it names the address");
    if (error.cause) assert.deepEqual(Object.keys(error.cause), ["code", "message"]);
  });

  eachAtOnce(overEachRoute([{ it: "silence, at the deadline" }]), async ({ route }) => {
    const server = await bed.serve(silence);
    const began = performance.now();
    const error = await failure(bed.over(route, server.host, { timeout: 3 }).realtime("p1"));
    const took = performance.now() - began;
    assert.deepEqual([error.code, error.retryable], ["CEMM_TIMEOUT", true]);
    assert.ok(took >= 2990 && took < 4500, `${took} ms`);
  });

  eachAtOnce(overEachRoute([{ it: "a host without a listener" }]), async ({ route }) => {
    const error = await failure(bed.over(route, NOBODY).realtime("p1"));
    assert.deepEqual([error.code, error.cause?.code, error.retryable], ["CEMM_UNREACHABLE", "ECONNREFUSED", true]);
  });

  it("a name that does not exist", async () => {
    const error = await failure(bed.client({ host: "cemm.invalid" }).realtime("p1"));
    assert.equal(error.code, "CEMM_UNREACHABLE");
    assert.match(error.message, /^cemm\.invalid cannot be reached/);
  });

  it("a redirect, which is not followed, names only the host", async () => {
    const elsewhere = await bed.serve(good);
    const location = `http://${elsewhere.host}/login?api_key=4e4f657a&next=secret`;
    const server = await bed.serve(status(302, { location }));
    const { message } = await failure(bed.over("cloud", server.host).realtime("p1"));
    assert.ok(message.includes(elsewhere.host));
    assert.doesNotMatch(message, /4e4f657a|secret/);
    assert.equal(elsewhere.connections, 0);
  });

  it("a status whose body never comes, immediately", async () => {
    const server = await bed.serve((response) => {
      response.writeHead(403, { "content-length": 100 }).write("{");
    });
    const began = performance.now();
    assert.equal((await failure(bed.over("cloud", server.host).realtime("p1"))).code, "CEMM_UNAUTHORIZED");
    assert.ok(performance.now() - began < 1500);
  });
});
