/** How the page writes dates, numbers and texts in each language, and what it exports. */
import assert from "node:assert/strict";
import { toCsv } from "../../src/page/csv.js";
import { dayAt, inUnit, shift, unitOf } from "../../src/page/dates.js";
import { Formats } from "../../src/page/numbers.js";
import { periodName } from "../../src/page/period-names.js";
import { chooseLocale, LANGUAGES, languageOf, translator } from "../../src/page/texts.js";
import { LANGUAGES as NODES_LANGUAGES } from "../support/languages.js";

const ZONE = "Europe/Amsterdam";
/** Replaces non-breaking spaces. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("the page's texts", () => {
  it("exist in every language, with the same placeholders", () => {
    const names = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    const english: Record<string, string> = LANGUAGES.en ?? {};
    for (const [language, texts] of Object.entries(LANGUAGES)) {
      assert.deepEqual(Object.keys(texts).sort(), Object.keys(english).sort(), language);
      for (const [key, text] of Object.entries(english))
        assert.deepEqual(
          names(Object.entries(texts).find(([each]) => each === key)?.[1] ?? ""),
          names(text),
          `${language} ${key}`,
        );
    }
  });

  it("exist in every language of the nodes", () => {
    assert.deepEqual(Object.keys(LANGUAGES).sort(), NODES_LANGUAGES.map(languageOf).sort());
  });

  it("use the first known language of the browser, otherwise English", () => {
    assert.equal(chooseLocale(["xx-BE", "nl-BE", "en"]), "nl-BE");
    assert.equal(chooseLocale(["xx"]), "en-US");
    assert.equal(translator("de-CH")("sold"), "Eingespeist");
    assert.equal(translator("nl")("now.stale", { time: "17:12" }), "laatst gezien 17:12");
  });
});

describe("the page's dates", () => {
  it("have the unit that their length implies, and none if they are invalid", () => {
    assert.deepEqual(["2026", "2026-11", "2026-11-28"].map(unitOf), ["year", "month", "day"]);
    for (const text of ["", "26", "2026-13", "2026-02-29", "2026-11-28T10", "tomorrow"])
      assert.equal(unitOf(text), undefined);
    assert.equal(unitOf("2028-02-29"), "day");
  });

  it("move one on or back, across months and years", () => {
    assert.equal(shift("2026-12-31", 1), "2027-01-01");
    assert.equal(shift("2028-03-01", -1), "2028-02-29");
    assert.equal(shift("2027-01", -1), "2026-12");
    assert.equal(shift("2026", 1), "2027");
  });

  it("convert up to the surrounding period, and down to today if it is inside, otherwise to the first", () => {
    const today = "2026-11-28";
    assert.equal(inUnit("2026-03-14", "month", today), "2026-03");
    assert.equal(inUnit("2026-11", "day", today), today);
    assert.equal(inUnit("2025", "day", today), "2025-01-01");
    assert.equal(inUnit("2026", "month", today), "2026-11");
  });

  it("are in the house's time zone, not the browser's", () => {
    assert.equal(dayAt(Date.parse("2026-11-28T23:30:00Z"), ZONE), "2026-11-29");
    assert.equal(dayAt(Date.parse("2026-11-28T23:30:00Z"), "America/Lima"), "2026-11-28");
  });

  it("are written as is usual in each language", () => {
    assert.equal(periodName("2026-11-28", "en-GB"), "Saturday, 28 November 2026");
    assert.equal(periodName("2026-11-28", "nl"), "zaterdag 28 november 2026");
    assert.equal(periodName("2026-11", "de"), "November 2026");
    assert.equal(periodName("2026", "de"), "2026");
  });
});

describe("the page's numbers", () => {
  const english = new Formats("en-GB", ZONE);
  const german = new Formats("de", ZONE);

  it("have three significant digits", () => {
    assert.deepEqual(
      [0, 0.04, 4.281, 12.43, 1018.2, -1.816].map((kWh) => english.energy(kWh)),
      ["0.00 kWh", "0.04 kWh", "4.28 kWh", "12.4 kWh", "1,018 kWh", "−1.82 kWh"],
    );
    assert.equal(german.energy(1018.2), "1.018 kWh");
  });

  it("have no negative zero", () => {
    assert.equal(english.power(-0.4), "0 W");
    assert.equal(english.energy(-0.001), "0.00 kWh");
    assert.equal(english.money(-0.001), "€0.00");
  });

  it("show water below a cubic metre in litres, peaks in kilowatts, money in euros", () => {
    assert.equal(english.figure("water", 0.0804), "80 L");
    assert.equal(english.figure("water", 2.486), "2.49 m³");
    assert.equal(english.figure("gas", 0.25), "0.25 m³");
    assert.equal(english.peak(4312), "4.31 kW");
    assert.equal(plain(german.money(-3.606)), "−3,61 €");
  });

  it("show a change in percent", () => {
    assert.equal(english.change(3.8, 4.3), "−12%");
    assert.equal(plain(german.change(5, 4)), "+25 %");
    assert.equal(english.change(4, 4), "0%");
  });

  it("show the date with a time of another day", () => {
    const time = Date.parse("2026-11-28T16:12:00Z");
    assert.equal(english.moment(time, "2026-11-28"), "17:12");
    assert.equal(english.moment(time, "2026-11-29"), "28 Nov, 17:12");
  });
});

describe("the page's export", () => {
  const rows = [
    ["Dag", "Afgenomen (kWh)", "Naam"],
    ["2026-11-27", 4.2854, 'a "b"'],
    ["2026-11-28", null, "=1+1"],
  ];

  it("uses the separators of the reader's language", () => {
    assert.equal(
      toCsv(rows, "nl"),
      '\uFEFFDag;Afgenomen (kWh);Naam\r\n2026-11-27;4,285;"a ""b"""\r\n2026-11-28;;\'=1+1\r\n',
    );
    assert.equal(toCsv(rows.slice(0, 2), "en-US"), '\uFEFFDag,Afgenomen (kWh),Naam\r\n2026-11-27,4.285,"a ""b"""\r\n');
  });
});
