import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import vm from "node:vm";
import { CemmAccount } from "../../src/lib/account.js";
import { checkAlias } from "../../src/lib/client.js";
import { checkTimezone, parseTime, periodAt, periodsBetween } from "../../src/lib/data/calendar.js";
import { parseHost, parseUid } from "../../src/lib/syntax.js";

type Check = (value: string, type?: string) => true | string;

interface Editor {
  check: Record<"alias" | "time" | "host" | "uid" | "timezone" | "baseUrl" | "port" | "broadcast", Check> & {
    number(value: unknown, least: number, most: number): true | string;
  };
  describe(question: {
    unit: string;
    from: { value: string; type: string };
    to?: { value: string; type: string };
    deliver?: string;
    timezone: string;
  }): string;
}

/** The browser's scripts, with an editor that gives each text as its key and values. */
function load(): Editor {
  const window: { CEMM?: Editor } = {};
  const shown = (key: string, values = {}) => [key.split(":")[1], ...Object.values(values)].join(" ");
  const RED = { _: shown, events: { on: () => {} }, utils: { validateTypedProperty: () => true } };
  const context = vm.createContext({ window, RED, URL, Intl, setTimeout });
  Object.defineProperty(context, "CEMM", { get: () => window.CEMM });
  for (const name of ["cemm-editor.js", "cemm-preview.js"]) {
    vm.runInContext(readFileSync(resolve(__dirname, "../../resources", name), "utf8"), context);
  }
  assert(window.CEMM);
  return window.CEMM;
}

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
  const { check } = load();

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
    agree(check.host, (host) => parseHost(host), [...hosts, "a b", "cemm/path", "user@cemm", "cemm:99999", "?"]);
  });

  it("take the MAC addresses that the runtime takes", () => {
    const uids = ["00-1E-C0-85-96-CC", "00:1e:c0:85:96:cc", "001ec08596cc", "001e.c085.96cc", " 00 1E C0 85 96 CC "];
    agree(check.uid, parseUid, [...uids, "00-1E:C0-85-96-CC", "00-1E-C0-85-96", "001ec08596cg"]);
  });

  it("take the aliases that the runtime takes", () => {
    const takes = (alias: string) => {
      checkAlias(alias);
      return alias;
    };
    agree(check.alias, takes, ["p1", "p1-gas", "mb247", "", "P1", "p1 ", "p1/", "a".repeat(64), "a".repeat(65)]);
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
      (time) => check.time(time, "str"),
      (time) => parseTime(time, ZONE),
      [...times, ...more],
    );
  });

  it("take the time zones that the runtime takes", () => {
    agree(check.timezone, checkTimezone, ["Europe/Amsterdam", "UTC", "Mars/Olympus", "nowhere"]);
  });

  it("take the base addresses that the runtime takes", () => {
    const good = ["https://open-api.cemm.nl/v1/", "https://mijn.cemm.nl/open-api/v1", "http://127.0.0.1:8081/v1/"];
    const open = (baseUrl: string) => new CemmAccount({ apiKey: "demo", baseUrl });
    agree(check.baseUrl, open, [
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
    assert.equal(check.number(VARIABLE, 0, 1), true);
    assert.equal(check.number("", 0, 1), true);
    assert.equal(check.number("2", 0, 1), "wrong.number 0 1");
    assert.equal(check.number("x", 0, 1), "wrong.number 0 1");
    assert.equal(check.port("9777"), true);
    assert.equal(check.port("0"), "wrong.port");
    assert.equal(check.broadcast("192.168.1.255, 10.0.0.255"), true);
    assert.equal(check.broadcast("192.168.1.256"), "wrong.broadcast");
  });
});

describe("the preview of history", () => {
  const { describe } = load();
  const str = (value: string) => ({ value, type: "str" });
  const ask = (unit: string, from: string, to: string) =>
    describe({ unit, from: str(from), to: str(to), deliver: "one", timezone: ZONE });

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
    const at = (timezone: string) => describe({ unit: "day", from: str(moment), timezone });
    assert.equal(at("UTC"), "2026-01-01");
    assert.equal(at("Europe/Amsterdam"), "2026-01-02");
    assert.equal(at("America/New_York"), "2026-01-01");
  });

  it("tells what only a message knows", () => {
    const from = { value: "from", type: "msg" };
    assert.equal(describe({ unit: "day", from, timezone: ZONE }), "preview.dayLater msg.from");
    assert.equal(describe({ unit: "year", from: str(VARIABLE), timezone: ZONE }), `preview.yearLater ${VARIABLE}`);
    const range = describe({ unit: "day", from, to: str("2026-03-29"), deliver: "each", timezone: ZONE });
    assert.equal(range, "preview.range.each msg.from 2026-03-29 preview.open");
  });

  it("says why nothing can be asked", () => {
    assert.equal(ask("day", "2026-03-02", "2026-03-01"), "preview.backwards");
    assert.equal(ask("day", "2000", "2026"), "preview.tooMany 9498 4000");
    assert.equal(ask("day", "soon", "2026"), "");
  });
});
