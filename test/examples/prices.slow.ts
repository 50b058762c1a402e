/** The examples of dynamic prices: the feed, and those that use its prices. */
import assert from "node:assert/strict";
import { z } from "zod";
import { alsoTo, button, debug, onlyPressed, onTab, priceButton, withNodes } from "./added.js";
import { clockLab, withProperties } from "./clock-lab.js";
import { EnergyZero, type Failure } from "./energyzero.js";
import { eventually } from "./eventually.js";
import { dateOf } from "./expected.js";
import { type Flow, onlyNodes } from "./workbench.js";

const QUARTER = 900_000;
const HOUR = 4 * QUARTER;
const Prices = z.array(z.strictObject({ time: z.number(), buy: z.number(), sell: z.number() }));
type Prices = z.infer<typeof Prices>;

/** Adjacent prices differ, and some are below zero. */
const priceAt = (time: number) => ((Math.floor(time / QUARTER) * 7) % 23) / 100 - 0.04;

describe("dynamic price examples", () => {
  const lab = clockLab();
  let energyZero: EnergyZero;

  before(async () => {
    energyZero = await EnergyZero.start(priceAt);
  });
  beforeEach(async () => {
    await lab.bench.clear();
    await lab.bench.forgetPrices();
    energyZero.failure = "none";
    energyZero.asked.length = 0;
  });
  after(async () => {
    await energyZero?.stop();
  });

  describe("13 Prices of today and tomorrow", () => {
    const NAME = "13 Prices of today and tomorrow";
    const begin = () => lab.deploy(NAME, (flow) => onlyPressed(energyZero.asking(flow)));
    const at = (time: string) => lab.bench.press("every hour", { now: Date.parse(time) });
    const prices = async (count: number) => (await lab.bench.take("prices", Prices, count)).at(-1) ?? [];

    for (const { date, zone, count } of [
      { date: "2026-03-29", zone: "+02:00", count: 92 },
      { date: "2026-06-16", zone: "+02:00", count: 96 },
      { date: "2026-10-25", zone: "+01:00", count: 100 },
    ]) {
      it(`has a price for each of the ${count} quarter-hours of ${date}`, async () => {
        await begin();
        await at(`${date}T12:00${zone}`);
        const list = await prices(1);
        assert.equal(list.length, count);
        assert.deepEqual(new Set(list.map(({ time }) => dateOf(time))), new Set([date]));
        checkPrices(list);
        assert.deepEqual(lab.bench.topics("prices"), ["prices"]);
        assert.equal(energyZero.asked.length, 1);
      });
    }

    it("works as imported", async () => {
      await lab.deploy(NAME, (flow) => energyZero.asking(flow));
      const list = await prices(1);
      assert.ok(list.length >= 92);
      assert.equal(dateOf(list[0]?.time ?? 0), dateOf(Date.now()));
    });

    it("has tomorrow's prices from 14:00, and keeps yesterday's after midnight", async () => {
      await begin();
      await at("2026-06-16T13:59+02:00");
      assert.equal((await prices(1)).length, 96);
      await at("2026-06-16T14:00+02:00");
      const list = await prices(3);
      assert.deepEqual(energyZero.asked, ["16-06-2026", "16-06-2026", "17-06-2026"]);
      assert.equal(list.length, 192);
      checkPrices(list);
      await at("2026-06-17T00:03+02:00");
      assert.equal((await prices(4)).length, 192);
      await at("2026-06-18T00:03+02:00");
      assert.deepEqual([...new Set((await prices(5)).map(({ time }) => dateOf(time)))], ["2026-06-17", "2026-06-18"]);
    });

    for (const failure of ["empty", "not found", "broken", "not JSON"] satisfies Failure[]) {
      it(`keeps the last prices when the feed fails: ${failure}`, async () => {
        await begin();
        await at("2026-06-16T12:00+02:00");
        await prices(1);
        energyZero.failure = failure;
        await at("2026-06-16T14:03+02:00");
        await eventually(async () => assert.equal(energyZero.asked.length, 3));
        energyZero.failure = "none";
        await at("2026-06-16T15:03+02:00");
        assert.equal((await prices(3)).length, 192);
        assert.deepEqual(
          lab.bench.sofar("prices", Prices).map((list) => list.length),
          [96, 96, 192],
        );
      });
    }

    it("stores prices where other examples read them, also one that has asked before", async () => {
      const pageExample = onlyNodes(onlyPressed(await lab.bench.example("04 Energy on a page"))).map((node) =>
        node.id === "page-known" ? { ...node, wires: [["taken"]] } : node,
      );
      const withoutPage = pageExample.filter(({ type }) => type !== "cemm-page");
      await lab.deploy(NAME, (flow) => [
        ...onlyPressed(energyZero.asking(flow)),
        ...withoutPage,
        onTab(debug("taken"), "page-flow"),
      ]);
      // There are none yet, so this gives nothing.
      await lab.bench.press("prices");
      await at("2026-06-16T12:00+02:00");
      const list = await prices(1);
      await lab.bench.press("prices");
      assert.deepEqual(await lab.bench.shown("taken", Prices), list);
      for (const name of [
        "07 Costs of today",
        "20 The cheapest hours",
        "21 No export below zero",
        "23 One run of a machine",
      ])
        assert.ok(JSON.stringify(await lab.bench.example(name)).includes("electricityPrices"), name);
    });

    function checkPrices(list: Prices): void {
      for (const [n, { time, buy, sell }] of list.entries()) {
        assert.equal(time, (list[0]?.time ?? 0) + n * QUARTER);
        assert.ok(Math.abs(sell - priceAt(time)) < 1e-5);
        assert.ok(Math.abs(buy - priceAt(time) * 1.21 - 0.13) < 1e-4);
      }
    }
  });

  describe("20 The cheapest hours", () => {
    const NAME = "20 The cheapest hours";
    const EVENING = Date.parse("2026-06-16T22:00+02:00");
    /** The quarter-hours from `begin` in which the load is on; by default of a night from 22:00 to 07:15. */
    const night = async (prices: Prices, settings: Record<string, unknown>, begin = EVENING, quarters = 37) => {
      await lab.deploy(NAME, (flow) => withSettings(withPrices(onlyPressed(flow), "cheapest"), settings));
      await lab.bench.press("prices", { payload: prices, topic: "prices" });
      const on: number[] = [];
      for (let n = 0; n < quarters; n++) {
        await lab.bench.press("every quarter of an hour", { now: begin + n * QUARTER });
        const [plan] = (await lab.bench.take("plan", PlanMessage, n + 1)).slice(n);
        if (plan?.payload) on.push(n);
      }
      return on;
    };
    const list = (buys: readonly number[], step = QUARTER): Prices =>
      buys.map((buy, n) => ({ time: EVENING + n * step, buy, sell: buy }));
    const range = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n);
    // Of the hours until 07:00 the fourth is cheapest, then the ninth; the cheapest three in a row start at the third.
    const HOURS = [0.3, 0.28, 0.2, 0.1, 0.2, 0.3, 0.25, 0.3, 0.12, 0.05];

    it("chooses consecutive hours", async () => {
      assert.deepEqual(await night(list(HOURS, HOUR), { hours: 3 }), range(8, 12));
    });

    it("chooses separate hours if that is allowed", async () => {
      assert.deepEqual(await night(list(HOURS, HOUR), { hours: 2, together: false }), [
        ...range(12, 4),
        ...range(32, 4),
      ]);
    });

    it("chooses quarter-hours", async () => {
      const buys = range(0, 36).map((n) => (n % 5 === 2 ? -0.1 : 0.2));
      assert.deepEqual(await night(list(buys), { hours: 1, together: false }), [2, 7, 12, 17]);
    });

    it("finishes in time without any price, and prefers hours with a known price", async () => {
      assert.deepEqual(await night([], { hours: 2 }), range(0, 8));
      assert.deepEqual(await night(list(HOURS.slice(0, 4), HOUR), { hours: 1 }), range(12, 4));
    });

    it("counts the extra hour of a night in which the clocks go back", async () => {
      const begin = Date.parse("2026-10-24T22:00+02:00");
      // Ten hours from 22:00 to 07:00: all of them.
      assert.deepEqual(await night([], { hours: 12 }, begin, 41), range(0, 40));
    });
  });

  describe("21 No export below zero", () => {
    const NAME = "21 No export below zero";
    const NOON = Date.parse("2026-06-16T12:00+02:00");
    const prices: Prices = [0.05, -0.02, -0.01, 0, 0.1].map((sell, n) => ({
      time: NOON + n * QUARTER,
      buy: 0.2,
      sell,
    }));
    const quarter = (n: number) => lab.bench.press("every quarter of an hour", { now: NOON + n * QUARTER });
    const power = (watts: number, second: number) =>
      lab.bench.press("power", {
        payload: { electric_power: watts },
        cemm: { uid: lab.uid, alias: "p1", time: NOON + QUARTER + second * 1000 },
      });

    it("forbids export while the price is below zero, and switches on a load instead", async () => {
      await lab.deploy(NAME, (flow) => withPower(withPrices(onlyPressed(flow), "export")));
      await lab.bench.press("prices", { payload: prices, topic: "prices" });
      await quarter(0);
      await lab.bench.take("inverter", z.boolean(), 1);
      // With a price above zero the load is not switched.
      for (let second = 0; second < 300; second += 10) await power(-2000, second - 900);
      assert.deepEqual(lab.bench.sofar("load", z.boolean()), []);
      await quarter(1);
      await lab.bench.take("inverter", z.boolean(), 2);
      for (let second = 0; second < 300; second += 10) await power(-2000, second);
      assert.deepEqual((await lab.bench.take("load", z.boolean(), 2)).slice(0, 2), [false, true]);
      for (const n of [2, 3, 4]) await quarter(n);
      // Two hours after the last price.
      await quarter(12);
      assert.deepEqual(await lab.bench.take("inverter", z.boolean(), 3), [true, false, true]);
    });
  });
});

const PlanMessage = z.looseObject({ payload: z.boolean(), plan: z.array(z.number()) });

/** Adds a button that sends prices, and a debug node that shows the plan. */
function withPrices(flow: Flow, prefix: string): Flow {
  return withNodes(alsoTo(flow, `${prefix}-choose`, "plan"), ...priceButton(), debug("plan", "true"));
}

/** Adds a button that sends power in place of the live node. */
function withPower(flow: Flow): Flow {
  return withNodes(withProperties(flow, { "cemm-realtime": { repeat: 0 } }), button("power", "export-below"));
}

/** Changes *my load* as a user would. */
function withSettings(flow: Flow, settings: Record<string, unknown>): Flow {
  const Rules = z.array(z.looseObject({ p: z.string() }));
  const changed = (rules: unknown) =>
    Rules.parse(rules).map((rule) => (rule.p in settings ? { ...rule, to: String(settings[rule.p]) } : rule));
  return flow.map((node) => (node.name === "my load" ? { ...node, rules: changed(node.rules) } : node));
}
