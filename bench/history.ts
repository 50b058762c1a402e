/** A day's body to a series, compared to `JSON.parse` of the same text. */
import { wireText } from "./support/bodies.js";
import { periodAt, toSeries } from "./support/built.js";
import { dayAnswer } from "./support/day.js";
import { median, ratio } from "./support/measure.js";
import { bench, type Check, check, table } from "./support/report.js";

const ROUNDS = 300;
/** One day is too short to be timed. */
const DAYS_A_ROUND = 10;
/** The day of the fixtures. */
const PERIOD = periodAt("day", 1_496_242_535_000, "Europe/Amsterdam");
const DAYS = { electricity: "cloud/day-p1", gas: "cloud/day-p1-gas-dsmr5" };

/** Microseconds that one `work` takes. */
function time(work: () => unknown): number {
  const start = performance.now();
  for (let n = 0; n < DAYS_A_ROUND; n++) work();
  return ((performance.now() - start) * 1000) / DAYS_A_ROUND;
}

function rounds(text: string): { parse: number[]; series: number[] } {
  const [parse, series]: [number[], number[]] = [[], []];
  for (let n = 0; n < ROUNDS; n++) {
    parse.push(time(() => JSON.parse(text)));
    series.push(time(() => toSeries([dayAnswer(text, PERIOD)])));
  }
  return { parse, series };
}

bench(async () => {
  const rows: Record<string, Record<string, number>> = {};
  const checks: Check[] = [];
  for (const [day, fixture] of Object.entries(DAYS)) {
    const text = wireText(fixture);
    // Warms up the compiler.
    rounds(text);
    const { parse, series } = rounds(text);
    rows[day] = { "JSON.parse, µs": median(parse), "to a series, µs": median(series) };
    checks.push(check(`a day of ${day}: body to series, relative to JSON.parse`, ratio(series, parse), "<=", 2));
  }
  table(rows);
  return checks;
});
