/** What cemm-page keeps of each day: today, the readings at midnight, and which days it still has to request. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer } from "../../src/lib/data/answer.js";
import { periodAt } from "../../src/lib/data/calendar.js";
import type { HouseMeter } from "../../src/lib/energy/house.js";
import { DayBook, type MissingDay } from "../../src/nodes/page/day-book.js";
import { LineFile } from "../../src/nodes/page/line-file.js";
import { Today } from "../../src/nodes/page/today.js";

const ZONE = "Europe/Amsterdam";
const NOON = Date.parse("2026-06-16T12:00+02:00");
const P1: HouseMeter = { alias: "p1", role: "grid", name: null };
const SUN: HouseMeter = { alias: "s01", role: "solar", name: null };
const RECORDED = { taken: [60_000], given: [0], minutes: 15 };

const failed = (error: unknown) => assert.fail(String(error));
const noFile = () => new LineFile(undefined, failed);
const dateOf = (missing: MissingDay | undefined) => missing && `${missing.alias} ${missing.date}`;

function bookOf(...meters: HouseMeter[]): DayBook {
  const book = new DayBook(noFile(), ZONE);
  book.setMeters(meters);
  return book;
}

/** Answers every request as `recorded` says, until none is left; returns how many there were. */
function fill(book: DayBook, recorded: (missing: MissingDay) => boolean): number {
  for (let count = 0; ; count++) {
    const missing = book.next(NOON);
    if (!missing) return count;
    book.keep(missing, recorded(missing) ? RECORDED : null);
  }
}

describe("past days", () => {
  it("are requested newest first, all meters of a day before the previous day", () => {
    const book = bookOf(P1, SUN);
    const asked: (string | undefined)[] = [];
    for (let n = 0; n < 4; n++) {
      const missing = book.next(NOON) ?? assert.fail();
      asked.push(dateOf(missing));
      book.keep(missing, RECORDED);
    }
    assert.deepEqual(asked, ["p1 2026-06-15", "s01 2026-06-15", "p1 2026-06-14", "s01 2026-06-14"]);
  });

  it("are requested from ten minutes after midnight, since the last minutes of a day arrive late", () => {
    const at = (time: string) => dateOf(bookOf(P1).next(Date.parse(time)));
    assert.equal(at("2026-06-16T00:09:59+02:00"), "p1 2026-06-14");
    assert.equal(at("2026-06-16T00:10:00+02:00"), "p1 2026-06-15");
  });

  it("are known once every meter is known", () => {
    const book = bookOf(P1, SUN);
    book.keep(book.next(NOON) ?? assert.fail(), RECORDED);
    assert.equal(book.days().size, 0);
    assert.equal(book.keep(book.next(NOON) ?? assert.fail(), RECORDED), true);
    assert.deepEqual([...book.days().keys()], ["2026-06-15"]);
  });

  it("end where a meter recorded nothing for two months", () => {
    const book = bookOf(P1, SUN);
    // The panels are younger than the smart meter.
    const asked = fill(book, ({ alias, date }) => date >= (alias === "p1" ? "2026-01-01" : "2026-06-01"));
    assert.equal(asked, 166 + 62 + 15 + 62);
    assert.equal(book.firstDay("2026-06-16"), "2026-01-01");
    assert.equal(book.days().get("2026-02-01")?.isComplete, true);
    assert.equal(book.days().get("2026-02-01")?.solar, null);
  });

  it("are requested again for a new meter", () => {
    const book = bookOf(P1);
    fill(book, ({ date }) => date >= "2026-06-01");
    book.setMeters([P1, SUN]);
    assert.equal(dateOf(book.next(NOON)), "s01 2026-06-15");
  });

  it("skip a day that cannot be read", () => {
    const book = bookOf(P1);
    const first = book.next(NOON) ?? assert.fail();
    book.keep(first, null, false);
    assert.equal(dateOf(book.next(NOON)), "p1 2026-06-14");
  });
});

describe("the file of days", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "cemm-page-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("skips invalid lines, and continues after a line that was cut off", async () => {
    const path = join(folder, "lines.jsonl");
    writeFileSync(path, '{"a":1}\nnull]\n{"a":2}\n{"a":');
    const file = new LineFile(path, failed);
    assert.deepEqual(await file.read(), [{ a: 1 }, { a: 2 }]);
    file.append({ a: 3 });
    await file.written();
    assert.deepEqual(await file.read(), [{ a: 1 }, { a: 2 }, { a: 3 }]);
    file.replace([{ a: 4 }]);
    await file.written();
    assert.equal(readFileSync(path, "utf8"), '{"a":4}\n');
  });

  it("starts over if it is of another time zone", async () => {
    const path = join(folder, "zone.jsonl");
    const write = async (zone: string) => {
      const file = new LineFile(path, failed);
      const book = new DayBook(file, zone);
      await book.load();
      book.setCemm("00-1E-C0-00-00-01");
      book.setMeters([P1]);
      const known = book.days().size;
      book.keep(book.next(NOON) ?? assert.fail(), RECORDED);
      await file.written();
      return known;
    };
    assert.deepEqual([await write(ZONE), await write(ZONE), await write("Europe/Lisbon")], [0, 1, 0]);
  });

  it("reports an error if it cannot be written, and does not throw", async () => {
    const errors: unknown[] = [];
    const file = new LineFile(join(folder, "lines.jsonl", "no-folder.jsonl"), (error) => errors.push(error));
    file.append({ a: 1 });
    await file.written();
    assert.equal(errors.length, 1);
    assert.deepEqual(await file.read(), []);
  });
});

describe("today", () => {
  const midnight = Date.parse("2026-06-17T00:00+02:00");
  const dayAt = (time: number) => periodAt("day", time, ZONE);

  function live(time: number, t1: number): Answer {
    const channel = (value: number) => ({
      name: "",
      unit: null,
      deviceClass: null,
      stateClass: null,
      stale: false,
      samples: [{ time, value }],
    });
    const channels = { t1: channel(t1), t2: channel(200), electric_power: channel(3600) };
    const asked = { requestedAt: time, receivedAt: time, unusable: [], badNames: [], raw: null, ioId: null };
    return {
      kind: "realtime",
      source: "lan",
      uid: null,
      alias: "p1",
      channels,
      age: 0,
      stale: false,
      suspects: [],
      ...asked,
    };
  }

  it("begins with the registers at midnight, interpolated between the readings before and after it", () => {
    const today = new Today(dayAt(NOON));
    assert.equal(today.addLive(live(midnight - 6000, 100), midnight - 6000), undefined);
    today.begin(dayAt(midnight));
    const opening = today.addLive(live(midnight + 4000, 100.01), midnight + 4000);
    assert.deepEqual([opening?.t1?.toFixed(6), opening?.t2], ["100.006000", 200]);
    assert.equal(today.addLive(live(midnight + 14_000, 100.02), midnight + 14_000), undefined);
  });

  it("counts what the registers counted since then, to the second", () => {
    const today = new Today(dayAt(midnight));
    for (const [time, t1] of [
      [midnight + 10_000, 100.01],
      [midnight + 600_000, 100.6],
    ] as const) {
      today.addLive(live(time, t1), time);
    }
    assert.equal(today.houseDay([P1], { p1: { t1: 100, t2: 200 } }).bought, null, "its minutes are not known yet");
    today.addNothing("p1");
    const day = today.houseDay([P1], { p1: { t1: 100, t2: 200 } });
    assert.deepEqual(
      [day.source, day.until, day.bought?.[0]?.toFixed(6)],
      ["registers", midnight + 600_000, "0.600000"],
    );
    assert.equal(today.houseDay([P1], {}).source, null);
  });
});
