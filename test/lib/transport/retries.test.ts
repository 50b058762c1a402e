/** When, and how soon, a request is sent again. */
import assert from "node:assert/strict";
import { eachAtOnce, failure, overEachRoute, testbed } from "../../support/server.js";
import { good, inTurn, status } from "../../support/server-answers.js";

const inSeconds = (n: number) => new Date(Date.now() + n * 1000).toUTCString();

describe("a retry", () => {
  const bed = testbed();

  const WAITS = [429, 503].flatMap((code) =>
    [
      { name: "without Retry-After", header: () => undefined, from: 225, to: 375 },
      { name: "after a second, as asked", header: () => "1", from: 1000, to: 1000 },
      // The date has whole seconds, so that up to one is lost.
      { name: "at the date given", header: () => inSeconds(2), from: 700, to: 2000 },
      { name: "not at once after Retry-After: 0", header: () => "0", from: 225, to: 375 },
      { name: "not at once after a date in the past", header: () => inSeconds(-3600), from: 225, to: 375 },
      { name: "in its own time after an absurd text", header: () => "-1", from: 225, to: 375 },
      { name: "in its own time after a fraction", header: () => "12.5", from: 225, to: 375 },
    ].map((row) => ({ ...row, code, it: `${code}: ${row.name}` })),
  );
  eachAtOnce(overEachRoute(WAITS), async ({ route, code, header, from, to }) => {
    const retryAfter = header();
    const server = await bed.serve(
      inTurn(status(code, retryAfter === undefined ? {} : { "retry-after": retryAfter }), good),
    );
    await bed.over(route, server.host, { timeout: 6 }).realtime("p1");
    const [first, second] = server.questions;
    const gap = (second?.at ?? 0) - (first?.at ?? 0);
    assert.ok(gap > from - 15 && gap < to + 1000, `waited ${gap} ms`);
  });

  const BEYOND = ["3600", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"].flatMap((header) =>
    [429, 503].map((code) => ({
      code,
      header,
      it: `${code} with Retry-After ${header}, beyond the deadline: fails now`,
    })),
  );
  eachAtOnce(overEachRoute(BEYOND), async ({ route, code, header }) => {
    const server = await bed.serve(status(code, { "retry-after": header }));
    const began = performance.now();
    const error = await failure(bed.over(route, server.host).realtime("p1"));
    assert.equal(error.code, code === 429 ? "CEMM_RATE_LIMITED" : "CEMM_GATEWAY");
    assert.equal(server.questions.length, 1);
    assert.ok(performance.now() - began < 500);
  });

  eachAtOnce([{ it: "the cloud's second comes later than its first" }], async () => {
    const server = await bed.serve(status(502));
    await failure(bed.over("cloud", server.host).realtime("p1"));
    const [first = 0, second = 0, third = 0] = server.questions.map(({ at }) => at);
    assert.ok(second - first > 210 && second - first < 1000);
    assert.ok(third - second > 435 && third - second < 1500);
  });
});
