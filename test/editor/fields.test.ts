/** The dialogs' checks and previews; each text is its key and values. syntax.browser.ts tests which texts a field accepts. */
import assert from "node:assert/strict";
import {
  checkBaseUrl,
  checkBroadcast,
  checkHost,
  checkNumber,
  checkTimezone,
  checkUdpPort,
  checkUid,
} from "../../src/editor/checks.js";
import { describe as describeTimes } from "../../src/editor/preview.js";
import { parseTime, periodAt, periodsBetween, checkTimezone as requireTimezone } from "../../src/lib/data/calendar.js";

const shown = (key: string, values = {}) => [key.split(":")[1], ...Object.values(values)].join(" ");
Object.assign(globalThis, { RED: { _: shown, utils: { validateTypedProperty: () => true } } });

function isValidZone(timezone: string): boolean {
  try {
    return Boolean(requireTimezone(timezone, "CEMM"));
  } catch {
    return false;
  }
}

const UNIT = { min: 0, max: 1 };
const VARIABLE = ["$", "{NAME}"].join("");
const ZONE = "Europe/Amsterdam";

describe("dialog fields", () => {
  it("accept an environment variable, and may be empty", () => {
    const checks = [checkHost, checkUid, checkBaseUrl, checkTimezone, checkUdpPort, checkBroadcast, checkNumber(UNIT)];
    for (const check of checks) assert.deepEqual([check(VARIABLE), check("")], [true, true]);
  });

  it("accept the same time zones as the runtime", () => {
    for (const timezone of ["Europe/Amsterdam", "UTC", "Mars/Olympus", "nowhere"])
      assert.equal(checkTimezone(timezone) === true, isValidZone(timezone), timezone);
  });

  it("check numbers, ports and broadcast addresses", () => {
    assert.equal(checkNumber(UNIT)("2"), "wrong.number 0 1");
    assert.equal(checkNumber(UNIT)("x"), "wrong.number 0 1");
    assert.equal(checkNumber(UNIT)("0.5"), true);
    assert.equal(checkNumber({ ...UNIT, isWhole: true })("0.5"), "wrong.wholeNumber 0 1");
    assert.equal(checkUdpPort("9777"), true);
    assert.equal(checkUdpPort("0"), "wrong.port");
    assert.equal(checkBroadcast("192.168.1.255, 10.0.0.255"), true);
    assert.equal(checkBroadcast("192.168.1.256"), "wrong.broadcast");
  });
});

describe("the history preview", () => {
  const str = (value: string) => ({ value, type: "str" });
  const ask = (unit: "day" | "month" | "year", from: string, to: string) =>
    describeTimes({ unit, from: str(from), to: str(to), deliver: "one", timezone: ZONE });

  it("counts periods as the runtime does, also with days of 23 and 25 hours", () => {
    for (const [unit, from, to] of [
      ["day", "2026-03-28", "2026-03-30"],
      ["day", "2026-10-24", "2026-10-26"],
      ["day", "2024-02-28", "2024-03-01"],
      ["month", "2025-11-30", "2026-02-01"],
      ["year", "2020", "2026-12-31"],
    ] as const) {
      const period = (time: string) => periodAt(unit, parseTime(time, ZONE), ZONE);
      const periods = periodsBetween(period(from), period(to));
      assert.match(ask(unit, from, to), new RegExp(` preview\\.${unit}s ${periods.length}$`), `${from} ${to}`);
    }
  });

  it("uses the CEMM's time zone, not the browser's", () => {
    const moment = String(Date.UTC(2026, 0, 1, 23, 30));
    const at = (timezone: string) => describeTimes({ unit: "day", from: str(moment), deliver: "one", timezone });
    assert.equal(at("UTC"), "2026-01-01");
    assert.equal(at("Europe/Amsterdam"), "2026-01-02");
    assert.equal(at("America/New_York"), "2026-01-01");
  });

  it("names the message property that sets the time", () => {
    const from = { value: "from", type: "msg" };
    assert.equal(describeTimes({ unit: "day", from, deliver: "one", timezone: ZONE }), "preview.dayLater msg.from");
    assert.equal(
      describeTimes({ unit: "year", from: str(VARIABLE), deliver: "one", timezone: ZONE }),
      `preview.yearLater ${VARIABLE}`,
    );
    const range = describeTimes({ unit: "day", from, to: str("2026-03-29"), deliver: "each", timezone: ZONE });
    assert.equal(range, "preview.range.each msg.from 2026-03-29 preview.open");
  });

  it("explains why nothing can be requested", () => {
    assert.equal(ask("day", "2026-03-02", "2026-03-01"), "preview.backwards");
    assert.equal(ask("day", "2000", "2026"), "preview.tooMany 9498 4000");
    assert.equal(ask("day", "soon", "2026"), "");
  });
});
