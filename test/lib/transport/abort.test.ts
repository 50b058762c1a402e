/** Aborting a request works immediately, at every stage, and nothing is sent afterwards. */
import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { CemmAccount, type CemmClient } from "../../../src/lib/index.js";
import {
  eachAtOnce,
  eventually,
  failure,
  overEachRoute,
  portOf,
  ROUTES,
  type RouteName,
  rejection,
  type TestServer,
  testbed,
} from "../../support/server.js";
import { type Answer, dribbling, good, hanging, promised, silence, status } from "../../support/server-answers.js";

/** In ms, on a busy machine. A request that was not aborted would take the client's ten seconds. */
const AT_ONCE = 1000;

/** `questions`: how many were sent by the time it ends. */
const STAGES: { it: string; answer: Answer; questions: number; busy?: boolean }[] = [
  { it: "in the queue", answer: silence, questions: 1, busy: true },
  { it: "while it waits for headers", answer: silence, questions: 1 },
  { it: "while it waits for the body", answer: hanging, questions: 1 },
  { it: "while the body trickles in", answer: dribbling, questions: 1 },
  { it: "between a promise and its follow-up", answer: promised, questions: 1 },
  { it: "before a retry", answer: status(502), questions: 1 },
  { it: "before a retry with a given time", answer: status(429, { "retry-after": "1" }), questions: 1 },
];

describe("aborting a request", () => {
  const bed = testbed();

  async function assertEnds(
    work: Promise<unknown>,
    reached: () => boolean,
    stop: () => unknown,
    isReason: (error: unknown) => void,
  ) {
    let ended = 0;
    const reason = rejection(work).finally(() => {
      ended = performance.now();
    });
    await eventually(reached, "the server is asked");
    await delay(50);
    assert.equal(ended, 0, "it has not ended yet");
    const stopped = performance.now();
    stop();
    isReason(await reason);
    assert.ok(ended - stopped < AT_ONCE, `took ${ended - stopped} ms`);
  }

  async function assertSilentNow(server: TestServer, questions: number) {
    await delay(1100);
    assert.equal(server.questions.length, questions, "nothing is sent afterwards");
  }

  /** A LAN host takes one request at a time, an account four. */
  async function fillLimiter(route: RouteName, server: TestServer, client: CemmClient, signal: AbortSignal) {
    const aliases = route === "lan" ? ["s01"] : ["s01", "s02", "s03", "mb1"];
    for (const alias of aliases) client.realtime(alias, { signal }).catch(() => {});
    await eventually(() => server.questions.length === aliases.length, "the limiter is full");
    return aliases.length;
  }

  const ENDINGS = STAGES.flatMap((stage) => [
    { ...stage, closes: false },
    { ...stage, closes: true, it: `by closing the client, ${stage.it}` },
  ]);
  eachAtOnce(overEachRoute(ENDINGS), async ({ route, answer, questions, busy, closes }) => {
    const server = await bed.serve(answer);
    const client = bed.over(route, server.host);
    const [mine, others] = [new AbortController(), new AbortController()];
    const sent = busy ? await fillLimiter(route, server, client, others.signal) : questions;
    const reason = new Error("the node was closed");
    await assertEnds(
      client.realtime("p1", { signal: mine.signal }),
      () => server.questions.length === sent,
      () => (closes ? client.close() : mine.abort(reason)),
      (error) => (closes ? assert.match(String(error), /was closed/) : assert.equal(error, reason)),
    );
    others.abort();
    await assertSilentNow(server, sent);
    if (route === "lan") assert.equal(server.sockets.size, 0);
  });

  eachAtOnce([{ it: "while it connects" }], async () => {
    const mute = createServer((socket) => void socket.on("error", () => {}).resume());
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const sockets: Socket[] = [];
    mute.on("connection", (socket) => sockets.push(socket));
    bed.kept(mute, () => {
      for (const socket of sockets) socket.destroy();
      mute.close();
    });
    const account = new CemmAccount({ apiKey: "demo", baseUrl: `https://127.0.0.1:${portOf(mute.address())}/v1/` });
    bed.kept(account, () => account.close());
    const controller = new AbortController();
    await assertEnds(
      bed.client({ access: "cloud", account, uid: "001EC08596CC" }).realtime("p1", { signal: controller.signal }),
      () => sockets.length > 0,
      () => controller.abort("gone"),
      (error) => assert.equal(error, "gone"),
    );
  });

  it("sends nothing if the signal is already aborted", async () => {
    const server = await bed.serve(good);
    for (const route of ROUTES) {
      assert.equal(
        await rejection(bed.over(route, server.host).realtime("p1", { signal: AbortSignal.abort("no") })),
        "no",
      );
    }
    assert.equal(server.connections, 0);
  });

  it("a closed client refuses requests, and so do its targets", async () => {
    const server = await bed.serve(good);
    const client = bed.over("lan", server.host);
    const other = client.at(server.host);
    await other.realtime("p1");
    client.close();
    client.close();
    for (const closed of [client, other, client.at("127.0.0.9")]) {
      assert.equal((await failure(closed.realtime("p1"))).code, "CEMM_UNREACHABLE");
    }
    assert.equal(server.questions.length, 1);
  });

  it("closing a client ends the requests of targets that it no longer caches", async () => {
    const server = await bed.serve(silence);
    const client = bed.over("lan", server.host);
    const work = failure(client.at(`localhost:${server.host.split(":")[1]}`).realtime("p1"));
    for (let n = 0; n < 1100; n++) client.at(`cemm-${n}.invalid`);
    const closed = performance.now();
    client.close();
    assert.equal((await work).code, "CEMM_UNREACHABLE");
    assert.ok(performance.now() - closed < AT_ONCE);
  });

  it("closing an account ends the requests of its clients", async () => {
    const server = await bed.serve(silence);
    const account = bed.account(server.host);
    const work = failure(bed.client({ access: "cloud", account, uid: "001EC08596CC" }).realtime("p1"));
    await delay(50);
    const closed = performance.now();
    await account.close();
    const { code, retryable, message } = await work;
    assert.deepEqual([code, retryable], ["CEMM_UNREACHABLE", false]);
    assert.match(message, /account was closed/);
    assert.ok(performance.now() - closed < AT_ONCE);
  });
});
