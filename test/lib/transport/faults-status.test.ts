/** What each HTTP status becomes, over both ways, and how often it is asked again. */
import assert from "node:assert/strict";
import { eachAtOnce, failure, overEachRoute, testbed } from "../../support/server.js";
import { good, inTurn, status } from "../../support/server-answers.js";

const TRIES = { lan: 2, cloud: 3 };

const STATUSES = [
  { status: 400, code: "CEMM_HTTP", retried: false },
  { status: 401, code: "CEMM_UNAUTHORIZED", retried: false },
  { status: 403, code: "CEMM_UNAUTHORIZED", retried: false },
  { status: 408, code: "CEMM_TIMEOUT", retried: true },
  { status: 410, code: "CEMM_HTTP", retried: false },
  { status: 412, code: "CEMM_ALIAS_UNSUPPORTED", retried: false },
  { status: 418, code: "CEMM_HTTP", retried: false },
  { status: 429, code: "CEMM_RATE_LIMITED", retried: true },
  { status: 500, code: "CEMM_GATEWAY", retried: false },
  { status: 501, code: "CEMM_GATEWAY", retried: false },
  { status: 502, code: "CEMM_GATEWAY", retried: true },
  { status: 503, code: "CEMM_GATEWAY", retried: true },
  { status: 504, code: "CEMM_GATEWAY", retried: true },
  { status: 301, code: "CEMM_BAD_RESPONSE", retried: false },
  { status: 302, code: "CEMM_BAD_RESPONSE", retried: false },
  { status: 304, code: "CEMM_BAD_RESPONSE", retried: false },
].map((row) => ({ ...row, it: `${row.status} is ${row.code}${row.retried ? ", after retries" : ", at once"}` }));

describe("a status that is no success", () => {
  const bed = testbed();

  eachAtOnce(overEachRoute(STATUSES), async ({ route, status: code, ...expected }) => {
    const server = await bed.serve(status(code, { location: "http://elsewhere.example/?api_key=4e4f657a" }));
    const error = await failure(bed.over(route, server.host, { timeout: 4 }).realtime("p1"));
    const isLocked = route === "lan" && (code === 401 || code === 403);
    assert.equal(error.code, isLocked ? "CEMM_BAD_RESPONSE" : expected.code);
    assert.equal(error.statusCode, code);
    assert.equal(error.retryable, expected.retried);
    assert.equal(server.questions.length, expected.retried ? TRIES[route] : 1);
    assert.ok(error.message.includes(server.host), "the message names the address");
    assert.ok(error.message.includes(`(HTTP ${code})`), "the message names the status");
  });

  const RECOVERED = [408, 429, 502, 503, 504].map((code) => ({ code, it: `${code} once, then data: is data` }));
  eachAtOnce(overEachRoute(RECOVERED), async ({ route, code }) => {
    const server = await bed.serve(inTurn(status(code), good));
    const { channels } = await bed.over(route, server.host).realtime("p1");
    assert.equal(channels.electric_power?.samples[0]?.value, 193);
    assert.equal(server.questions.length, 2);
  });

  it("404 is an unknown alias on the LAN", async () => {
    const server = await bed.serve(status(404));
    const error = await failure(bed.over("lan", server.host).realtime("mb9"));
    assert.deepEqual([error.code, error.statusCode, error.retryable], ["CEMM_ALIAS_UNSUPPORTED", 404, false]);
    assert.match(error.message, /mb9/);
    assert.equal(server.questions.length, 1);
  });

  it("404 is an unexpected status in the cloud", async () => {
    const server = await bed.serve(status(404));
    const error = await failure(bed.over("cloud", server.host).realtime("p1"));
    assert.deepEqual([error.code, error.statusCode, error.retryable], ["CEMM_HTTP", 404, false]);
    assert.equal(server.questions.length, 1);
  });

  it("a redirect is not followed, and only its host is told", async () => {
    const elsewhere = await bed.serve(good);
    const location = `http://${elsewhere.host}/login?api_key=4e4f657a&next=secret`;
    const server = await bed.serve(status(302, { location }));
    const error = await failure(bed.over("cloud", server.host).realtime("p1"));
    assert.equal(error.code, "CEMM_BAD_RESPONSE");
    assert.ok(error.message.includes(elsewhere.host));
    assert.doesNotMatch(error.message, /4e4f657a|secret/);
    assert.equal(elsewhere.connections, 0);
  });

  it("a status whose body never comes still tells its error at once", async () => {
    const server = await bed.serve((response) => {
      response.writeHead(403, { "content-length": 100 }).write("{");
    });
    const began = performance.now();
    assert.equal((await failure(bed.over("cloud", server.host).realtime("p1"))).code, "CEMM_UNAUTHORIZED");
    assert.ok(performance.now() - began < 500);
  });
});
