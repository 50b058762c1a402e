/** The cloud's promises: it is asking the CEMM, so the same request is sent again. Polling times: promise-times.test.ts. Faults: test/proofs. */
import assert from "node:assert/strict";
import { eachAtOnce, failure, overEachRoute, testbed } from "../../support/server.js";
import { type Answer, good, inTurn, json, promised, silence, WATTS } from "../../support/server-answers.js";

describe("a promise", () => {
  const bed = testbed();

  eachAtOnce(overEachRoute([{ it: "is followed up by the same request" }]), async ({ route }) => {
    const server = await bed.serve(inTurn(promised, promised, good));
    let calls = 0;
    const { channels } = await bed.over(route, server.host).realtime("p1", { onPromise: () => calls++ });
    assert.equal(channels.electric_power?.samples[0]?.value, 193);
    assert.equal(calls, 1, "onPromise is called once");
    const [first, ...others] = server.questions.map(({ url }) => url.href);
    assert.deepEqual(others, [first, first], "the promise's id is never sent");
  });

  it("is polled after its Retry-After", async () => {
    const server = await bed.serve(inTurn(json({ promise: "a" }, 202, { "retry-after": "1" }), good));
    await bed.over("cloud", server.host).realtime("p1");
    const [first, second] = server.questions;
    assert.ok((second?.at ?? 0) - (first?.at ?? 0) > 950);
  });

  const ENDLESS: { it: string; promise: Answer }[] = [
    { it: "that never ends is CEMM_PROMISE_TIMEOUT at the deadline", promise: promised },
    {
      it: "with a long Retry-After is polled just before the deadline",
      promise: json({ promise: "a" }, 202, { "retry-after": "86400" }),
    },
    { it: "followed by silence is CEMM_PROMISE_TIMEOUT at the deadline", promise: inTurn(promised, silence) },
  ];
  eachAtOnce(ENDLESS, async ({ promise }) => {
    const server = await bed.serve(promise);
    const began = performance.now();
    const error = await failure(bed.over("cloud", server.host, { timeout: 2 }).realtime("p1"));
    const took = performance.now() - began;
    assert.deepEqual([error.code, error.retryable], ["CEMM_PROMISE_TIMEOUT", true]);
    assert.match(error.message, /within 2 s/);
    assert.ok(took > 1780 && took < 3000, `${took} ms`);
    assert.ok(server.questions.length > 1);
  });

  eachAtOnce([{ it: "is polled once for two concurrent callers, and reported to both" }], async () => {
    const server = await bed.serve(inTurn(promised, promised, good));
    const client = bed.over("cloud", server.host);
    const called = new Set<string>();
    const answers = await Promise.all(
      ["one", "other"].map((caller) => client.realtime("p1", { onPromise: () => called.add(caller) })),
    );
    assert.deepEqual([...called], ["one", "other"]);
    assert.deepEqual(
      answers.map(({ raw }) => raw),
      [WATTS, WATTS],
    );
    assert.equal(server.questions.length, 3);
  });
});
