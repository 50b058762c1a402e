/** How to measure on a machine that is also busy with other things: side by side, in turns, with medians. */
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Sends one request. `n`, from 0, numbers the callers that ask at the same time. */
export type Contender = (n: number) => Promise<unknown>;

/** Costs per message in each round, µs: time until all are answered, divided by their number, and this process's CPU. */
export interface Costs {
  us: number[];
  cpu: number[];
}

const ROUND_MS = 200;
const WARM_UP_MS = 1000;

/** The costs of each contender; the nth rounds of all contenders are measured one right after the other. */
export async function compare<Name extends string>(
  contenders: Record<Name, Contender>,
  width: number,
  rounds: number,
): Promise<Record<Name, Costs>> {
  const costs: Record<string, Costs> = {};
  const entries = Object.entries<Contender>(contenders);
  for (const [name, contender] of entries) {
    await round(contender, width, WARM_UP_MS);
    costs[name] = { us: [], cpu: [] };
  }
  for (let n = 0; n < rounds; n++) {
    // No contender is always first, or always after the same one.
    const turns = n % 2 === 0 ? entries : entries.toReversed();
    for (const [name, contender] of turns) {
      const { us, cpu } = await round(contender, width, ROUND_MS);
      costs[name]?.us.push(us);
      costs[name]?.cpu.push(cpu);
    }
  }
  return costs;
}

async function round(contender: Contender, width: number, ms: number): Promise<{ us: number; cpu: number }> {
  let messages = 0;
  const before = process.cpuUsage();
  const start = performance.now();
  const caller = async (_: unknown, n: number) => {
    while (performance.now() - start < ms) {
      await contender(n);
      messages++;
    }
  };
  await Promise.all(Array.from({ length: width }, caller));
  const us = (performance.now() - start) * 1000;
  const { user, system } = process.cpuUsage(before);
  return { us: us / messages, cpu: (user + system) / messages };
}

/** The longest block of the event loop during `work`, ms. Only time with CPU use counts, so a busy machine does not matter. */
export async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let [time, cpu] = [performance.now(), process.cpuUsage()];
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(cpu);
    longest = Math.max(longest, Math.min(performance.now() - time, (user + system) / 1000));
    [time, cpu] = [performance.now(), process.cpuUsage()];
  }, 1);
  await work();
  // The next timer sees a block at the end.
  await sleep(10);
  clearInterval(timer);
  return longest;
}

/** MB in use, without garbage. */
export function heapMb(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
  return process.memoryUsage().heapUsed / 1e6;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** The cost of `a` relative to `b`: the median over pairs that were measured side by side. */
export function ratio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((cost, n) => cost / (b[n] ?? Number.NaN)));
}
