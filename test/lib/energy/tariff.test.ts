/** The cost of energy, to the cent. */
import assert from "node:assert/strict";
import { QUARTER } from "../../../src/lib/energy/day-record.js";
import type { HouseDay } from "../../../src/lib/energy/house-day.js";
import { periodView } from "../../../src/lib/energy/period.js";
import type { History } from "../../../src/lib/energy/slots.js";
import {
  costsOfDay,
  type HourPrice,
  priceFrom,
  readPrices,
  Tariff,
  withPrices,
} from "../../../src/lib/energy/tariff.js";
import { periodAt } from "../../../src/lib/internal.js";
import { evenDay } from "./even-day.js";

const ZONE = "Europe/Amsterdam";
const dayAt = (date: string, changes: Partial<HouseDay> = {}): HouseDay => ({
  ...evenDay(periodAt("day", Date.parse(`${date}T12:00Z`), ZONE)),
  ...changes,
});

/** Sells `share` times what it buys. */
const withSold = (day: HouseDay, share: number): HouseDay => ({
  ...day,
  sold: day.bought?.map((kWh) => (kWh ?? 0) * share) ?? null,
});

function costs(day: HouseDay, tariff: object, prices: readonly HourPrice[] = []) {
  return costsOfDay(day, { tariff: Tariff.parse(tariff), prices, timezone: ZONE }) ?? assert.fail("no costs");
}

const cents = (euros: number | null): number => Math.round((euros ?? Number.NaN) * 100);
const starts = (day: HouseDay) => (day.bought ?? []).map((_, n) => day.start + n * QUARTER);

describe("the costs of a day", () => {
  it("are null without a tariff", () => {
    assert.equal(costsOfDay(dayAt("2026-06-16"), { tariff: Tariff.parse({}), prices: [], timezone: ZONE }), null);
  });

  it("at a fixed price include what is sold, standing charges, gas and water", () => {
    const day = withSold(dayAt("2026-06-16", { gas: [1.5], water: [0.2] }), 0.5);
    const tariff = {
      kind: "fixed",
      buy: 0.27,
      sell: "0.06",
      standing: 0.4,
      gas: 1.2,
      gasStanding: 0.6,
      water: 1,
      waterStanding: 0.2,
    };
    const { bought, sold, standing, gas, water, total, withoutPrice } = costs(day, tariff);
    assert.deepEqual([bought, sold, standing, gas, water].map(cents), [648, 72, 120, 180, 20]);
    assert.equal(cents(total), 648 - 72 + 120 + 180 + 20);
    assert.equal(withoutPrice, 0);
  });

  for (const { date, quarters } of [
    { date: "2026-03-29", quarters: 92 },
    { date: "2026-06-16", quarters: 96 },
    { date: "2026-10-25", quarters: 100 },
  ]) {
    it(`of ${quarters} quarters use the price of each`, () => {
      const day = withSold(dayAt(date), 0.25);
      const price = (n: number) => (((n * 7) % 23) - 4) / 50;
      const prices = starts(day).map((time, n) => ({ time, buy: price(n), sell: price(n) - 0.02 }));
      assert.equal(prices.length, quarters);
      const expected = prices.reduce((sum, { buy, sell }) => sum + 0.25 * buy - 0.0625 * sell, 0);
      const { total, withoutPrice } = costs(day, { kind: "hourly" }, prices);
      assert.deepEqual([cents(total), withoutPrice], [cents(expected), 0]);
    });
  }

  it("by two tariffs come from the registers if they are known", () => {
    const tariffs = { bought: { t1: 10, t2: 14 }, sold: { t1: 1, t2: 2 } };
    const day = withSold(dayAt("2026-06-16", { tariffs }), 0.125);
    const tariff = { kind: "two", buy: 0.3, buyLow: 0.2, sell: 0.07, sellLow: 0.05 };
    const dutch = costs(day, tariff);
    assert.deepEqual([dutch.bought, dutch.sold].map(cents), [620, 19]);
    const belgian = costs(day, { ...tariff, lowRegister: "t2" });
    assert.deepEqual([belgian.bought, belgian.sold].map(cents), [580, 17]);
  });

  it("by two tariffs else go by the clock, with the low tariff at night and on weekends", () => {
    const tariff = { kind: "two", buy: 1, buyLow: 0 };
    assert.equal(cents(costs(dayAt("2026-06-16"), tariff).bought), 1600);
    assert.equal(cents(costs(dayAt("2026-06-16"), { ...tariff, lowRegister: "t2" }).bought), 1500);
    assert.equal(cents(costs(dayAt("2026-06-20"), tariff).bought), 0);
  });

  it("without a low price are the same by day and by night", () => {
    const tariffs = { bought: { t1: 10, t2: 14 }, sold: { t1: 0, t2: 0 } };
    assert.equal(cents(costs(dayAt("2026-06-16", { tariffs }), { kind: "two", buy: 0.25, buyLow: "" }).bought), 600);
  });

  it("with netting value what is sold like what is bought, until the end of 2026", () => {
    const tariff = { kind: "fixed", buy: 0.3, sell: 0.05, netting: true };
    assert.equal(cents(costs(withSold(dayAt("2026-12-31"), 0.5), tariff).sold), 360);
    assert.equal(cents(costs(withSold(dayAt("2027-01-01"), 0.5), tariff).sold), 60);
    assert.equal(cents(costs(withSold(dayAt("2026-12-31"), 0.5), { ...tariff, netting: false }).sold), 60);
  });

  it("report how many kWh have no price", () => {
    const day = dayAt("2026-06-16");
    const prices = starts(day)
      .slice(0, 48)
      .map((time) => ({ time, buy: 0.2, sell: 0.1 }));
    const { bought, withoutPrice } = costs(day, { kind: "hourly" }, prices);
    assert.deepEqual([cents(bought), withoutPrice], [240, 12]);
  });
});

describe("the costs of a year", () => {
  it("use the selling price for what was sold beyond what was bought", () => {
    const tariff = Tariff.parse({ kind: "fixed", buy: 0.3, sell: 0.05, netting: true });
    const days = [withSold(dayAt("2026-01-01"), 0), withSold(dayAt("2026-01-02"), 3)];
    const history: History = {
      timezone: ZONE,
      now: Date.parse("2026-01-03T00:00+01:00"),
      meters: [{ alias: "p1", role: "grid", name: null }],
      days: new Map(days.map((day) => [day.date, day])),
      firstDay: "2026-01-01",
      tariff,
      prices: [],
    };
    const { costs } = periodView("year", history.now, history);
    // 48 kWh bought, 72 sold: 48 of them netted.
    assert.deepEqual([cents(costs?.bought ?? 0), cents(costs?.sold ?? 0)], [1440, 1440 + 120]);
  });
});

describe("prices", () => {
  const HOUR = 3_600_000;
  const list = [0, 1, 2].map((n) => ({ time: n * HOUR, buy: n, sell: 0 }));

  it("apply until the next one, the last one as long as the one before it", () => {
    const buyAt = (time: number) => priceFrom(list, time)?.buy;
    assert.deepEqual([-1, 0, HOUR - 1, HOUR, 3 * HOUR - 1, 3 * HOUR].map(buyAt), [undefined, 0, 0, 1, 2, undefined]);
    assert.equal(priceFrom([{ time: 0, buy: 7, sell: 0 }], 1e12)?.buy, 7);
  });

  it("of a message replace those with the same time", () => {
    const newer = withPrices(list, [{ time: HOUR, buy: 9, sell: 9 }]);
    assert.deepEqual(
      newer.map(({ buy }) => buy),
      [0, 9, 2],
    );
  });

  it("accept any time that nodes accept; `sell` defaults to `buy`", () => {
    const [price] = readPrices([{ time: "2026-11-28T00:00:00+01:00", buy: 0.3 }], ZONE);
    assert.deepEqual(price, { time: Date.parse("2026-11-28T00:00:00+01:00"), buy: 0.3, sell: 0.3 });
  });

  for (const payload of [undefined, "0.27", [], [{ time: 1, buy: "0.27" }], [{ time: "yesterday", buy: 0.27 }]]) {
    it(`cannot be ${JSON.stringify(payload)}`, () => {
      assert.throws(() => readPrices(payload, ZONE), { code: "CEMM_INPUT" });
    });
  }

  it("are at most 10,000 in a message", () => {
    const prices = Array.from({ length: 10_001 }, (_, hour) => ({ time: Date.UTC(2026, 0, 1, hour), buy: 0.3 }));
    assert.equal(readPrices(prices.slice(1), ZONE).length, 10_000);
    assert.throws(() => readPrices(prices, ZONE), { code: "CEMM_INPUT" });
  });
});
