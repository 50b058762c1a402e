/** One answer never takes longer than the client's timeout. */
import assert from "node:assert/strict";
import { CemmClient } from "../../../src/lib/index.js";
import { eachAtOnce, failure, NO_SEARCH, overEachRoute, testbed, UID } from "../../support/server.js";
import { type Answer, dribbling, good, hanging, inTurn, later, silence, status } from "../../support/server-answers.js";

const SLOW: { it: string; answer: Answer }[] = [
  { it: "no headers", answer: silence },
  {
    it: "headers, then no body",
    answer: (response) => void response.writeHead(200, { "content-length": 10 }).flushHeaders(),
  },
  { it: "a body that stops", answer: hanging },
  { it: "a body that trickles in", answer: dribbling },
  { it: "a 502, then no headers", answer: inTurn(status(502), silence) },
];

describe("the deadline", () => {
  const bed = testbed();

  const TIMED = SLOW.map((row) => ({ ...row, it: `ends after 1.2 s: ${row.it}` }));
  eachAtOnce(overEachRoute(TIMED), async ({ route, answer }) => {
    const [server, timeout] = [await bed.serve(answer), 1.2];
    const began = performance.now();
    const error = await failure(bed.over(route, server.host, { timeout }).realtime("p1"));
    const late = performance.now() - began - timeout * 1000;
    assert.deepEqual([error.code, error.retryable], ["CEMM_TIMEOUT", true]);
    assert.ok(late > -250 && late < 1500, `${late} ms late`);
  });

  eachAtOnce([{ it: "lan: covers identifying the CEMM and the request together" }], async () => {
    const server = await bed.serve(hanging, { root: later(1500, (response) => void response.end("{}")) });
    const began = performance.now();
    assert.equal((await failure(bed.over("lan", server.host, { timeout: 2 }).realtime("p1"))).code, "CEMM_TIMEOUT");
    assert.ok(performance.now() - began < 3300);
  });

  eachAtOnce(
    ["", UID].map((uid) => ({
      uid,
      it: `lan${uid && ", with a MAC address"}: starts when the request's turn comes, so that fifty in the queue are all answered`,
    })),
    async ({ uid }) => {
      const server = await bed.serve(later(60, good));
      const client = bed.over("lan", server.host, { timeout: 1, uid, discovery: NO_SEARCH });
      const aliases = Array.from({ length: 50 }, (_, n) => `mb${n}`);
      await Promise.all(aliases.map((alias) => client.realtime(alias)));
    },
  );

  eachAtOnce(
    [{ it: "lan: a wait in the queue of ten times the timeout ends with an error that says so, without a request" }],
    async () => {
      const server = await bed.serve(later(1800, good));
      const first = bed.over("lan", server.host, { timeout: 20 }).realtime("p1");
      const second = bed.over("lan", server.host, { timeout: 0.12 });
      await new Promise((resolve) => setTimeout(resolve, 50));
      const error = await failure(second.realtime("s01"));
      assert.equal(error.code, "CEMM_TIMEOUT");
      assert.match(error.message, /other requests were ahead/);
      await first;
      assert.equal(server.questions.length, 1);
    },
  );

  for (const timeout of [0, 0.09, -1, 3601, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`a timeout of ${timeout} s is CEMM_CONFIG`, () => {
      assert.throws(() => new CemmClient({ host: "127.0.0.1", timeout }), { code: "CEMM_CONFIG" });
    });
  }
});
