/** What a range of days costs: time against `JSON.parse` of the same bodies, the loop's longest block, and memory. */
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { Seen, type Task } from "./range/run.js";
import { dayBody } from "./range/server.js";
import { collector, History, periodAt, readHistory } from "./support/built.js";
import { median } from "./support/measure.js";
import { type Check, check, finish } from "./support/report.js";

const FIRST = Date.UTC(2020, 0, 1);
const DAY = 86_400_000;
const YEAR = 365;
/** The smallest heap is searched for in steps of this, MB. */
const STEP = 8;
const LARGEST = 1024;

type Range = Omit<Task, "host">;

/** Answers of as many days, and how long `JSON.parse` takes for their bodies, ms. */
function daysOf(count: number): {
  answers: Parameters<ReturnType<typeof collector.series>["add"]>[0][];
  parse: number;
} {
  let parse = 0;
  const answers = Array.from({ length: count }, (_, n) => {
    const start = FIRST + n * DAY;
    const text = dayBody(start, 1);
    const began = performance.now();
    const body: unknown = JSON.parse(text);
    parse += performance.now() - began;
    const period = periodAt("day", start, "UTC");
    const { channels, unusable } = readHistory(History.parse(body).data, period, Date.now());
    const origin = {
      kind: "day",
      source: "lan",
      uid: null,
      alias: "p1",
      ioId: 1,
      requestedAt: 0,
      receivedAt: 0,
    } as const;
    return { ...origin, channels, unusable, period, suspects: [], age: null, stale: false, raw: undefined };
  });
  return { answers, parse };
}

/** The format alone, all days into one payload, beside `JSON.parse` of the same bodies. */
function formatTime(format: "series" | "rows", count: number): { ms: number; toParse: number } {
  const rounds = Array.from({ length: 3 }, () => {
    const { answers, parse } = daysOf(count);
    const payload = collector[format]();
    const began = performance.now();
    for (const answer of answers) payload.add(answer);
    payload.payload();
    const ms = performance.now() - began;
    return { ms, toParse: ms / parse };
  });
  return { ms: median(rounds.map(({ ms }) => ms)), toParse: median(rounds.map(({ toParse }) => toParse)) };
}

/** Runs a range in a process with such a heap; undefined where it did not fit. */
async function run(task: Task, heapMb: number): Promise<Seen | undefined> {
  const node = [`--max-old-space-size=${heapMb}`, "--expose-gc", "--import", "tsx", resolve(__dirname, "range/run.ts")];
  const child = spawn(process.execPath, [...node, JSON.stringify(task)], { stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  child.stdout.on("data", (more) => {
    text += more;
  });
  await once(child, "close");
  const line = text.split("\n").find((each) => each.startsWith("{"));
  return line === undefined ? undefined : Seen.parse(JSON.parse(line));
}

/** The smallest heap, MB, in which it succeeds, by halving. */
async function smallestHeap(task: Task): Promise<number> {
  let [fails, fits] = [0, LARGEST / STEP];
  while (fits - fails > 1) {
    const middle = (fails + fits) >> 1;
    if (await run(task, middle * STEP)) fits = middle;
    else fails = middle;
  }
  if (fits === LARGEST / STEP) throw new Error(`${JSON.stringify(task)} does not succeed in any heap.`);
  return fits * STEP;
}

async function memory(host: string): Promise<Check[]> {
  const task = (range: Range): Task => ({ host, ...range });
  const table: Record<string, object> = {};
  const measure = async (what: string, range: Range, least: number) => {
    const heap = (await smallestHeap(task(range))) - least;
    const { resultMb = 0, blockMs = 0 } = (await run(task(range), LARGEST)) ?? {};
    table[what] = {
      "result MB": Math.round(resultMb),
      "heap above one day's, MB": heap,
      "longest block ms": Math.round(blockMs),
    };
    return { heap, resultMb, blockMs };
  };
  const one = { format: "series", deliver: "one", days: 1, channels: 1 } as const;
  const least = await smallestHeap(task(one));
  const series = await measure("a year to series", { ...one, days: YEAR }, least);
  const rows = await measure("a year to rows", { ...one, format: "rows", days: YEAR }, least);
  const each = await measure("a year, a message each", { ...one, deliver: "each", days: YEAR }, least);
  const long = (await run(task({ ...one, days: 2000 }), 2 * LARGEST)) ?? { blockMs: Number.NaN };
  table["2000 days to series"] = { "longest block ms": Math.round(long.blockMs) };
  console.table(table);
  return [
    check("a year to series: MB of heap above the result", series.heap - series.resultMb, "<=", 30),
    check("a year to rows: MB of heap above the result", rows.heap - rows.resultMb, "<=", 30),
    check("a year, a message each: MB of heap", each.heap, "<=", 20),
    check("a year to series: longest block, ms", series.blockMs, "<=", 50),
    check("a year to rows: longest block, ms", rows.blockMs, "<=", 50),
    check("2000 days to series: longest block, ms", long.blockMs, "<=", 50),
  ];
}

function time(): Check[] {
  const table: Record<string, object> = {};
  const measured = (format: "series" | "rows") =>
    [YEAR, 1000, 2000].map((days) => {
      const { ms, toParse } = formatTime(format, days);
      table[`${days} days to ${format}`] = { ms: Math.round(ms), "to JSON.parse": toParse.toFixed(2) };
      return { ms, toParse, perDay: ms / days };
    });
  formatTime("rows", 100);
  const [series, rows] = [measured("series"), measured("rows")];
  console.table(table);
  const growth = (list: { perDay: number }[]) => (list.at(-1)?.perDay ?? Number.NaN) / (list[0]?.perDay ?? Number.NaN);
  return [
    ...series.map(({ toParse }, n) =>
      check(`${[YEAR, 1000, 2000][n]} days to series, format alone: time to that of JSON.parse`, toParse, "<=", 2),
    ),
    check("series of 2000 days: time a day, to that of 365 days (linear)", growth(series), "<=", 2),
    check("rows of 2000 days: time a day, to that of 365 days (linear)", growth(rows), "<=", 2),
  ];
}

async function main(): Promise<void> {
  const server = fork(resolve(__dirname, "range/server.ts"));
  const [address]: AddressInfo[] = await once(server, "message");
  const checks = [...time(), ...(await memory(`127.0.0.1:${address?.port}`))];
  server.disconnect();
  finish(checks);
}

void main();
