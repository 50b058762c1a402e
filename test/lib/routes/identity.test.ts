/** With a MAC address set, only readings of that CEMM are passed on, never those of another device at its address. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { CemmClient } from "../../../src/lib/index.js";
import { fixtureText } from "../../support/fixtures.js";
import { eachAtOnce, failure, NO_SEARCH, NOBODY, testbed, UID } from "../../support/server.js";
import { type Answer, body, bytes, good, inTurn, json, later, silence } from "../../support/server-answers.js";
import { udpCemm, udpNetwork } from "../../support/server-udp.js";

const ours = body(fixtureText("lan/info"));
const other = body(fixtureText("lan/info-plus"));
const TIME = 1_632_948_526_000;
const YEAR = 365 * 86_400_000;

/** One answer before, another one after `change`. */
function changing(before: Answer, after: Answer) {
  let answer = before;
  return { answer: ((response, n) => answer(response, n)) satisfies Answer, change: () => (answer = after) };
}

describe("another device at a CEMM's address", () => {
  const bed = testbed();

  interface Row {
    it: string;
    answers: [ours: Answer, theirs: Answer];
    ask: (client: CemmClient) => Promise<unknown>;
  }

  const readings = (data: object, totals?: object) => json({ data, ...(totals && { totals }) });
  const live = (t1: number, time = TIME) => readings({ electric_power: [time, t1], t1: [time, t1] });
  const reading = (volume: number) => readings({ flow: [TIME, 1] }, { volume: [TIME, volume] });
  const day = json({ data: { electric_power: [[TIME, 900]] } });
  const p1 = (client: CemmClient) => client.realtime("p1");

  const OTHERS: Row[] = [
    { it: "with another counter", answers: [live(1000), live(9000)], ask: p1 },
    { it: "with a lower counter", answers: [live(1000), live(900)], ask: p1 },
    { it: "with the same counter at 0", answers: [live(0), live(0)], ask: p1 },
    {
      it: "with a higher counter, and a clock that is a year ahead",
      answers: [live(1000), live(9000, TIME + YEAR)],
      ask: p1,
    },
    { it: "with another counter among the totals", answers: [reading(10), reading(700)], ask: p1 },
    { it: "with a counter among the totals only", answers: [live(1000), reading(1000)], ask: p1 },
    { it: "without a counter", answers: [live(1000), good], ask: p1 },
    {
      it: "with a similar gas counter, as of two new meters",
      answers: [readings({ gas: [TIME, 2] }), readings({ gas: [TIME, 9] })],
      ask: p1,
    },
    {
      it: "when asked for another meter",
      answers: [live(1000), live(1000)],
      ask: (client) => client.realtime("s01"),
    },
    {
      it: "when asked for history",
      answers: [live(1000), day],
      ask: (client) => client.history("p1", client.period("day", TIME)),
    },
    {
      it: "when asked for current readings",
      answers: [reading(10), reading(700)],
      ask: (client) => client.totals("p1"),
    },
  ];
  eachAtOnce(
    OTHERS.map((row) => ({ ...row, it: `is refused ${row.it}` })),
    async ({ answers, ask }) => {
      const [root, question] = [changing(ours, other), changing(...answers)];
      const server = await bed.serve(question.answer, { root: root.answer });
      const client = bed.client({ host: server.host, uid: UID, timeout: 3, discovery: NO_SEARCH });
      await client.realtime("p1");
      root.change();
      question.change();
      assert.equal((await failure(ask(client))).code, "CEMM_WRONG_DEVICE");
      assert.equal((await failure(ask(client))).code, "CEMM_WRONG_DEVICE", "the next time, too");
    },
  );

  eachAtOnce([{ it: "is refused while the search for the CEMM still runs" }], async () => {
    const server = await bed.serve(inTurn(bytes(), bytes(), good), { root: other });
    const client = bed.client({ host: server.host, uid: UID, timeout: 3, discovery: NO_SEARCH });
    const first = failure(client.realtime("p1"));
    await delay(700);
    assert.equal((await failure(client.realtime("s01"))).code, "CEMM_WRONG_DEVICE");
    await first;
  });

  eachAtOnce([{ it: "is refused if the CEMM itself was found there before" }], async () => {
    const old = await bed.serve(good, { root: other });
    const server = await bed.serve(good, { address: "127.0.0.2", root: inTurn(ours, other) });
    const client = bed.client({ host: old.host, uid: UID, timeout: 3, discovery: await udpNetwork(bed, [{ server }]) });
    assert.equal((await failure(client.realtime("p1"))).code, "CEMM_WRONG_DEVICE");
  });
});

/** How many datagrams the system buffers for a socket. Further ones are lost, possibly including the real answer. */
async function datagramsAtOnce(): Promise<number> {
  const { socket, close } = await udpCemm("127.0.0.2", () => []);
  socket.setRecvBufferSize(1024 * 1024);
  const room = socket.getRecvBufferSize() / BOOKKEEPING;
  close();
  return Math.floor(room);
}

/** Bytes that a system counts for a short datagram, rounded up. */
const BOOKKEEPING = 1000;

describe("a CEMM that moved after it was identified", () => {
  const bed = testbed();

  async function move(timeout: number) {
    const [root, question] = [changing(ours, silence), changing(good, silence)];
    const old = await bed.serve(question.answer, { root: root.answer });
    const server = await bed.serve(good, { address: "127.0.0.2" });
    const [lines, discovery]: [string[], object] = [[], await udpNetwork(bed, [{ server }])];
    const client = bed.client({ host: old.host, uid: UID, timeout, discovery, log: (line) => lines.push(line) });
    await client.realtime("p1");
    root.change();
    question.change();
    return { client, lines, host: server.host };
  }

  eachAtOnce([{ it: "is followed by all callers at the same time, without an error" }], async () => {
    const { client, lines, host } = await move(8);
    const began = performance.now();
    const answers = await Promise.all(["p1", "s01", "s02", "p1"].map((alias) => client.realtime(alias)));
    assert.ok(performance.now() - began < 4000, "within half the deadline");
    assert.deepEqual([...new Set(answers.map((answer) => answer.host))], [host]);
    assert.equal(lines.length, 1);
  });

  eachAtOnce([{ it: "is found after 1,100 forged answers, or as many as the system can buffer" }], async () => {
    const server = await bed.serve(good, { address: "127.0.0.2" });
    const discovery = await udpNetwork(bed, [{ server, forged: Math.min(1100, await datagramsAtOnce()) }]);
    const client = bed.client({ host: NOBODY, uid: UID, timeout: 9, discovery });
    assert.equal((await client.realtime("p1")).host, server.host);
  });

  eachAtOnce(
    [{ it: "is still awaited if it is only slow, even if another device that hangs claims to be it" }],
    async () => {
      const hanging = await bed.serve(silence, { root: silence, address: "127.0.0.2" });
      const slow = await bed.serve(inTurn(good, silence, later(1200, good)));
      const client = bed.client({
        host: slow.host,
        uid: UID,
        timeout: 5,
        discovery: await udpNetwork(bed, [{ server: hanging }]),
      });
      await client.realtime("p1");
      assert.equal((await client.realtime("p1")).host, slow.host);
    },
  );
});
