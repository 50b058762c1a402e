/** The delay of a promised answer after it is ready, and the number of polls. */
import { setTimeout as delay } from "node:timers/promises";
import { CemmAccount, CemmClient } from "../support/built.js";
import { median } from "../support/measure.js";
import { type Check, check } from "../support/report.js";
import { cemmUid, requestsOf, startCloud } from "./start.js";

/** From 0.1 to 9.8 s, ms. */
const READY = Array.from({ length: 98 }, (_, n) => (n + 1) * 100);
/** Staggered, ms: all at once they would wait in the queue for connections. */
const APART = 15;
/** Those below have their own rows in the table, ms. */
const STAGES = [1_000, 4_000, 8_000, 10_000];

const ROUNDS = 3;

interface Kept {
  ready: number;
  /** The delay after the answer was ready, ms, median of the rounds. */
  late: number;
  /** The number of polls after the first request, maximum of all rounds. */
  looks: number;
}

/** The number with growing waits only: 250 ms, half as much again each time, 2 s at most. */
function growingLooks(ready: number): number {
  let looks = 0;
  for (let [age, wait] = [0, 250]; age < ready; wait = Math.min(wait * 1.5, 2000)) {
    age += wait;
    looks++;
  }
  return looks;
}

/** For each promise the delay after the answer was ready, ms. */
async function round(account: InstanceType<typeof CemmAccount>): Promise<number[]> {
  const asked = READY.map(async (ready, n) => {
    const client = new CemmClient({ access: "cloud", account, uid: cemmUid(n) });
    await delay(n * APART);
    const began = performance.now();
    await client.realtime(`ready-${ready}`);
    return performance.now() - began - ready;
  });
  const ended = await Promise.allSettled(asked);
  return ended.map((end) => (end.status === "fulfilled" ? end.value : Number.NaN));
}

export async function promiseChecks(): Promise<Check[]> {
  const cloud = await startCloud(0);
  const account = new CemmAccount({ apiKey: "bench", baseUrl: `http://${cloud.hosts[0]}/v1/`, concurrency: 32 });
  // The first questions load the HTTP client, and open connections.
  const warm = new CemmClient({ access: "cloud", account, uid: cemmUid(READY.length) });
  await Promise.all(Array.from({ length: 32 }, (_, n) => warm.realtime(`warm-${n}`)));
  const lates: number[][] = [];
  const counts: Map<string, number>[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    lates.push(await round(account));
    counts.push(new Map(await requestsOf(cloud)));
  }
  await account.close();
  cloud.stop();
  const kept = READY.map((ready, n) => {
    const late = median(lates.map((each) => each[n] ?? Number.NaN));
    return { ready, late, looks: looksFor(n, counts) };
  });
  tell(kept);
  return checksOf(kept, lates);
}

/** The maximum of all rounds for the nth promise; the cloud counts all rounds together. */
function looksFor(n: number, counts: readonly Map<string, number>[]): number {
  const path = `/v1/cemm/${cemmUid(n)}/ready-${READY[n]}/realtime/`;
  const rounds = counts.map((count, round) => (count.get(path) ?? 0) - (counts[round - 1]?.get(path) ?? 0));
  return Math.max(...rounds) - 1;
}

function checksOf(kept: readonly Kept[], lates: readonly number[][]): Check[] {
  const worst = (of: (each: Kept) => number) => Math.max(...kept.map(of));
  const met = lates.flat().filter((late) => !Number.isNaN(late)).length;
  return [
    check("promises ready by 9.8 s: share that was met", met / (READY.length * ROUNDS), ">=", 1),
    check(
      "promises: time after it is ready to half of its wait and 250 ms",
      worst(({ late, ready }) => late / (ready / 2 + 250)),
      "<=",
      1,
    ),
    check("promises: time after it is ready, s", worst(({ late }) => late) / 1000, "<=", 2),
    check(
      "promises: requests more than growing waits alone",
      worst(({ looks, ready }) => looks - growingLooks(ready)),
      "<=",
      1,
    ),
  ];
}

function tell(kept: readonly Kept[]): void {
  const rows = STAGES.map((until, n) => {
    const those = kept.filter(({ ready }) => ready < until && ready >= (STAGES[n - 1] ?? 0));
    const late = those.map((each) => each.late).sort((a, b) => a - b);
    return {
      "ready before, s": until / 1000,
      "after that, ms, median": Math.round(late[late.length >> 1] ?? Number.NaN),
      "at worst": Math.round(late.at(-1) ?? Number.NaN),
      "looks at most": Math.max(...those.map(({ looks }) => looks)),
    };
  });
  console.log(`\n${kept.length} promises, kept after 0.1 to 9.8 s`);
  console.table(rows);
}
