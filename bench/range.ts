/** What a range of days costs: time against `JSON.parse` of the same bodies, the loop's longest block, and memory. */
import { once } from "node:events";
import { resolve } from "node:path";
import { Seen, type Task } from "./range/run.js";
import { dayBody } from "./range/server.js";
import { collector, History, periodAt, readHistory } from "./support/built.js";
import { median } from "./support/measure.js";
import { inOwnProcess } from "./support/own-process.js";
import { type Check, check, finish } from "./support/report.js";
import { type StartedServer, startServer } from "./support/start-server.js";

const FIRST = Date.UTC(2020, 0, 1);
const DAY = 86_400_000;
const YEAR = 365;
const LENGTHS = [YEAR, 1000, 2000];
const ROUNDS = 3;
/** The smallest heap is searched for in steps of this, MB. */
const STEP = 8;
/** Enough for one period. */
const SMALL = 64;
const LARGE = 2048;
/** What a range may take above its result, and where a message each is sent, MB. */
const ABOVE = 30;
const EACH = 20;
/** Maximum time that the event loop is blocked, ms. */
const BLOCK = 50;

type Payload = ReturnType<(typeof collector)["series" | "rows"]>;

/** Answers of as many days, and how long `JSON.parse` takes for their bodies, ms. */
function daysOf(count: number): { answers: Parameters<Payload["add"]>[0][]; parse: number } {
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
    return {
      ...origin,
      channels,
      unusable,
      badNames: [],
      period,
      suspects: [],
      age: null,
      stale: false,
      raw: undefined,
    };
  });
  return { answers, parse };
}

/** All days into one payload, ms. */
function formatTime(payload: Payload, { answers }: ReturnType<typeof daysOf>): number {
  const began = performance.now();
  for (const answer of answers) payload.add(answer);
  payload.payload();
  return performance.now() - began;
}

/** The formats alone, beside `JSON.parse` of the same bodies. */
function time(): Check[] {
  const table: Record<string, object> = {};
  const measured = LENGTHS.map((days) => {
    const rounds = Array.from({ length: ROUNDS }, () => {
      const made = daysOf(days);
      const [series, rows] = [formatTime(collector.series(), made), formatTime(collector.rows(), made)];
      return { series, rows, toParse: series / made.parse, rowsToParse: rows / made.parse };
    });
    const of = (key: "series" | "rows" | "toParse" | "rowsToParse") => median(rounds.map((round) => round[key]));
    const [series, rows, toParse] = [of("series"), of("rows"), of("toParse")];
    table[`${days} days`] = {
      "to series, ms": Math.round(series),
      "to JSON.parse": toParse.toFixed(2),
      "to rows, ms": Math.round(rows),
      "rows to JSON.parse": of("rowsToParse").toFixed(2),
    };
    return { days, toParse, series: series / days, rows: rows / days };
  });
  console.table(table);
  const growth = (format: "series" | "rows") =>
    (measured.at(-1)?.[format] ?? Number.NaN) / (measured[0]?.[format] ?? Number.NaN);
  return [
    ...measured.map(({ days, toParse }) =>
      check(`${days} days to series, format alone: time to that of JSON.parse`, toParse, "<=", 2),
    ),
    check("2000 days to series: time a day, to that of 365 days (linear)", growth("series"), "<=", 2),
    check("2000 days to rows: time a day, to that of 365 days (linear)", growth("rows"), "<=", 2),
  ];
}

/** Runs a range in a process with such a heap; undefined where it did not fit. */
function run(task: Task, heapMb: number): Promise<Seen | undefined> {
  const heap = [`--max-old-space-size=${heapMb}`, "--expose-gc"];
  return inOwnProcess(resolve(__dirname, "range/run.ts"), task, Seen, heap);
}

/** The smallest heap, MB, in which it succeeds: more than `fails`, and perhaps not more than `fits`. */
async function smallestHeap(task: Task, fails: number, fits: number): Promise<number> {
  while (!(await run(task, fits))) {
    if (fits > LARGE) throw new Error(`${JSON.stringify(task)} does not succeed in any heap.`);
    [fails, fits] = [fits, fits * 2];
  }
  while (fits - fails > STEP) {
    const middle = fails + STEP * Math.ceil((fits - fails) / STEP / 2);
    if (await run(task, middle)) fits = middle;
    else fails = middle;
  }
  return fits;
}

async function memory(host: string): Promise<Check[]> {
  const table: Record<string, object> = {};
  const day = { host, format: "series", deliver: "one", days: 1, channels: 1, rounds: 1 } as const;
  const min = await smallestHeap(day, 0, SMALL);
  const measure = async (what: string, range: Partial<Task>) => {
    const task: Task = { ...day, days: YEAR, ...range };
    const { resultMb = Number.NaN, blockMs = Number.NaN } = (await run({ ...task, rounds: ROUNDS }, LARGE)) ?? {};
    const max = STEP * Math.ceil((resultMb + ABOVE) / STEP);
    const heap = (await smallestHeap(task, min - STEP, min + max)) - min;
    table[what] = {
      "result, MB": Math.round(resultMb),
      "heap above one day's, MB": heap,
      "longest block, ms": Math.round(blockMs),
    };
    return { above: heap - resultMb, heap, blockMs };
  };
  const series = await measure("a year to series", {});
  const rows = await measure("a year to rows", { format: "rows" });
  const each = await measure("a year, a message each", { deliver: "each" });
  const long = (await run({ ...day, days: 2000, rounds: ROUNDS }, LARGE)) ?? { blockMs: Number.NaN };
  table["2000 days to series"] = { "longest block, ms": Math.round(long.blockMs) };
  console.table(table);
  return [
    check("a year to series: MB of heap above the result", series.above, "<=", ABOVE),
    check("a year to rows: MB of heap above the result", rows.above, "<=", ABOVE),
    check("a year, a message each: MB of heap", each.heap, "<=", EACH),
    check("a year to series: longest block, ms", series.blockMs, "<=", BLOCK),
    check("a year to rows: longest block, ms", rows.blockMs, "<=", BLOCK),
    check("2000 days to series: longest block, ms", long.blockMs, "<=", BLOCK),
  ];
}

/** A year of seven channels does not fit into one message. */
async function tooMuch({ hosts, child }: StartedServer): Promise<Check[]> {
  const asked = async (): Promise<number> => {
    child.send("days");
    const [days]: number[] = await once(child, "message");
    return days ?? Number.NaN;
  };
  const before = await asked();
  const task = { host: hosts[0] ?? "", format: "series", deliver: "one", days: YEAR, channels: 7, rounds: 1 } as const;
  const { code } = (await run(task, LARGE)) ?? {};
  // One day was asked for to warm up.
  const days = (await asked()) - before - 1;
  return [
    check("a year of 7 channels to series: CEMM_INPUT", Number(code === "CEMM_INPUT"), ">=", 1),
    check("a year of 7 channels to series: days that were asked for", days, "<=", 1),
  ];
}

async function main(): Promise<void> {
  const server = await startServer(resolve(__dirname, "range/server.ts"));
  const checks = [...time(), ...(await memory(server.hosts[0] ?? "")), ...(await tooMuch(server))];
  server.stop();
  finish(checks);
}

void main();
