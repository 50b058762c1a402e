/** Many messages at once, and answers with many channels: how long nothing else can run, and how each message ends. */
import { resolve } from "node:path";
import { Seen, type Task } from "./storm/run.js";
import { inOwnProcess } from "./support/own-process.js";
import { type Check, check, finish } from "./support/report.js";
import { startServer } from "./support/start-server.js";

const ROUNDS = 3;

type Storm = Omit<Task, "host" | "messages" | "rounds">;

const STORMS: Record<string, Storm> = {
  "the same question, answered at once": { node: "live", access: "lan", alias: "mb1", timeout: 30 },
  "the same question, answered after 2 s": { node: "live", access: "lan", alias: "slow-mb1", timeout: 30 },
  "questions of their own": { node: "live", access: "cloud", alias: "mb#", timeout: 30 },
  "the same question, never answered": { node: "live", access: "lan", alias: "silent", timeout: 1 },
  "questions of their own, never answered": { node: "live", access: "cloud", alias: "silent-#", timeout: 0.5 },
};
/** Messages at once, and how long they may block the loop, ms. */
const SIZES: [messages: number, most: number][] = [
  [10_000, 500],
  [30_000, 1000],
];
/** More channels than any meter has. */
const TOO_MANY = [
  ["split", 2_000],
  ["split", 5_000],
  ["history", 150_000],
] as const;
/** What an answer of the most channels that are allowed may block the loop, ms. */
const MOST = 50;

const table: Record<string, object> = {};

async function run(what: string, host: string, storm: Storm, messages: number): Promise<Seen> {
  const task: Task = { host, messages, rounds: ROUNDS, ...storm };
  const seen = await inOwnProcess(resolve(__dirname, "storm/run.ts"), task, Seen);
  if (!seen) throw new Error(`${JSON.stringify(task)} ended Node-RED.`);
  const ends = Object.entries(seen.ends).map(([end, count]) => `${count} ${end}`);
  table[what] = { ends: ends.join(", "), "longest block ms": Math.round(seen.blockMs) };
  return seen;
}

async function storms(host: string): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [messages, most] of SIZES) {
    const shares: number[] = [];
    for (const [what, storm] of Object.entries(STORMS)) {
      const name = `${messages} messages at once, ${what}`;
      const { blockMs, ends } = await run(name, host, storm, messages);
      const good = Object.entries(ends).filter(([end]) => /^(answered|CEMM_\w+)$/.test(end));
      const share = good.reduce((sum, [, count]) => sum + count, 0) / (messages * ROUNDS);
      checks.push(check(`${name}: longest block, ms`, blockMs, "<=", most));
      shares.push(share);
    }
    const least = Math.min(...shares);
    checks.push(check(`${messages} messages at once: share answered or refused with a code`, least, ">=", 1));
  }
  return checks;
}

async function bodies(host: string): Promise<Check[]> {
  const ask = (node: Task["node"], channels: number) => {
    const storm = { node, access: "lan", alias: `channels-${channels}`, timeout: 30 } as const;
    return run(`${channels} channels, ${node}`, host, storm, 1);
  };
  const checks: Check[] = [];
  for (const [node, channels] of TOO_MANY) {
    const { CEMM_BAD_RESPONSE: refused = 0 } = (await ask(node, channels)).ends;
    checks.push(check(`${channels} channels, ${node}: share refused as CEMM_BAD_RESPONSE`, refused / ROUNDS, ">=", 1));
  }
  const { notes, blockMs } = await ask("split", 200);
  return [
    ...checks,
    check("200 channels, split: channels that a message has notes of", notes, "<=", 1),
    check("200 channels, split: longest block, ms", blockMs, "<=", MOST),
  ];
}

async function main(): Promise<void> {
  const { hosts, stop } = await startServer(resolve(__dirname, "storm/server.ts"));
  const [host = ""] = hosts;
  const checks = [...(await bodies(host)), ...(await storms(host))];
  stop();
  console.table(table);
  finish(checks);
}

void main();
