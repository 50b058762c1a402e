/** What a catch node gets, and that every message ends with exactly one done. */
import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import { z } from "zod";
import { fixture } from "../support/fixtures.js";
import { endFlow, flows, flowsAtOnce, inCloud, startFlow } from "../support/flow.js";
import { errorOf } from "../support/flow-seen.js";
import { eventually, NOBODY, testbed } from "../support/server.js";
import { type Answer, body, good, json, onSocket, promised, silence, status } from "../support/server-answers.js";

const reset = onSocket((socket) => void socket.resetAndDestroy());
const redirect = status(302, { location: "http://127.0.0.1:1/login" });

/** The cloud's answer, and the error: code, status, and whether a retry may succeed. */
const CODES: [string, Answer, string, number | undefined, boolean][] = [
  ["401", status(401), "CEMM_UNAUTHORIZED", 401, false],
  ["403", status(403), "CEMM_UNAUTHORIZED", 403, false],
  ["412", status(412), "CEMM_ALIAS_UNSUPPORTED", 412, false],
  ["408 after retries", status(408), "CEMM_TIMEOUT", 408, true],
  ["no answer in time", silence, "CEMM_TIMEOUT", undefined, true],
  ["only promises until the deadline", promised, "CEMM_PROMISE_TIMEOUT", undefined, true],
  ["500", status(500), "CEMM_GATEWAY", 500, false],
  ["503 after retries", status(503), "CEMM_GATEWAY", 503, true],
  ["429 after retries", status(429), "CEMM_RATE_LIMITED", 429, true],
  ["a reset connection", reset, "CEMM_UNREACHABLE", undefined, true],
  ["not JSON", body("<html>Sign in</html>"), "CEMM_BAD_RESPONSE", undefined, false],
  ["not the documented shape", json({ data: [] }), "CEMM_BAD_RESPONSE", undefined, false],
  ["larger than 4 MiB", body(`{"data":{}${" ".repeat(4 * 1024 * 1024)}}`), "CEMM_BAD_RESPONSE", undefined, false],
  ["a redirect", redirect, "CEMM_BAD_RESPONSE", 302, false],
  ["any other status", status(418), "CEMM_HTTP", 418, false],
];

/** What the error has in addition to what a catch node gets. */
const Raised = z.object({ statusCode: z.number().optional(), retryable: z.boolean() });

describe("errors, over the cloud", () => {
  const bed = testbed();
  const rows = CODES.map(([what, answer, code, statusCode, retryable]) => {
    return { it: `${code}: ${what}`, what, answer, code, statusCode, retryable };
  });

  flowsAtOnce(
    rows,
    async ({ answer }) => ({
      node: { type: "cemm-realtime" },
      ...inCloud((await bed.serve(answer)).host, { timeout: 1.2 }),
    }),
    async (flow, { what, code, statusCode, retryable }) => {
      const raised = new Promise<unknown>((resolve) => {
        flow.node.once("call:error", ({ firstArg }: { firstArg: unknown }) => resolve(firstArg));
      });
      const { caught, sent } = await flow.end({ payload: "asked" });
      const { code: seen, message, cause } = errorOf(caught ?? {});
      assert.equal(seen, code);
      assert.match(message, /House/, "it names the device");
      if (what !== "not the documented shape") assert.match(message, /\. [A-Z]|HTTP/, "it says what to do about it");
      if (cause !== undefined) assert.deepEqual(Object.keys(cause ?? {}), ["code", "message"]);
      assert.equal(caught?.payload, "asked");
      assert.deepEqual([sent, flow.shown().at(-1)], [[], `red ring ${code}`]);
      const error = Raised.parse(await raised);
      assert.deepEqual(error, { ...(statusCode !== undefined && { statusCode }), retryable });
    },
  );
});

describe("errors", () => {
  flows();
  const bed = testbed();

  it("CEMM_UNREACHABLE: the connection is refused", async () => {
    const flow = await startFlow({ node: { type: "cemm-realtime" }, device: { host: NOBODY } });
    const { code, cause } = await flow.error();
    assert.equal(code, "CEMM_UNREACHABLE");
    assert.match(JSON.stringify(cause), /ECONNREFUSED/);
  });

  it("CEMM_ALIAS_UNSUPPORTED: the LAN answers 404 for the alias", async () => {
    const { host } = await bed.serve(status(404));
    const flow = await startFlow({ node: { type: "cemm-realtime", alias: "mb9" }, device: { host } });
    const { code, message } = await flow.error();
    assert.equal(code, "CEMM_ALIAS_UNSUPPORTED");
    assert.match(message, /mb9/);
  });

  it("CEMM_NOT_SUPPORTED: a CEMM 3.0 was found", async () => {
    const cemm3: Answer = (response, n) => {
      const is3 = response.req.url?.startsWith("/api/v1/public/cemm") ?? false;
      return (is3 ? json(fixture("lan/cemm3")) : status(404))(response, n);
    };
    const { host } = await bed.serve(cemm3, { root: status(404) });
    const flow = await startFlow({ node: { type: "cemm-realtime" }, device: { host } });
    const { code, message } = await flow.error();
    assert.equal(code, "CEMM_NOT_SUPPORTED");
    assert.match(message, /CEMM 3\.0/);
  });

  for (const [route, retries] of [
    ["lan", 1],
    ["cloud", 2],
  ] as const) {
    it(`CEMM_RATE_LIMITED: 429 again, after waiting as told (${route})`, async () => {
      const server = await bed.serve(status(429, { "retry-after": "1" }));
      const { device, account } = inCloud(server.host);
      const how = route === "lan" ? { device: { host: server.host } } : { device, account };
      const flow = await startFlow({ node: { type: "cemm-realtime" }, ...how });
      assert.equal((await flow.error()).code, "CEMM_RATE_LIMITED");
      const gaps = server.questions.slice(1).map(({ at }, n) => at - (server.questions[n]?.at ?? 0));
      assert.ok(gaps.length === retries && gaps.every((gap) => gap > 985), `waited ${gaps} ms`);
    });
  }

  it("done is called exactly once for every input: answered, failed, stopped", async () => {
    const answers: Answer[] = [good, status(500), good, status(403), good];
    const { host } = await bed.serve((response, n) => (answers[n] ?? good)(response, n));
    const split = { type: "cemm-realtime", split: true };
    const flow = await startFlow({ node: split, device: { host } });
    const given: NodeMessage[] = [{}, {}, { reset: true }, {}, {}, {}];
    for (const msg of given) await flow.end(msg);
    const ends = [...flow.completed.all, ...flow.caught.all].map(({ _msgid }) => _msgid);
    assert.equal(ends.length, given.length);
    assert.equal(new Set(ends).size, given.length);
    assert.equal(flow.caught.all.length, 2);
  });

  it("CEMM_RATE_LIMITED: refuses 100 of 10,100 messages that wait in one node", async () => {
    const { stackTraceLimit } = Error;
    // The test helper takes a stack trace of every call, which would take most of the time.
    Error.stackTraceLimit = 0;
    const { host } = await bed.serve(silence);
    const flow = await startFlow({ node: { type: "cemm-realtime" }, device: { host, timeout: 60 }, isQuiet: true });
    for (let n = 0; n < 10_100; n++) flow.give();
    await eventually(() => flow.caught.all.length >= 100, "they are refused");
    const codes = new Set(flow.caught.all.map((msg) => errorOf(msg).code));
    assert.deepEqual([flow.caught.all.length, ...codes], [100, "CEMM_RATE_LIMITED"]);
    await endFlow();
    Error.stackTraceLimit = stackTraceLimit;
  }).timeout(30_000);
});
