/** A range of days, by format: time compared to `JSON.parse` of the bodies, memory compared to the limit's estimate, and blocks. */
import type { HistoryFormat } from "../src/nodes/shared/formats.js";
import { dayBody } from "./support/bodies.js";
import { HISTORY_FORMATS, periodAt } from "./support/built.js";
import { dayAnswer } from "./support/day.js";
import { EmbeddedNodeRed, TAB } from "./support/embedded-node-red.js";
import { heapMb, longestBlock, median } from "./support/measure.js";
import { bench, check, table } from "./support/report.js";
import { startServer } from "./support/start-server.js";

const FIRST = Date.UTC(2020, 0, 1);
const DAY = 86_400_000;
const YEAR = 365;
const [SHORT, LONG] = [250, 1000];
const ROUNDS = 3;
const SAMPLE_EVERY_MS = 200;

type Rows = Record<string, Record<string, number>>;

type Days = ReturnType<typeof daysOf>;

/** Whole days with one channel, a sample a minute. */
function daysOf(count: number) {
  const starts = Array.from({ length: count }, (_, n) => FIRST + n * DAY);
  const bodies = starts.map((start) => dayBody(start, 1));
  return { bodies, answers: bodies.map((body, n) => dayAnswer(body, periodAt("day", FIRST + n * DAY, "UTC"))) };
}

function msOf(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

/** The format alone: total ms, and the longest step, during which nothing else can run. */
function makePayload(make: HistoryFormat, { answers }: Days): { all: number; longest: number } {
  const collector = make(true);
  const steps = answers.map((answer) => msOf(() => collector.add(answer)));
  steps.push(msOf(() => collector.payload()));
  return { all: steps.reduce((sum, ms) => sum + ms, 0), longest: Math.max(...steps) };
}

function timeOf(make: HistoryFormat, short: Days, long: Days) {
  const rounds = Array.from({ length: ROUNDS }, () => ({
    short: makePayload(make, short),
    long: makePayload(make, long),
    parse: msOf(() => long.bodies.map((body) => JSON.parse(body))),
  }));
  return {
    "ms a day": median(rounds.map(({ long }) => long.all / LONG)),
    "to JSON.parse": median(rounds.map(({ long, parse }) => long.all / parse)),
    growth: median(rounds.map(({ short, long }) => long.all / LONG / (short.all / SHORT))),
    "longest step, ms": median(rounds.map(({ long }) => long.longest)),
  };
}

/** A year's payload in MB, and relative to what the limit of one message expects. */
function sizeOf(make: HistoryFormat) {
  const before = heapMb();
  const collector = make(true);
  for (const answer of daysOf(YEAR).answers) collector.add(answer);
  const expected = collector.bytes() / 1e6;
  const payload = [collector.payload()];
  const held = heapMb() - before;
  // Keeps it alive until here.
  payload.pop();
  return { "payload, MB": held, "to expected": held / expected };
}

/** A year through the node: the longest block, and the most MB held on top of the result. */
async function runOf(nodeRed: EmbeddedNodeRed, id: string, messages: number) {
  const range = { from: FIRST, to: FIRST + (YEAR - 1) * DAY };
  // The first request loads the HTTP client.
  await nodeRed.ask(id, { from: FIRST, to: FIRST });
  const block = await longestBlock(() => nodeRed.ask(id, range, messages));
  let held = heapMb();
  let timer = setTimeout(function sample() {
    held = Math.max(held, heapMb());
    timer = setTimeout(sample, SAMPLE_EVERY_MS);
  }, SAMPLE_EVERY_MS);
  const result = [await nodeRed.ask(id, range, messages)];
  clearTimeout(timer);
  const above = held - heapMb();
  // Keeps it alive until here.
  result.pop();
  return { "longest block, ms": block, "MB above": above };
}

function flowsOf(host: string): object[] {
  const times = { period: "day", time: "from", timeType: "msg", to: "to", toType: "msg" };
  const node = { type: "cemm-history", z: "tab", device: "home", alias: "channels-1", ...times, wires: [["flow-end"]] };
  return [
    ...TAB,
    { id: "home", type: "cemm-device", name: "Home", host, timezone: "UTC" },
    { ...node, id: "in-one", format: "series", deliver: "one" },
    { ...node, id: "day-by-day", format: "series", deliver: "each" },
  ];
}

/** Runs first, with nothing else on the heap. */
async function inNodeRed(): Promise<Rows> {
  const server = await startServer();
  const nodeRed = await EmbeddedNodeRed.start(flowsOf(server.hosts[0] ?? ""));
  const rows = { one: await runOf(nodeRed, "in-one", 1), each: await runOf(nodeRed, "day-by-day", YEAR) };
  await nodeRed.stop();
  server.stop();
  return rows;
}

const maxOf = (rows: Rows, column: string) => Math.max(...Object.values(rows).map((row) => row[column] ?? 0));

bench(async () => {
  const { one = {}, each = {} } = await inNodeRed();
  const sizes = Object.fromEntries([...HISTORY_FORMATS].map(([format, make]) => [format, sizeOf(make)]));
  const [short, long] = [daysOf(SHORT), daysOf(LONG)];
  const times = Object.fromEntries([...HISTORY_FORMATS].map(([format, make]) => [format, timeOf(make, short, long)]));
  table({ "a year to series, in one message": one, "a year to series, day by day": each });
  table(sizes);
  table(times);
  return [
    check("a year, in one message: MB held above the payload", one["MB above"] ?? Number.NaN, "<=", 30),
    check("a year, day by day: MB held", each["MB above"] ?? Number.NaN, "<=", 20),
    check("a year: longest block, ms", maxOf({ one, each }, "longest block, ms"), "<=", 50),
    check("a year to any format: memory to what the limit expects", maxOf(sizes, "to expected"), "<=", 1.1),
    check(`${LONG} days to any format: longest step, ms`, maxOf(times, "longest step, ms"), "<=", 50),
    check(`${LONG} days to series: time to that of JSON.parse`, times.series?.["to JSON.parse"] ?? Number.NaN, "<=", 2),
    check(`${LONG} days to any format: time a day, to that of ${SHORT} days`, maxOf(times, "growth"), "<=", 2),
  ];
});
