/** Whether a counter is trusted, compared with its last trusted reading. */
import assert from "node:assert/strict";
import { readReadings } from "../../../src/lib/data/channels.js";
import { CounterGuard } from "../../../src/lib/data/counter-guard.js";

const AT = Date.UTC(2026, 5, 10, 12);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const YEAR = 365 * 24 * HOUR;

type Reading = [channel: string, after: number, value: number, arrival?: number];

/** What the guard finds in these readings, which arrive when they were measured unless stated. */
function check(...readings: Reading[]): string[] {
  const guard = new CounterGuard();
  return readings.map(([channel, after, value, at = Math.max(after, 0)]) => {
    const { channels } = readReadings({ [channel]: [AT + after, value] }, "totals");
    const { suspects, newCounters } = guard.check(channels, AT + at, at);
    return [...suspects.map(({ problem }) => problem), ...newCounters.map(() => "new counter")].join();
  });
}

const at = (channel: string, ...readings: [after: number, value: number, arrival?: number][]): string[] =>
  check(...readings.map((reading): Reading => [channel, ...reading]));

describe("a counter", () => {
  it("is trusted while it continues", () => {
    assert.deepEqual(at("t1", [0, 100], [HOUR, 103], [2 * HOUR, 103]), ["", "", ""]);
  });

  it("is suspect if it rises faster than 55 kW, 25 m³/h of gas or 10 m³/h of water", () => {
    assert.deepEqual(at("t2", [0, 100], [HOUR, 154]), ["", ""]);
    assert.deepEqual(at("t2", [0, 100], [HOUR, 156]), ["", "jumped"]);
    assert.deepEqual(at("gas", [0, 100], [HOUR, 124]), ["", ""]);
    assert.deepEqual(at("gas", [0, 100], [HOUR, 126]), ["", "jumped"]);
    assert.deepEqual(at("volume", [0, 100], [HOUR, 109]), ["", ""]);
    assert.deepEqual(at("volume", [0, 100], [HOUR, 111]), ["", "jumped"]);
  });

  it("may rise by an hour of gas at once, since a smart meter reads it hourly", () => {
    assert.deepEqual(at("gas", [0, 100], [10 * SECOND, 102]), ["", ""]);
  });

  it("that was misread stays suspect until it continues from the last trusted reading", () => {
    const misread = Array.from({ length: 9 }, (_, n): [number, number] => [(n + 1) * 10 * SECOND, 600]);
    const found = at("t1", [0, 100], ...misread, [100 * SECOND, 100.1], [110 * SECOND, 100.1]);
    assert.deepEqual(found, ["", ...misread.map(() => "jumped"), "", ""]);
  });

  it("that drops to zero once is suspect only that once", () => {
    assert.deepEqual(at("t1", [0, 413.5], [MINUTE, 0], [2 * MINUTE, 413.6]), ["", "fell", ""]);
  });

  it("of a new meter is trusted after 15 minutes and three readings, and reported as new once", () => {
    const found = at("t1", [0, 413.5], [MINUTE, 0.1], [9 * MINUTE, 0.2], [16 * MINUTE, 0.3], [17 * MINUTE, 0.4]);
    assert.deepEqual(found, ["", "fell", "fell", "new counter", ""]);
    assert.deepEqual(at("t1", [0, 413.5], [HOUR, 0.1], [2 * HOUR, 0.2]), ["", "fell", "fell"], "two readings");
    const quick = at("t1", [0, 413.5], [MINUTE, 0.1], [2 * MINUTE, 0.2], [3 * MINUTE, 0.3], [4 * MINUTE, 0.4]);
    assert.deepEqual(quick, ["", "fell", "fell", "fell", "fell"], "three minutes");
  });

  it("is not trusted again because of one repeated reading, such as gas that is misread for an hour", () => {
    const same = Array.from({ length: 60 }, (_, n): [number, number, number] => [HOUR, 700, HOUR + n * MINUTE]);
    const found = at("gas", [0, 100], ...same, [2 * HOUR, 101]);
    assert.deepEqual(found, ["", ...same.map(() => "jumped"), ""]);
  });

  it("that keeps jumping is not trusted", () => {
    const wild = Array.from({ length: 8 }, (_, n): [number, number] => [(n + 1) * 10 * MINUTE, n % 2 ? 9000 : 50]);
    assert.equal(at("t1", [0, 413.5], ...wild).includes("new counter"), false);
  });

  it("is trusted after an outage, by the device's time, and after a clock was set back, by this machine's", () => {
    assert.deepEqual(at("t1", [0, 100, 3 * HOUR], [3 * HOUR, 104, 3 * HOUR + 10 * SECOND]), ["", ""]);
    assert.deepEqual(at("t1", [YEAR, 100, 0], [HOUR, 102, HOUR]), ["", ""]);
  });

  it("is suspect if it jumps with a date far ahead", () => {
    assert.deepEqual(at("t1", [0, 100], [YEAR, 600, MINUTE]), ["", "jumped"]);
  });

  it("may arrive late, by another route", () => {
    assert.deepEqual(at("t1", [0, 100.2], [-2 * MINUTE, 100], [MINUTE, 100.3]), ["", "", ""]);
  });

  it("is suspect if arriving late does not explain it: a larger fall, a clock that was set back, a zero", () => {
    assert.deepEqual(at("t1", [0, 110], [-2 * MINUTE, 100]), ["", "fell"]);
    assert.deepEqual(at("t1", [0, 100], [-2 * HOUR, 99.9]), ["", "fell"]);
    assert.deepEqual(at("t1", [0, 413.5], [-MINUTE, 0]), ["", "fell"]);
    assert.deepEqual(at("t1", [0, 100], [-20 * YEAR, 900]), ["", "jumped"]);
    assert.deepEqual(at("t1", [0, 100], [-MINUTE, 102]), ["", "jumped"]);
  });

  it("may fall if it is net import", () => {
    assert.deepEqual(at("electric_energy", [0, 100], [MINUTE, -100]), ["", ""]);
  });
});
