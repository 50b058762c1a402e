/** The cloud's promises: how late promised answers are, and a thousand CEMMs of one account. See README.md. */
import { setTimeout as sleep } from "node:timers/promises";
import { FIRST_POLL } from "../src/lib/transport/promise.js";
import { CemmAccount, CemmClient } from "./support/built.js";
import { median } from "./support/measure.js";
import { bench, type Check, check } from "./support/report.js";
import { type StartedServer, startServer } from "./support/start-server.js";

/** When answers are ready, ms: from 0.1 to 9.8 s, since a promise is valid for 10 s. */
const READY = Array.from({ length: 98 }, (_, n) => (n + 1) * 100);
/** Requests are staggered, ms: all at once they would wait for connections. */
const STAGGER = 15;
const ROUNDS = 3;

const CEMMS = 1000;
const CONCURRENCY = 32;
const LATENCY = 100;

function uidOf(n: number): string {
  const hex = n.toString(16).padStart(4, "0").toUpperCase();
  return `00-1E-C0-00-${hex.slice(0, 2)}-${hex.slice(2)}`;
}

function accountOf(server: StartedServer): InstanceType<typeof CemmAccount> {
  return new CemmAccount({ apiKey: "bench", baseUrl: `http://${server.hosts[0]}/v1/`, concurrency: CONCURRENCY });
}

/** Requests each promise once, from a different CEMM; returns how many ms after it is ready each answer arrives. */
async function lateness(account: InstanceType<typeof CemmAccount>): Promise<number[]> {
  const ended = await Promise.allSettled(
    READY.map(async (ready, n) => {
      const client = new CemmClient({ access: "cloud", account, uid: uidOf(n) });
      await sleep(n * STAGGER);
      const began = performance.now();
      await client.realtime(`ready-${ready}`);
      return performance.now() - began - ready;
    }),
  );
  return ended.map((end) => (end.status === "fulfilled" ? end.value : Number.NaN));
}

async function promises(): Promise<Check[]> {
  const server = await startServer();
  const account = accountOf(server);
  // The first requests load the HTTP client and open connections.
  const warm = new CemmClient({ access: "cloud", account, uid: uidOf(0) });
  await Promise.all(Array.from({ length: CONCURRENCY }, (_, n) => warm.realtime(`warm-${n}`)));
  const rounds: number[][] = [];
  for (let n = 0; n < ROUNDS; n++) rounds.push(await lateness(account));
  server.stop();
  const late = READY.map((_, n) => median(rounds.map((round) => round[n] ?? Number.NaN)));
  const ratios = late.map((ms, n) => ms / ((READY[n] ?? 0) / 2 + FIRST_POLL));
  const kept = rounds.flat().filter((ms) => !Number.isNaN(ms)).length;
  return [
    check("promises ready by 9.8 s: share that is answered", kept / rounds.flat().length, ">=", 1),
    check("promises: lateness to half of the wait and the first poll", Math.max(...ratios), "<=", 1),
    check("promises: lateness, s", Math.max(...late) / 1000, "<=", 2),
  ];
}

/** A live value of each CEMM, ready after a second, from a cloud with a latency of 100 ms. */
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
  return [
    check(`${CEMMS} CEMMs: time to requests x latency / concurrency`, ms / ideal, "<=", 1.3),
    check(`${CEMMS} CEMMs: requests for an answer that is ready after a second`, requests / CEMMS, "<=", 4),
  ];
}

bench(async () => [...(await promises()), ...(await thousand())]);
