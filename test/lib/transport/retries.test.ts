/** When a request is sent again. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { eachAtOnce, failure, overEachRoute, type TestServer, testbed } from "../../support/server.js";
import { type Answer, good, inTurn, status } from "../../support/server-answers.js";

/** How much later than planned a retry may come, ms. */
const TOLERANCE = 250;

/**
 * Whether `ms` have passed since now. By a timer of this process and some requests after it, because on a busy machine
 * the client's own timer is late, too, and a retry needs a request.
 */
function passed(ms: number, host: string): () => boolean {
  let isOver = false;
  const wait = async () => {
    await delay(ms + TOLERANCE, undefined, { ref: false });
    for (let n = 0; n < 3; n++) await (await fetch(`http://${host}/open-api/v1/`)).text();
    isOver = true;
  };
  // The server may have been closed meanwhile.
  wait().catch(() => {});
  return () => isOver;
}

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
    let isLate = () => false;
    let wasLate: boolean | undefined;
    const refused: Answer = (response, n) => {
      isLate = passed(to, server.host);
      const retryAfter = header();
      return status(code, retryAfter === undefined ? {} : { "retry-after": retryAfter })(response, n);
    };
    const answered: Answer = (response, n) => {
      wasLate = isLate();
      return good(response, n);
    };
    const server = await bed.serve(inTurn(refused, answered));
    await bed.over(route, server.host, { timeout: 9 }).realtime("p1");
    const [first, second] = server.questions;
    const gap = (second?.at ?? 0) - (first?.at ?? 0);
    assert.ok(gap > from - 15, `waited ${gap} ms`);
    assert.equal(wasLate, false, `waited ${gap} ms`);
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
    const late: boolean[] = [];
    let isLate = () => false;
    const server: TestServer = await bed.serve((response, n) => {
      late.push(isLate());
      isLate = passed([375, 750][n] ?? 0, server.host);
      return status(502)(response, n);
    });
    await failure(bed.over("cloud", server.host).realtime("p1"));
    const [first = 0, second = 0, third = 0] = server.questions.map(({ at }) => at);
    assert.ok(second - first > 210 && third - second > 435, `waited ${second - first} and ${third - second} ms`);
    assert.deepEqual(late, [false, false, false]);
  });
});
