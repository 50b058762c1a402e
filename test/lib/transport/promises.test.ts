/** The cloud's promises: the CEMM is being asked, send the same request again. */
import assert from "node:assert/strict";
import {
  eachAtOnce,
  failure,
  fromTheStart,
  overEachRoute,
  type TestServer,
  TIMEOUT_MS,
  testbed,
} from "../../support/server.js";
import {
  type Answer,
  body,
  good,
  inTurn,
  json,
  onSocket,
  promised,
  status,
  WATTS,
} from "../../support/server-answers.js";

const breakOff = onSocket((socket) => void socket.resetAndDestroy());

function gaps({ questions }: TestServer): number[] {
  return questions.slice(1).map(({ at }, n) => at - (questions[n]?.at ?? 0));
}

/** A busy machine answers late, and the way there and back is a part of each wait: some may be a little shorter. */
function assertGaps(server: TestServer, expected: number[]): void {
  const seen = gaps(server).map(Math.round);
  const fits =
    seen.length === expected.length &&
    expected.every((ms, n) => (seen[n] ?? 0) > ms * 0.94 && (seen[n] ?? 0) < ms + 1000);
  assert.ok(fits, `waited ${seen}, not ${expected}`);
}

const lab = testbed();
const growingWaits = fromTheStart(async () => {
  const server = await lab.serve((response, n) => (n < 7 ? promised : good)(response, n));
  await lab.over("cloud", server.host, { timeout: 20 }).realtime("p1");
  assertGaps(server, [250, 375, 562, 844, 1266, 1898, 2000]);
});

describe("a promise", () => {
  const bed = testbed();

  const KEPT: { it: string; promise: Answer }[] = [
    { it: "follows a promise that arrives with status 202", promise: promised },
    { it: "follows a promise that arrives with status 200", promise: json({ promise: "59f2" }) },
    { it: "follows a 202 without a promise", promise: status(202) },
    { it: "follows a 202 without a body", promise: body("", 202) },
    { it: "follows a 202 whose promise is no text", promise: json({ promise: 59 }, 202) },
    { it: "follows a promise with other members beside it", promise: json({ promise: "59f2", data: null }) },
  ];
  eachAtOnce(overEachRoute(KEPT), async ({ route, promise }) => {
    const server = await bed.serve(inTurn(promise, promise, good));
    let told = 0;
    const { channels } = await bed.over(route, server.host).realtime("p1", { onPromise: () => told++ });
    assert.equal(channels.electric_power?.samples[0]?.value, 193);
    assert.equal(server.questions.length, 3);
    assert.equal(told, 1);
    const [first, ...others] = server.questions.map(({ url }) => url.href);
    assert.deepEqual(others, [first, first], "the same request again; the promise's id is never sent");
  });

  it("asks again after 250 ms, growing by half to at most 2 s", async function () {
    this.timeout(TIMEOUT_MS);
    await growingWaits();
  });

  const TOLD = [
    { it: "waits as long as Retry-After tells", header: "1", gap: 1000 },
    { it: "does not ask without a pause, even where Retry-After tells 0", header: "0", gap: 250 },
    {
      it: "does not ask without a pause after a Retry-After of the past",
      header: "Wed, 21 Oct 2015 07:28:00 GMT",
      gap: 250,
    },
    { it: "takes its own time where Retry-After cannot be read", header: "soon", gap: 250 },
  ];
  eachAtOnce(TOLD, async ({ header, gap }) => {
    const server = await bed.serve(inTurn(json({ promise: "a" }, 202, { "retry-after": header }), good));
    await bed.over("cloud", server.host).realtime("p1");
    assertGaps(server, [gap]);
  });

  const ENDLESS: { it: string; promise: Answer }[] = [
    { it: "the same id for ever: CEMM_PROMISE_TIMEOUT at the deadline", promise: promised },
    {
      it: "a new id each time: CEMM_PROMISE_TIMEOUT at the deadline",
      promise: (response, n) => json({ promise: `id-${n}` }, 202)(response, n),
    },
    {
      it: "a Retry-After beyond the deadline: asks once more just before it",
      promise: json({ promise: "a" }, 202, { "retry-after": "86400" }),
    },
  ];
  eachAtOnce(ENDLESS, async ({ promise }) => {
    const server = await bed.serve(promise);
    const began = performance.now();
    const error = await failure(bed.over("cloud", server.host, { timeout: 1 }).realtime("p1"));
    const took = performance.now() - began;
    assert.deepEqual([error.code, error.retryable], ["CEMM_PROMISE_TIMEOUT", true]);
    assert.match(error.message, /within 1 s/);
    assert.ok(took > 780 && took < 2000, `${took} ms`);
    const last = (server.questions.at(-1)?.at ?? 0) - began;
    assert.ok(last > 780 && last < 1020, `asked for the last time after ${last} ms`);
  });

  const BROKEN: { it: string; next: Answer; code: string; asked: number }[] = [
    { it: "a promise, then 403", next: status(403), code: "CEMM_UNAUTHORIZED", asked: 2 },
    { it: "a promise, then 412", next: status(412), code: "CEMM_ALIAS_UNSUPPORTED", asked: 2 },
    { it: "a promise, then 408", next: status(408), code: "CEMM_TIMEOUT", asked: 4 },
    { it: "a promise, then 502", next: status(502), code: "CEMM_GATEWAY", asked: 4 },
    { it: "a promise, then a break", next: breakOff, code: "CEMM_UNREACHABLE", asked: 4 },
    { it: "a promise, then nonsense", next: body("nonsense"), code: "CEMM_BAD_RESPONSE", asked: 2 },
  ];
  eachAtOnce(
    BROKEN.map((row) => ({ ...row, it: `${row.it}: ${row.code}` })),
    async ({ next, code, asked }) => {
      const server = await bed.serve(inTurn(promised, next));
      assert.equal((await failure(bed.over("cloud", server.host, { timeout: 4 }).realtime("p1"))).code, code);
      assert.equal(server.questions.length, asked);
    },
  );

  eachAtOnce([{ it: "a promise, then one break: is asked again" }], async () => {
    const server = await bed.serve(inTurn(promised, breakOff, promised, good));
    const { raw } = await bed.over("cloud", server.host, { timeout: 4 }).realtime("p1");
    assert.deepEqual(raw, WATTS);
    assert.equal(server.questions.length, 4);
  });

  eachAtOnce([{ it: "a break, then silence after a promise: CEMM_PROMISE_TIMEOUT" }], async () => {
    const server = await bed.serve(inTurn(promised, () => {}));
    const error = await failure(bed.over("cloud", server.host, { timeout: 0.6 }).realtime("p1"));
    assert.equal(error.code, "CEMM_PROMISE_TIMEOUT");
  });

  eachAtOnce([{ it: "two callers at once: one chain of requests, and both are told of the promise" }], async () => {
    const server = await bed.serve(inTurn(promised, promised, good));
    const client = bed.over("cloud", server.host);
    const told = new Set<string>();
    const answers = await Promise.all(
      ["one", "other"].map((caller) => client.realtime("p1", { onPromise: () => told.add(caller) })),
    );
    assert.deepEqual([...told], ["one", "other"]);
    assert.deepEqual(
      answers.map(({ raw }) => raw),
      [WATTS, WATTS],
    );
    assert.equal(server.questions.length, 3);
  });
});
