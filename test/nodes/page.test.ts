/** cemm-page in a real Node-RED: what it serves, to whom, and its requests to the CEMM. Needs `npm run build`. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { PeriodView, Readings } from "../../src/lib/energy/view.js";
import { eventually } from "../examples/eventually.js";
import { dayBefore, startThere } from "../support/noon.js";
import { PageLab } from "./page-lab.js";

const Figures = z.object({
  date: z.string(),
  bought: z.number(),
  sold: z.number(),
  solar: z.number(),
  consumption: z.number(),
  peak: z.number(),
  gas: z.number(),
  water: z.number(),
  costs: z.object({ total: z.number() }).loose().nullable(),
});
const Sent = z.object({ topic: z.string(), payload: Figures });
/** A line of the file. The first one says which CEMM the days belong to. */
const Line = z.object({ date: z.string().optional() });
const FIXED = { kind: "fixed", buy: 0.25, sell: 0.05 };

describe("cemm-page", function () {
  this.timeout(40_000);
  let lab: PageLab;

  before(async () => {
    lab = await PageLab.start();
  });
  after(() => lab?.stop());
  beforeEach(() => {
    lab.refuse = () => undefined;
    lab.asked.length = 0;
    lab.nodeRed.debug.clear();
    lab.nodeRed.statuses.clear();
  });

  const yesterday = async () => dayBefore((await lab.house()).today);
  const dayFile = () => join(lab.nodeRed.userDir, "cemm-page", "page-1-days.jsonl");
  const statusOf = async (id: string, pattern: RegExp) =>
    lab.nodeRed.statuses.next((status) => status.id === id && pattern.test(`${status.fill} ${status.text}`), 15_000);

  describe("in a browser", () => {
    before(async () => {
      await lab.deploy({ tariff: FIXED });
      await lab.ready();
    });

    it("redirects from its path to its page, by a relative address", async () => {
      const response = await lab.get("/energy");
      assert.deepEqual([response.status, response.headers.get("location")], [302, "energy/"]);
      const page = await lab.get("/energy/");
      assert.match(await page.text(), /<script type="module" src="page.js">/);
    });

    for (const file of ["page.js", "page.css", "charts.js", "icon.svg"]) {
      it(`serves ${file} compressed`, async () => {
        const response = await lab.get(`/energy/${file}`);
        assert.deepEqual([response.status, response.headers.get("content-encoding")], [200, "gzip"]);
        assert.ok((await response.text()).length > 0);
      });
    }

    it("sends a strict content security policy with every answer", async () => {
      for (const path of ["/energy/", "/energy/page.js", "/energy/api/house", "/energy/api/nothing"]) {
        const { headers } = await lab.get(path);
        assert.match(headers.get("content-security-policy") ?? "", /^default-src 'none'; script-src 'self'/, path);
        assert.equal(headers.get("x-content-type-options"), "nosniff", path);
      }
    });

    for (const path of [
      "/energy/api/day/2026-02-31",
      "/energy/api/month/2026-13",
      "/energy/api/year/20x6",
      "/energy/api/day/2026-1-1",
      "/energy/api/",
      "/energy/../settings.js",
      "/energy/..%2fpage%2fpage.js",
      "/energy/LICENCES.txt",
      "/energyx",
    ]) {
      it(`answers 404 at ${path}`, async () => assert.equal((await lab.get(path)).status, 404));
    }

    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
      it(`refuses ${method}`, async () => {
        const response = await lab.get("/energy/api/house", { method });
        assert.deepEqual([response.status, response.headers.get("allow")], [405, "GET"]);
      });
    }

    it("shows the meters that the CEMM lists, and their readings", async () => {
      const { meters, has, problems } = await lab.house();
      assert.deepEqual(
        meters.map(({ id, role }) => `${id} ${role}`),
        ["p1 grid", "mb3 solar", "s01 solar", "p1-gas gas", "pulse-3 water"],
      );
      assert.deepEqual(has, { grid: true, sold: true, solar: true, gas: true, water: true, costs: true });
      assert.deepEqual(problems, []);
      await eventually(async () => {
        const { meters } = await lab.json("/energy/api/readings", Readings);
        assert.equal(meters.length, 5);
      });
    });

    it("sends live values to each listener, with the last hour", async () => {
      const live = await lab.live();
      assert.equal(live.consumption?.state, "fresh");
      assert.deepEqual(live.problems, []);
      assert.equal(live.lastHour.length, 60);
      assert.notEqual(live.lastHour[30]?.grid ?? null, null);
    });

    it("contains no key, address or MAC of the CEMM", async () => {
      const paths = ["house", "readings", `day/${await yesterday()}`, "year/2026"];
      const texts = await Promise.all(paths.map(async (path) => (await lab.get(`/energy/api/${path}`)).text()));
      const text = [...texts, JSON.stringify(await lab.live())].join();
      const [uid = ""] = lab.simulator.uids;
      for (const secret of [lab.simulator.apiKey, lab.host, uid, uid.replaceAll("-", ":"), uid.replaceAll("-", "")])
        assert.ok(!text.toUpperCase().includes(secret.toUpperCase()), secret);
    });

    it("does not ask the CEMM more often if more browsers look, and accepts at most 50 listeners until the next deploy", async () => {
      const polls = () => lab.asked.filter((path) => /p1\/realtime/.test(path)).length;
      const ending = new AbortController();
      const listen = () => lab.get("/energy/api/events", { signal: ending.signal });
      const listeners = await Promise.all(Array.from({ length: 50 }, listen));
      assert.deepEqual([...new Set(listeners.map(({ status }) => status))], [200]);
      const late = await listen();
      assert.deepEqual([late.status, late.headers.get("retry-after")], [503, "60"]);
      lab.asked.length = 0;
      const year = () => lab.json("/energy/api/year/2020", PeriodView);
      const began = Date.now();
      await Promise.all(Array.from({ length: 30 }, year));
      await sleep(2500);
      // One poll a second.
      const expected = (Date.now() - began) / 1000 + 1;
      assert.ok(polls() <= expected, `${polls()} polls in ${expected} s`);
      assert.ok(!lab.asked.some((path) => /time=15|time=16/.test(path)), "2020 was not requested");
      const ended = Promise.all(listeners.map((listener) => listener.text()));
      await lab.nodeRed.deploy([]);
      await ended;
      assert.equal((await lab.get("/energy/")).status, 404);
    });
  });

  describe("with a path", () => {
    it("that another page has: reports that, and takes the path once that page is gone", async () => {
      await lab.deploy({}, {});
      await statusOf("page-2", /red .*taken/);
      await statusOf("page-1", /green/);
      const [tab, device, seen, , second] = lab.flow({}, {});
      assert(tab && device && seen && second);
      await lab.nodeRed.deploy([tab, device, seen, second], {}, "flows");
      await statusOf("page-2", /green/);
      assert.equal((await lab.get("/energy/")).status, 200);
    });

    for (const path of ["", "/", "/a b", "/../admin", "/x?y"]) {
      it(`that is invalid: raises CEMM_CONFIG for "${path}"`, async () => {
        await lab.deploy({ path });
        await statusOf("page-1", /red .*CEMM_CONFIG/);
      });
    }
  });

  describe("with past days", () => {
    it("sends the figures of yesterday once they are known, and not again after a restart", async () => {
      await lab.deploy({ tariff: FIXED });
      const { value } = await lab.nodeRed.debug.next(({ id }) => id === "seen", 20_000);
      const { topic, payload } = Sent.parse(value);
      assert.equal(payload.date, await yesterday());
      assert.match(topic, /^cemm\/127\.0\.0\.1:\d+\/energy\/day$/);
      const { figures, costs } = await lab.json(`/energy/api/day/${payload.date}`, PeriodView);
      assert.deepEqual(
        [payload.bought, payload.solar, payload.costs?.total],
        [figures.bought, figures.solar, costs?.total],
      );
      lab.nodeRed.debug.clear();
      await lab.deploy({ tariff: FIXED });
      await lab.ready();
      assert.deepEqual(lab.nodeRed.debug.all, []);
    });

    describe("in their file", () => {
      let known: string[];
      const lines = () => readFileSync(dayFile(), "utf8").trim().split("\n");
      const askedFor = (date: string) => {
        const start = startThere(date) / 1000;
        return lab.asked.some((path) => path.startsWith("/open-api/v1/p1/data/day/") && path.includes(`${start}`));
      };
      /** Restarts every node, after `change` to the file. */
      const restart = async (change = () => {}) => {
        change();
        lab.asked.length = 0;
        await lab.nodeRed.deploy(lab.flow({}), {}, "reload");
        await lab.ready();
        await eventually(async () => assert.ok(lab.asked.some((path) => /p1\/data\/day/.test(path))));
      };

      before(async () => {
        await lab.deploy({});
        await eventually(async () => assert.ok(lines().length > 8), 20_000);
        known = lines().flatMap((line) => Line.parse(JSON.parse(line)).date ?? []);
      });

      it("reads them after a restart instead of requesting them again", async () => {
        await restart();
        for (const date of known) assert.equal(askedFor(date), false, date);
        const { figures } = await lab.json(`/energy/api/day/${known[0]}`, PeriodView);
        assert.notEqual(figures.bought, null);
      });

      it("reads them even if the CEMM does not answer at the start", async () => {
        lab.refuse = () => "closed";
        await lab.nodeRed.deploy(lab.flow({}), {}, "reload");
        await eventually(async () => {
          const { figures } = await lab.json(`/energy/api/day/${known[0]}`, PeriodView);
          assert.notEqual(figures.bought, null);
          const { problems, bought } = await lab.live();
          assert.deepEqual([problems.map(({ code }) => code), bought?.state], [["SILENT"], "silent"]);
        });
      });

      it("requests a day again if its line is broken", async () => {
        const [second = "", last = ""] = [known[1], known.at(-1)];
        await restart(() => {
          const broken = lines().map((line) => (line.includes(second) ? line.slice(0, 200) : line));
          writeFileSync(dayFile(), broken.join("\n").slice(0, -100));
        });
        await eventually(async () => assert.ok(askedFor(second)));
        assert.equal(askedFor(known[0] ?? ""), false);
        await eventually(async () => assert.equal(lines().filter((line) => line.includes(`"${second}"`)).length, 2));
        assert.ok(!lines().some((line) => line.includes("}{")), last);
      });

      it("requests them again if the file is gone", async () => {
        await restart(() => rmSync(dayFile()));
        await eventually(async () => assert.ok(askedFor(known[0] ?? "")));
        await eventually(async () => {
          const { figures } = await lab.json(`/energy/api/day/${known[0]}`, PeriodView);
          assert.notEqual(figures.bought, null);
        });
      });

      it("does not show them if the file belongs to another CEMM, but requests them again", async () => {
        const [date = ""] = known;
        const bought = async () => (await lab.json(`/energy/api/day/${date}`, PeriodView)).figures.bought;
        const { today } = await lab.house();
        // Past days cannot be had, so that none can be shown but those of the file.
        lab.refuse = (path) =>
          /\/data\/day/.test(path) && !path.includes(`${startThere(today) / 1000}`) ? "closed" : undefined;
        await restart(() =>
          writeFileSync(
            dayFile(),
            lines()
              .join("\n")
              .replace(/"cemm":"[^"]*"/g, '"cemm":"other"'),
          ),
        );
        await eventually(async () => assert.ok(askedFor(date)));
        assert.equal(await bought(), null);
        lab.refuse = () => undefined;
        await eventually(async () => assert.notEqual(await bought(), null));
      });

      it("deletes them with the node", async () => {
        await lab.nodeRed.deploy(lab.flow());
        await eventually(async () => assert.equal(existsSync(dayFile()), false));
      });
    });
  });

  describe("with prices", () => {
    const send = (payload: unknown) => lab.nodeRed.inject("send", { topic: "prices", payload });
    const inject = { id: "send", z: "tab", type: "inject", props: [], wires: [["page-1"]] };
    const deploy = (type?: "reload") =>
      lab.nodeRed.deploy([...lab.flow({ tariff: { kind: "hourly" } }), inject], {}, type);
    const costs = async () => (await lab.today()).costs;

    it("keeps them, also over a restart", async () => {
      await deploy();
      await lab.ready();
      assert.equal((await costs())?.bought, 0);
      await send([{ time: "2026-01-01T00:00:00+01:00", buy: 1, sell: 0 }]);
      const known = await eventually(async () => {
        const { figures, costs } = await lab.today();
        assert.equal(costs?.bought?.toFixed(2), figures.bought?.toFixed(2));
        return costs?.bought ?? 0;
      });
      await deploy("reload");
      await lab.ready();
      assert.ok(((await costs())?.bought ?? 0) >= known);
    });

    it("tells browsers that every day may have changed", async () => {
      await deploy();
      await lab.ready();
      await eventually(async () => {
        const prices = [{ time: "2026-01-01T00:00:00+01:00", buy: 2, sell: 0 }];
        assert.deepEqual(await lab.event("day", () => send(prices)), { date: "" });
      });
    });

    it("that are invalid: raises CEMM_INPUT, and keeps the earlier ones in use", async () => {
      const caught = { id: "on-error", z: "tab", type: "catch", scope: ["page-1"], wires: [["seen"]] };
      await lab.nodeRed.deploy([...lab.flow({ tariff: { kind: "hourly" } }), inject, caught]);
      await lab.ready();
      const isInUse = async () => {
        const { figures, costs } = await lab.today();
        assert.equal(costs?.bought?.toFixed(2), ((figures.bought ?? 0) * 3).toFixed(2));
        assert.notEqual(costs?.bought, 0);
      };
      const time = "2026-01-01T00:00:00+01:00";
      await send([{ time, buy: 3, sell: 0 }]);
      await eventually(isInUse);
      for (const invalid of ["a lot", [{ time, buy: 4, sell: 0 }, { time: "soon" }]]) {
        lab.nodeRed.debug.clear();
        await send(invalid);
        const { value } = await lab.nodeRed.debug.next(({ value }) => JSON.stringify(value).includes("CEMM_INPUT"));
        assert.match(JSON.stringify(value), /Prices/);
        await isInUse();
      }
    });

    it("answers any other message with today so far", async () => {
      await deploy();
      await lab.ready();
      const { today } = await lab.house();
      await lab.nodeRed.inject("send", { topic: "now" });
      // Yesterday's figures may come as well.
      await lab.nodeRed.debug.next(({ value }) => Sent.safeParse(value).data?.payload.date === today);
    });
  });

  describe("with a CEMM", () => {
    it("that is offline at the start: reports that, and shows the house once it answers", async () => {
      lab.refuse = () => "closed";
      await lab.deploy({});
      await eventually(async () => {
        const { problems } = await lab.live();
        assert.deepEqual(
          problems.map(({ code, cause }) => [code, cause]),
          [["SILENT", "CEMM_UNREACHABLE"]],
        );
      });
      await statusOf("page-1", /red/);
      lab.refuse = () => undefined;
      await lab.ready();
      assert.deepEqual((await lab.live()).problems, []);
    });

    it("that goes offline: reports since when, and keeps what was known before", async () => {
      await lab.deploy({});
      await lab.ready();
      const { figures } = await lab.today();
      // Without the oldest minutes, which pass meanwhile, and the newest ones, which are still measured.
      const minutes = (await lab.live()).lastHour.slice(5, -2);
      assert.ok(minutes.every(({ consumption }) => consumption !== null));
      const before = Date.now();
      lab.refuse = () => "closed";
      const { problem, lastHour } = await eventually(async () => {
        const { consumption, problems, lastHour } = await lab.live();
        assert.equal(consumption?.state, "silent");
        const [problem, ...more] = problems;
        assert.deepEqual([problem?.code, more], ["SILENT", []]);
        return { problem, lastHour };
      });
      assert.ok(Math.abs((problem?.since ?? 0) - before) < 3000);
      const times = minutes.map(({ time }) => time);
      assert.deepEqual(
        lastHour.filter(({ time }) => times.includes(time)),
        minutes,
      );
      const { figures: kept } = await lab.today();
      for (const name of ["bought", "sold", "solar", "consumption", "gas", "water"] as const) {
        // The last answers may have come after the figures.
        assert.ok(Math.abs((kept[name] ?? Number.NaN) - (figures[name] ?? Number.NaN)) < 0.1, name);
      }
    });

    it("with a meter that does not answer: names that meter", async () => {
      await lab.deploy({});
      await lab.ready();
      lab.refuse = (path) => (path.includes("/s01/") ? 500 : undefined);
      await eventually(async () => {
        const { problems, bought, solar } = await lab.live();
        assert.deepEqual(
          problems.map(({ code, meter }) => [code, meter]),
          [["METER_SILENT", "s01"]],
        );
        assert.deepEqual([bought?.state, solar?.state], ["fresh", "silent"]);
      });
    });

    it("that does not know a listed meter: shows the others, and reports nothing", async () => {
      lab.refuse = (path) => (path.includes("/s01/") ? 404 : undefined);
      await lab.deploy({});
      // At first it shows the meters that it knew before.
      await eventually(async () => {
        const { meters } = await lab.house();
        assert.deepEqual(
          meters.map(({ id }) => id),
          ["p1", "mb3", "p1-gas", "pulse-3"],
        );
      });
      await lab.ready();
      assert.deepEqual((await lab.live()).problems, []);
    });

    it("that refuses its list of meters: reports that, and shows the usual meters that answer", async () => {
      lab.refuse = (path) => (path.endsWith("/io/") ? 403 : undefined);
      await lab.deploy({});
      await eventually(async () => {
        const { meters, problems } = await lab.house();
        const ids = meters.map(({ id }) => id);
        assert.ok(ids.includes("p1") && ids.includes("p1-gas"), ids.join());
        assert.deepEqual(
          problems.map(({ code }) => code),
          ["LIST_REFUSED"],
        );
        assert.equal((await lab.live()).bought?.state, "fresh");
      }, 20_000);
    });
  });
});
