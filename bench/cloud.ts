/** The cloud's promises: how late an answer is that was promised, and a thousand CEMMs of one account. See README.md. */
import { setTimeout as sleep } from "node:timers/promises";
import { FIRST_LOOK } from "../src/lib/transport/promise.js";
import { CemmAccount, CemmClient } from "./support/built.js";
import { median } from "./support/measure.js";
import { bench, type Check, check } from "./support/report.js";
import { type StartedServer, startServer } from "./support/start-server.js";

/** From 0.1 to 9.8 s, ms: a promise lives for 10 s. */
const READY = Array.from({ length: 98 }, (_, n) => (n + 1) * 100);
/** Staggered, ms: all at once they would wait in the queue for connections. */
const APART = 15;
const ROUNDS = 3;
/** Those below have a row of their own in the table, ms. */
const STAGES = [1_000, 4_000, 8_000, 10_000];

const CEMMS = 1000;
const CONCURRENCY = 32;
const LATENCY = 100;

/** What became of the answer that was ready after as many ms. */
interface Kept {
  ready: number;
  /** ms after it was ready. */
  late: number;
  /** Polls after the first request. */
  looks: number;
}

function uidOf(n: number): string {
  const hex = n.toString(16).padStart(4, "0").toUpperCase();
  return `00-1E-C0-00-${hex.slice(0, 2)}-${hex.slice(2)}`;
}

function accountOf(server: StartedServer): InstanceType<typeof CemmAccount> {
  return new CemmAccount({ apiKey: "bench", baseUrl: `http://${server.hosts[0]}/v1/`, concurrency: CONCURRENCY });
}

/** The number of polls with growing waits only: half as much again each time, 2 s at most. */
function growingLooks(ready: number): number {
  let looks = 0;
  for (let [age, wait] = [0, FIRST_LOOK]; age < ready; wait = Math.min(wait * 1.5, 2000)) {
    age += wait;
    looks++;
  }
  return looks;
}

/** All promises once, each of a CEMM of its own. */
async function round(account: InstanceType<typeof CemmAccount>, server: StartedServer, first: number): Promise<Kept[]> {
  const ask = async (ready: number, n: number) => {
    const client = new CemmClient({ access: "cloud", account, uid: uidOf(first + n) });
    await sleep(n * APART);
    const began = performance.now();
    await client.realtime(`ready-${ready}`);
    return performance.now() - began - ready;
  };
  const ended = await Promise.allSettled(READY.map(ask));
  const requests = await server.requests();
  return READY.map((ready, n) => {
    const [end, asked = 0] = [ended[n], requests.get(`/v1/cemm/${uidOf(first + n)}/ready-${ready}/realtime/`)];
    return { ready, late: end?.status === "fulfilled" ? end.value : Number.NaN, looks: asked - 1 };
  });
}

function show(kept: readonly Kept[]): void {
  const rows = STAGES.map((until, n) => {
    const those = kept.filter(({ ready }) => ready < until && ready >= (STAGES[n - 1] ?? 0));
    const late = those.map((each) => each.late);
    return {
      "ready before, s": until / 1000,
      "late, ms, median": Math.round(median(late)),
      "the most": Math.round(Math.max(...late)),
      "polls at most": Math.max(...those.map(({ looks }) => looks)),
    };
  });
  console.table(rows);
}

async function promises(): Promise<Check[]> {
  const server = await startServer();
  const account = accountOf(server);
  // The first questions load the HTTP client, and open connections.
  const warm = new CemmClient({ access: "cloud", account, uid: uidOf(0) });
  await Promise.all(Array.from({ length: CONCURRENCY }, (_, n) => warm.realtime(`warm-${n}`)));
  const kept: Kept[] = [];
  for (let n = 0; n < ROUNDS; n++) kept.push(...(await round(account, server, 1 + n * READY.length)));
  server.stop();
  show(kept);
  const most = (of: (each: Kept) => number) =>
    Math.max(...READY.map((ready) => median(kept.filter((each) => each.ready === ready).map(of))));
  const met = kept.filter(({ late }) => !Number.isNaN(late)).length;
  const extra = most(({ looks, ready }) => looks - growingLooks(ready));
  return [
    check("promises ready by 9.8 s: share that was met", met / kept.length, ">=", 1),
    check(
      "promises: lateness to half of the wait and the first look",
      most(({ late, ready }) => late / (ready / 2 + FIRST_LOOK)),
      "<=",
      1,
    ),
    check("promises: lateness, s", most(({ late }) => late) / 1000, "<=", 2),
    check("promises: polls more than with growing waits alone", extra, "<=", 1),
  ];
}

/** A live value of each, promised for a second by a cloud 100 ms away. */
async function thousand(): Promise<Check[]> {
  const server = await startServer({ latency: LATENCY });
  const account = accountOf(server);
  const clients = Array.from({ length: CEMMS }, (_, n) => new CemmClient({ access: "cloud", account, uid: uidOf(n) }));
  const began = performance.now();
  await Promise.all(clients.map((client) => client.realtime("ready-1000")));
  const ms = performance.now() - began;
  const requests = [...(await server.requests()).values()].reduce((sum, count) => sum + count, 0);
  server.stop();
  console.log(`${CEMMS} CEMMs, ${CONCURRENCY} requests at a time: ${requests} requests in ${(ms / 1000).toFixed(1)} s`);
  const ideal = (requests * LATENCY) / CONCURRENCY;
  return [check(`${CEMMS} CEMMs: time to requests x latency / concurrency`, ms / ideal, "<=", 1.3)];
}

bench(async () => [...(await promises()), ...(await thousand())]);
