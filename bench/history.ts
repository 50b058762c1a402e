/** What it costs to make a series of a day's answer, measured against `JSON.parse` of the same text. */
import { ApiPromise, History, periodAt, readHistory, toSeries } from "./support/built.js";
import { wireText } from "./support/fixture.js";
import { median, ratio } from "./support/measure.js";
import { type Check, check, finish } from "./support/report.js";

const ROUNDS = 300;
/** One of them is too short to be timed. */
const DAYS_A_ROUND = 10;
/** Within the day of the fixtures. */
const TIME = 1_496_242_535_000;

const period = periodAt("day", TIME, "Europe/Amsterdam");

/** All that the client and the history node do with a body: see `api.ts`, `client.ts`, `cemm-history.ts` in `src`. */
function toDaySeries(text: string): unknown {
  const raw: unknown = JSON.parse(text);
  if (ApiPromise.safeParse(raw).success) throw new Error("It is only promised.");
  const { data } = History.parse(raw);
  const { channels, unusable, badNames } = readHistory(data, period, Date.now());
  const answer = {
    kind: "day",
    age: null,
    stale: false,
    suspects: [],
    source: "cloud",
    uid: "",
    alias: "p1",
    ioId: 1,
    period,
    unusable,
    badNames,
    raw,
  } as const;
  return toSeries([{ ...answer, requestedAt: 0, receivedAt: 0, channels }]);
}

/** Microseconds that one `work` takes. */
function time(work: () => unknown): number {
  const start = performance.now();
  for (let n = 0; n < DAYS_A_ROUND; n++) work();
  return ((performance.now() - start) * 1000) / DAYS_A_ROUND;
}

function measure(text: string): { parse: number[]; series: number[] } {
  const rounds = Array.from({ length: ROUNDS }, () => ({
    parse: time(() => JSON.parse(text)),
    series: time(() => toDaySeries(text)),
  }));
  return { parse: rounds.map(({ parse }) => parse), series: rounds.map(({ series }) => series) };
}

const table: Record<string, unknown> = {};

function compare(day: string, fixture: string): Check {
  const text = wireText(fixture);
  const pairs = Object.values(History.parse(JSON.parse(text)).data).flat().length;
  measure(text);
  const { parse, series } = measure(text);
  table[day] = {
    pairs,
    bytes: text.length,
    "JSON.parse, µs": Math.round(median(parse)),
    "to a series, µs": Math.round(median(series)),
  };
  return check(`a day of ${day}: body to series, against JSON.parse of it`, ratio(series, parse), "<=", 2);
}

const checks = [compare("electricity", "cloud/day-p1"), compare("gas", "cloud/day-p1-gas-dsmr5")];
console.log(`Medians of ${ROUNDS} rounds`);
console.table(table);
finish(checks);
