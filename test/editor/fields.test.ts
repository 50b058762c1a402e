/** The dialogs' checks and previews against what the run time takes; each text is shown as its key and values. */
import assert from "node:assert/strict";
import {
  checkAlias,
  checkBaseUrl,
  checkBroadcast,
  checkHost,
  checkNumber,
  checkTime,
  checkTimezone,
  checkTyped,
  checkUdpPort,
  checkUid,
} from "../../src/editor/checks.js";
import { describe as describeTimes } from "../../src/editor/preview.js";
import { CemmAccount } from "../../src/lib/account.js";
import { checkAlias as requireAlias } from "../../src/lib/client-options.js";
import { parseTime, periodAt, periodsBetween, checkTimezone as requireTimezone } from "../../src/lib/data/calendar.js";
import { parseHost, parseUid } from "../../src/lib/syntax.js";

type Check = (value: string) => Verdict;

const shown = (key: string, values = {}) => [key.split(":")[1], ...Object.values(values)].join(" ");
Object.assign(globalThis, { RED: { _: shown, utils: { validateTypedProperty: () => true } } });

const accepts = (use: () => unknown): boolean => {
  try {
    return use() !== undefined;
  } catch {
    return false;
  }
};

const VARIABLE = ["$", "{NAME}"].join("");
const ZONE = "Europe/Amsterdam";

describe("the fields of the dialogs", () => {
  /** What the runtime takes, the dialog takes; and what it refuses, the dialog refuses. */
  const agree = (field: Check, runtime: (value: string) => unknown, values: string[]): void => {
    for (const value of values)
      assert.equal(
        field(value) === true,
        accepts(() => runtime(value)),
        `"${value}"`,
      );
    assert.equal(field(VARIABLE), true);
  };

  it("take the hosts that the runtime takes", () => {
    const hosts = [
      "192.168.1.10",
      "cemm.local",
      "cemm:8080",
      "http://cemm/",
      "[fe80::1]:80",
      "fe80::1",
      "https://cemm",
    ];
    agree(checkHost, (host) => parseHost(host), [...hosts, "a b", "cemm/path", "user@cemm", "cemm:99999", "?"]);
  });

  it("take the MAC addresses that the runtime takes", () => {
    const uids = ["00-1E-C0-85-96-CC", "00:1e:c0:85:96:cc", "001ec08596cc", "001e.c085.96cc", " 00 1E C0 85 96 CC "];
    agree(checkUid, parseUid, [...uids, "00-1E:C0-85-96-CC", "00-1E-C0-85-96", "001ec08596cg"]);
  });

  it("take the aliases that the runtime takes", () => {
    const takes = (alias: string) => {
      requireAlias(alias);
      return alias;
    };
    agree((alias) => checkTyped(alias, "str", checkAlias), takes, [
      "p1",
      "p1-gas",
      "mb247",
      "",
      "P1",
      "p1 ",
      "p1/",
      "a".repeat(64),
      "a".repeat(65),
    ]);
  });

  it("take the times that the runtime takes", () => {
    const times = ["2026", "2026-03", "2026-03-29", "2026-03-29T12:00", "2026-03-29 12:00:30", "2026-03-29T12:00:00Z"];
    const more = [
      "2026-03-29T12:00:00+01:00",
      "1774738800",
      "1774738800000",
      "",
      "yesterday",
      "29-03-2026",
      "2026-3-29",
    ];
    agree(
      (time) => checkTime(time, "str"),
      (time) => parseTime(time, ZONE),
      [...times, ...more],
    );
  });

  it("take the time zones that the runtime takes", () => {
    agree(checkTimezone, (timezone) => requireTimezone(timezone, "CEMM"), [
      "Europe/Amsterdam",
      "UTC",
      "Mars/Olympus",
      "nowhere",
    ]);
  });

  it("take the base addresses that the runtime takes", () => {
    const good = ["https://open-api.cemm.nl/v1/", "https://mijn.cemm.nl/open-api/v1", "http://127.0.0.1:8081/v1/"];
    const open = (baseUrl: string) => new CemmAccount({ apiKey: "demo", baseUrl });
    agree(checkBaseUrl, open, [
      ...good,
      "http://localhost/",
      "http://cemm.nl/",
      "ftp://x/",
      "cemm",
      "https://a@b/",
      "https://x/?k=1",
    ]);
  });

  it("know numbers, ports and broadcast addresses", () => {
    assert.equal(checkNumber({ least: 0, most: 1 })(VARIABLE), true);
    assert.equal(checkNumber({ least: 0, most: 1 })(""), true);
    assert.equal(checkNumber({ least: 0, most: 1 })("2"), "wrong.number 0 1");
    assert.equal(checkNumber({ least: 0, most: 1 })("x"), "wrong.number 0 1");
    assert.equal(checkUdpPort("9777"), true);
    assert.equal(checkUdpPort("0"), "wrong.port");
    assert.equal(checkBroadcast("192.168.1.255, 10.0.0.255"), true);
    assert.equal(checkBroadcast("192.168.1.256"), "wrong.broadcast");
  });
});

describe("the preview of history", () => {
  const str = (value: string) => ({ value, type: "str" });
  const ask = (unit: "day" | "month" | "year", from: string, to: string) =>
    describeTimes({ unit, from: str(from), to: str(to), deliver: "one", timezone: ZONE });

  it("counts periods as the runtime does, also where days have 23 and 25 hours", () => {
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

  it("reads a moment in the CEMM's time zone, not the browser's", () => {
    const moment = String(Date.UTC(2026, 0, 1, 23, 30));
    const at = (timezone: string) => describeTimes({ unit: "day", from: str(moment), deliver: "one", timezone });
    assert.equal(at("UTC"), "2026-01-01");
    assert.equal(at("Europe/Amsterdam"), "2026-01-02");
    assert.equal(at("America/New_York"), "2026-01-01");
  });

  it("tells what only a message knows", () => {
    const from = { value: "from", type: "msg" };
    assert.equal(describeTimes({ unit: "day", from, deliver: "one", timezone: ZONE }), "preview.dayLater msg.from");
    assert.equal(
      describeTimes({ unit: "year", from: str(VARIABLE), deliver: "one", timezone: ZONE }),
      `preview.yearLater ${VARIABLE}`,
    );
    const range = describeTimes({ unit: "day", from, to: str("2026-03-29"), deliver: "each", timezone: ZONE });
    assert.equal(range, "preview.range.each msg.from 2026-03-29 preview.open");
  });

  it("says why nothing can be asked", () => {
    assert.equal(ask("day", "2026-03-02", "2026-03-01"), "preview.backwards");
    assert.equal(ask("day", "2000", "2026"), "preview.tooMany 9498 4000");
    assert.equal(ask("day", "soon", "2026"), "");
  });
});
