/** Concurrent callers of the same thing share one request, each with its own deadline, name and callbacks. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { eachAtOnce, eventually, failure, overEachRoute, rejection, testbed, UID } from "../../support/server.js";
import { type Answer, good, inTurn, later, promised, silence, status, WATTS } from "../../support/server-answers.js";

/** The body takes this long, in ms, and keeps coming, so that the server does not count as silent. */
const slowly =
  (ms: number): Answer =>
  (response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(" "), 20);
    const end = setTimeout(() => response.end(JSON.stringify(WATTS)), ms);
    response.on("close", () => {
      clearInterval(timer);
      clearTimeout(end);
    });
  };

describe("one request for several callers", () => {
  const bed = testbed();

  eachAtOnce([{ it: "lives as long as the caller with the most time left" }], async () => {
    const server = await bed.serve(slowly(3_500));
    const account = bed.account(server.host);
    const options = { access: "cloud", account, uid: UID } as const;
    const first = failure(bed.client({ ...options, timeout: 2.5, name: "first" }).realtime("p1"));
    await delay(1_500);
    const began = performance.now();
    const second = bed.client({ ...options, timeout: 3, name: "second" }).realtime("p1");
    assert.equal((await first).code, "CEMM_TIMEOUT");
    assert.ok((await second).channels.electric_power);
    assert.ok(performance.now() - began < 3_000);
    assert.equal(server.questions.length, 1);
  });

  eachAtOnce([{ it: "ends for each caller at its own deadline, with its own name for the device" }], async () => {
    const server = await bed.serve(slowly(5_000));
    const account = bed.account(server.host);
    const outcome = async (name: string, timeout: number) => {
      const began = performance.now();
      const { message } = await failure(
        bed.client({ access: "cloud", account, uid: UID, timeout, name }).realtime("p1"),
      );
      return { message, ms: performance.now() - began };
    };
    const first = outcome("first", 2);
    await delay(1_000);
    const second = await outcome("second", 3);
    assert.match((await first).message, /^first \(.*did not answer within 2 s/);
    assert.match(second.message, /^second \(.*did not answer within 3 s/);
    assert.ok(second.ms > 2_900 && second.ms < 4_000, `${second.ms} ms`);
    assert.equal(server.questions.length, 1);
  });

  eachAtOnce([{ it: "is not shared once the server is silent: a later caller gets its own request" }], async () => {
    const server = await bed.serve(inTurn(silence, silence, silence, good));
    const account = bed.account(server.host);
    const options = { access: "cloud", account, uid: UID } as const;
    const first = failure(bed.client({ ...options, timeout: 3 }).realtime("p1"));
    await eventually(() => server.questions.length === 3, "it is sent three times");
    await delay(1_000);
    const { channels } = await bed.client({ ...options, timeout: 20 }).realtime("p1");
    assert.ok(channels.electric_power);
    assert.equal((await first).code, "CEMM_TIMEOUT");
    assert.equal(server.questions.length, 4);
  });

  eachAtOnce(overEachRoute([{ it: "names each caller's own device in a shared failure" }]), async ({ route }) => {
    const server = await bed.serve(later(50, status(412)));
    const account = bed.account(server.host);
    const ask = (name: string) =>
      failure(bed.client({ access: route, host: server.host, account, uid: UID, name }).realtime("p1"));
    const errors = await Promise.all([ask("first"), ask("second")]);
    const shown = errors.map(({ code, message }) => `${code} ${message.split(" ")[0]}`);
    assert.deepEqual(shown, ["CEMM_ALIAS_UNSUPPORTED first", "CEMM_ALIAS_UNSUPPORTED second"]);
    assert.equal(server.questions.length, 1);
  });

  eachAtOnce([{ it: "fails only the caller whose callback throws" }], async () => {
    const server = await bed.serve(inTurn(promised, good));
    const client = bed.over("cloud", server.host);
    const thrown = new Error("the caller's own");
    const throwIt = () => {
      throw thrown;
    };
    const failing = rejection(client.realtime("p1", { onPromise: throwIt }));
    let calls = 0;
    const other = client.realtime("p1", { onPromise: () => calls++ });
    assert.equal(await failing, thrown);
    assert.ok((await other).channels.electric_power);
    assert.equal(calls, 1);
  });
});
