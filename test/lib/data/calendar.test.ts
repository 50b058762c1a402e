/** Days, months and years in the meter's time zone. */
import assert from "node:assert/strict";
import { runInNewContext } from "node:vm";
import { CemmClient, type PeriodUnit, periodName } from "../../../src/lib/index.js";

const HOUR = 3_600_000;
const AMSTERDAM = "Europe/Amsterdam";

const clientIn = (timezone: string) => new CemmClient({ host: "127.0.0.1", timezone });
const utc = (text: string) => Date.parse(`${text}Z`);

describe("a period", () => {
  const PERIODS: [what: string, unit: PeriodUnit, time: string, start: string, hours: number, zone?: string][] = [
    ["the page's day", "day", "2017-05-31", "2017-05-30T22:00", 24],
    ["a winter's day", "day", "2026-01-15", "2026-01-14T23:00", 24],
    ["the day that loses an hour", "day", "2026-03-29", "2026-03-28T23:00", 23],
    ["the day that gains an hour", "day", "2026-10-25", "2026-10-24T22:00", 25],
    ["the leap day", "day", "2028-02-29", "2028-02-28T23:00", 24],
    ["the year's last day", "day", "2026-12-31", "2026-12-30T23:00", 24],
    ["the month that loses an hour", "month", "2026-03", "2026-02-28T23:00", 31 * 24 - 1],
    ["the month that gains an hour", "month", "2026-10", "2026-09-30T22:00", 31 * 24 + 1],
    ["February", "month", "2026-02-14", "2026-01-31T23:00", 28 * 24],
    ["February of a leap year", "month", "2028-02", "2028-01-31T23:00", 29 * 24],
    ["December", "month", "2026-12-31", "2026-11-30T23:00", 31 * 24],
    ["a year", "year", "2026", "2025-12-31T23:00", 365 * 24],
    ["a leap year", "year", "2028-06", "2027-12-31T23:00", 366 * 24],
    ["a day at UTC+5:45", "day", "2026-06-01", "2026-05-31T18:15", 24, "Asia/Kathmandu"],
    ["a day west of Greenwich", "day", "2026-07-04", "2026-07-04T04:00", 24, "America/New_York"],
    ["a short day in New York", "day", "2026-03-08", "2026-03-08T05:00", 23, "America/New_York"],
    ["a day of 24.5 hours on Lord Howe", "day", "2026-04-05", "2026-04-04T13:00", 24.5, "Australia/Lord_Howe"],
    ["a day that begins at 01:00", "day", "2018-11-04", "2018-11-04T03:00", 23, "America/Sao_Paulo"],
    ["a day that begins at 01:00, in Cairo", "day", "2026-04-24", "2026-04-23T22:00", 23, "Africa/Cairo"],
    ["the day after the one Samoa skipped", "day", "2011-12-31", "2011-12-30T10:00", 24, "Pacific/Apia"],
    ["UTC", "day", "2026-03-29", "2026-03-29T00:00", 24, "UTC"],
  ];
  for (const [what, unit, time, start, hours, zone = AMSTERDAM] of PERIODS) {
    it(`${what}: ${time} in ${zone}, ${hours} h`, () => {
      const period = clientIn(zone).period(unit, time);
      assert.deepEqual(period, { unit, start: utc(start), end: utc(start) + hours * HOUR, timezone: zone });
    });
  }

  it("includes its first instant, but not that of the next one", () => {
    const client = clientIn(AMSTERDAM);
    for (const unit of ["day", "month", "year"] as const) {
      const { start, end } = client.period(unit, "2026-10-25");
      assert.equal(client.period(unit, start).start, start);
      assert.equal(client.period(unit, end - 1).start, start);
      assert.equal(client.period(unit, end).start, end);
      assert.equal(client.period(unit, start - 1).end, start);
    }
  });

  it("is the current one by default", () => {
    const { start, end } = clientIn(AMSTERDAM).period("year");
    assert.ok(start <= Date.now() && Date.now() < end);
  });

  const AGO: { unit: PeriodUnit; time: string; ago: number; name: string }[] = [
    { unit: "day", time: "2026-03-30", ago: 1, name: "2026-03-29" },
    { unit: "day", time: "2026-03-01", ago: 1, name: "2026-02-28" },
    { unit: "day", time: "2026-01-01", ago: 365, name: "2025-01-01" },
    { unit: "month", time: "2026-03-31", ago: 1, name: "2026-02" },
    { unit: "month", time: "2026-01-01", ago: 1, name: "2025-12" },
    { unit: "year", time: "2028-02-29", ago: 1, name: "2027" },
    { unit: "day", time: "2026-03-30", ago: 0, name: "2026-03-30" },
    { unit: "day", time: "2026-03-30", ago: -1, name: "2026-03-31" },
  ];
  for (const { unit, time, ago, name } of AGO) {
    it(`${ago} ${unit}s before ${time} is ${name}`, () => {
      assert.equal(periodName(clientIn(AMSTERDAM).period(unit, time, ago)), name);
    });
  }

  for (const ago of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e9, -1e9, 1e300]) {
    it(`${ago} days ago is CEMM_INPUT`, () => {
      assert.throws(() => clientIn(AMSTERDAM).period("day", "2026-03-30", ago), { code: "CEMM_INPUT" });
    });
  }
});

describe("a time", () => {
  const noon = utc("2026-03-29T10:00");
  const FORMS: { what: string; time: unknown; is: number }[] = [
    { what: "epoch milliseconds", time: noon, is: noon },
    { what: "epoch seconds", time: noon / 1000, is: noon },
    { what: "epoch seconds with a fraction", time: 1496242535.5, is: 1496242535500 },
    { what: "the smallest number of milliseconds", time: 1e11, is: 1e11 },
    { what: "the epoch", time: 0, is: 0 },
    { what: "epoch milliseconds as text", time: String(noon), is: noon },
    { what: "epoch seconds as text", time: "1496242535", is: 1496242535000 },
    { what: "a Date", time: new Date(noon), is: noon },
    { what: "a Date of another realm", time: runInNewContext(`new Date(${noon})`), is: noon },
    { what: "a year", time: "2026", is: utc("2025-12-31T23:00") },
    { what: "a year as a number", time: 2026, is: utc("2025-12-31T23:00") },
    { what: "a month", time: "2026-04", is: utc("2026-03-31T22:00") },
    { what: "a day", time: "2026-04-01", is: utc("2026-03-31T22:00") },
    { what: "a day between spaces", time: " 2026-04-01\n", is: utc("2026-03-31T22:00") },
    { what: "an instant in UTC", time: "2026-03-29T10:00:00Z", is: noon },
    { what: "an instant with milliseconds", time: "2026-03-29T10:00:00.250Z", is: noon + 250 },
    { what: "an instant with an offset", time: "2026-03-29T12:00:00+02:00", is: noon },
    { what: "an instant with a short offset", time: "2026-03-29T12:00+0200", is: noon },
    { what: "local time", time: "2026-03-29T12:00:00", is: noon },
    { what: "local time, with a space", time: "2026-03-29 12:00", is: noon },
    { what: "a local time that the clock skips", time: "2026-03-29T02:30", is: utc("2026-03-29T01:30") },
    { what: "a local time that comes twice: the first", time: "2026-10-25T02:30", is: utc("2026-10-25T00:30") },
  ];
  for (const { what, time, is } of FORMS) {
    it(`may be ${what}`, () => {
      const client = clientIn(AMSTERDAM);
      assert.deepEqual(client.period("day", time), client.period("day", is));
      const { start, end } = client.period("day", time);
      assert.ok(start <= is && is < end);
    });
  }

  const REFUSED: unknown[] = [
    null,
    {},
    [2026],
    Symbol("now"),
    "",
    "now",
    "2026-3",
    "2026-13",
    "2026-02-30",
    "2026-02-29",
    "29-03-2026",
    "2026-03-29T",
    "2026-03-29T25:00",
    "2026-W13",
    "2026-03-29T12:00:00+99:00",
    "Sun Mar 29 2026",
    "0x7e6",
    "1e12",
    "2026-03-29T10:00Z; DROP",
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    4e13,
    new Date(Number.NaN),
    "9".repeat(400),
  ];
  for (const time of REFUSED) {
    const name = typeof time === "object" ? Object.prototype.toString.call(time) : String(time).slice(0, 30);
    it(`cannot be ${name}: CEMM_INPUT`, () => {
      assert.throws(
        () => clientIn(AMSTERDAM).period("day", time),
        (error: Error) => {
          assert.equal(Reflect.get(error, "code"), "CEMM_INPUT");
          assert.ok(error.message.length < 250);
          return true;
        },
      );
    });
  }
});

describe("a range of periods", () => {
  const names = (unit: PeriodUnit, from: unknown, to: unknown, zone = AMSTERDAM) =>
    clientIn(zone).periods(unit, from, to).map(periodName);

  it("includes both ends", () => {
    assert.deepEqual(names("day", "2026-03-28", "2026-03-30"), ["2026-03-28", "2026-03-29", "2026-03-30"]);
    assert.deepEqual(names("month", "2025-11-30", "2026-02-01"), ["2025-11", "2025-12", "2026-01", "2026-02"]);
    assert.deepEqual(names("year", "2024-12-31", "2026-01-01"), ["2024", "2025", "2026"]);
    assert.deepEqual(names("day", "2026-03-28", "2026-03-28"), ["2026-03-28"]);
  });

  it("has no gaps and no overlaps over a whole year", () => {
    const days = clientIn(AMSTERDAM).periods("day", "2026", "2026-12-31");
    assert.equal(days.length, 365);
    for (const [n, day] of days.slice(1).entries()) assert.equal(day.start, days[n]?.end);
    assert.equal((days.at(-1)?.end ?? 0) - (days[0]?.start ?? 0), 365 * 24 * HOUR);
  });

  // Clocks that change at midnight, more than twice a year, by half an hour, by a whole day, or never.
  const CLOCKS = ["America/Havana", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Tokyo"];
  for (const zone of [AMSTERDAM, ...CLOCKS]) {
    it(`has the same days as single periods, in ${zone}`, () => {
      const client = clientIn(zone);
      const days = client.periods("day", "2010-01-01", "2012-12-31");
      assert.deepEqual(
        days,
        days.map(({ start }) => client.period("day", start)),
      );
      assert.equal(days.length, zone === "Pacific/Apia" ? 3 * 365 : 3 * 365 + 1);
    });
  }

  it("leaves out the day that Samoa skipped", () => {
    assert.deepEqual(names("day", "2011-12-29", "2011-12-31", "Pacific/Apia"), ["2011-12-29", "2011-12-31"]);
  });

  it("has at most 4000 periods", () => {
    const client = clientIn(AMSTERDAM);
    const [from, to] = [client.period("day", "2015-01-01").start, client.period("day", "2025-12-13").start];
    assert.equal(client.periods("day", from, to).length, 4000);
    assert.throws(() => client.periods("day", from, to + 24 * HOUR), { code: "CEMM_INPUT", message: /4001 days/ });
    assert.throws(() => client.periods("day", 0, "2999-01-01"), { code: "CEMM_INPUT" });
  });

  it("that ends before it begins is CEMM_INPUT", () => {
    assert.throws(() => names("day", "2026-03-30", "2026-03-29"), { code: "CEMM_INPUT", message: /ends before/ });
    assert.deepEqual(names("month", "2026-03-30", "2026-03-01"), ["2026-03"], "not within one period");
  });
});

describe("a time zone", () => {
  for (const zone of ["Europe/Atlantis", "Amsterdam", " ", "+25:00", "Europe/Amsterdam; x"]) {
    it(`"${zone}" is CEMM_CONFIG`, () => {
      assert.throws(() => clientIn(zone), { code: "CEMM_CONFIG", message: /IANA/ });
    });
  }

  it("is Europe/Amsterdam by default", () => {
    assert.equal(clientIn("").timezone, AMSTERDAM);
    assert.equal(clientIn("europe/amsterdam").timezone, AMSTERDAM);
  });
});
