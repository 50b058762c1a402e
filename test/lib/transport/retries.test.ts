/** When a request is sent again. */
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
      // The date has whole seconds, so up to one is lost.
      { name: "at the date given", header: () => inSeconds(2), from: 700, to: 2000 },
      { name: "not immediately after Retry-After: 0", header: () => "0", from: 225, to: 375 },
      { name: "not immediately after a date in the past", header: () => inSeconds(-3600), from: 225, to: 375 },
      { name: "after the usual wait if Retry-After is negative", header: () => "-1", from: 225, to: 375 },
      { name: "after the usual wait if Retry-After is a fraction", header: () => "12.5", from: 225, to: 375 },
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
    assert.ok(gap > from - 15 && gap < to + 2500, `waited ${gap} ms`);
  });

  eachAtOnce(
    overEachRoute([{ it: "is not made if Retry-After is beyond the deadline: the request fails immediately" }]),
    async ({ route }) => {
      const server = await bed.serve(status(503, { "retry-after": "3600" }));
      const began = performance.now();
      assert.equal((await failure(bed.over(route, server.host).realtime("p1"))).code, "CEMM_GATEWAY");
      assert.ok(performance.now() - began < 2000);
    },
  );

  eachAtOnce([{ it: "comes later the second time in the cloud" }], async () => {
    const server = await bed.serve(status(502));
    await failure(bed.over("cloud", server.host).realtime("p1"));
    const [first = 0, second = 0, third = 0] = server.questions.map(({ at }) => at);
    assert.ok(second - first > 210 && second - first < 3000);
    assert.ok(third - second > 435 && third - second < 3000);
  });
});
