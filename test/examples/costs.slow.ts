/** What a day costs, on days of 23, 24 and 25 hours, with each kind of contract. */
import assert from "node:assert/strict";
import { z } from "zod";
import { CemmClient } from "../../src/lib/index.js";
import { dayFigures, emptyRecord, houseDay, meterDay, readPrices, Tariff } from "../../src/lib/internal.js";
import { billOf, CONTRACTS, type DayOfCosts, QUARTER } from "./bill.js";
import { ClockLab, withProperties } from "./clock-lab.js";
import { eventually } from "./eventually.js";
import { dateOf, dayFromToday, HOUSE, live } from "./expected.js";
import { onTab } from "./replay.js";
import type { Flow, Workbench } from "./workbench.js";

const NAME = "07 Costs of today";
const HOUR = 4 * QUARTER;

const Side = z.strictObject({ kWh: z.number(), euro: z.number() });
const Costs = z.strictObject({ day: z.string(), euro: z.number(), bought: Side, sold: Side, withoutPrice: z.number() });
const Prices = z.array(z.strictObject({ time: z.number(), buy: z.number(), sell: z.number() }));
const Context = z.object({ msg: z.string() });

describe(NAME, () => {
  let lab: ClockLab;
  let bench: Workbench;

  before(async () => {
    lab = await ClockLab.start();
    bench = lab.bench;
  });
  beforeEach(() => lab.setClock(Date.now));
  after(() => lab?.stop());

  const DAYS = [
    { date: "2026-03-29", zone: "+01:00", count: 92 },
    { date: "2026-06-16", zone: "+02:00", count: 96 },
    { date: "2026-10-25", zone: "+02:00", count: 100 },
  ].map(({ date, zone, count }) => ({ date, starts: startsOf(Date.parse(`${date}T00:00${zone}`), count) }));
  const [, SUMMER = assert.fail("no day")] = DAYS;
  const [ONE = assert.fail("no contract"), , FEED = assert.fail("no contract")] = CONTRACTS;

  /** Nothing is asked before the test says so. */
  const begin = () => lab.deploy(NAME, (flow) => withFeed(withProperties(flow, { inject: { once: false } })));
  const ask = async (time: number, count: number) => {
    await bench.press("today", { time });
    return (await bench.take("costs of today", Costs, count)).at(-1) ?? assert.fail("no costs");
  };

  for (const { date, starts } of DAYS) {
    for (const contract of CONTRACTS) {
      it(`${date}, ${starts.length} quarters, ${contract.name}`, async () => {
        const end = (starts.at(-1) ?? 0) + QUARTER;
        lab.stopClockAt(end + HOUR);
        await begin();
        await bench.press("feed", { payload: contract.message(starts) });
        const costs = await ask(end - HOUR, 1);
        assert.deepEqual([costs.day, costs.withoutPrice], [date, 0]);
        const bill = await billOf(date, starts, contract);
        assert.ok(bill.bought.kWh > 1 && bill.sold.kWh > 1);
        agree(costs, bill);
      });
    }
  }

  it("works as it is imported: the day so far, whenever Node-RED was started", async () => {
    await lab.deploy(NAME);
    const costs = await bench.shown("costs of today", Costs);
    const date = dateOf(Date.now());
    assert.equal(costs.day, date);
    const midnight = Date.parse(`${date}T00:00Z`) - offsetOf(Date.now());
    const until = Date.now();
    const bill = await billOf(date, startsOf(midnight, 96), ONE, until);
    // The minute that runs may have ended meanwhile.
    agree(costs, bill, 0.2);
    assert.equal(costs.withoutPrice, 0);
    assert.deepEqual(bench.complaints(), []);
  });

  it("is what the meter's registers counted, but for what comes and goes within a minute", async () => {
    const { date, starts } = SUMMER;
    const [start = 0, end = 0] = [starts[0], (starts.at(-1) ?? 0) + QUARTER];
    const registers = async (time: number) => {
      lab.stopClockAt(time);
      return live("p1");
    };
    const [before, after] = [await registers(start), await registers(end)];
    const used = (...names: string[]) =>
      names.reduce((sum, name) => sum + (after[name] ?? Number.NaN) - (before[name] ?? Number.NaN), 0);
    await begin();
    const { bought, sold } = await ask(end - HOUR, 1);
    close(bought.kWh, used("t1", "t2"), 0.05);
    close(sold.kWh, used("t3", "t4"), 0.05);
    assert.equal(dateOf(start), date);
  });

  it("agrees with what CEMM page works out of the same minutes and prices", async () => {
    const { date, starts } = SUMMER;
    const [start = 0, end = 0] = [starts[0], (starts.at(-1) ?? 0) + QUARTER];
    lab.stopClockAt(end + HOUR);
    await begin();
    // Two hours have none.
    const prices = readPrices(FEED.message(starts.slice(8)), "Europe/Amsterdam");
    await bench.press("feed", { payload: prices });
    const costs = await ask(end - HOUR, 1);
    const client = new CemmClient({ host: HOUSE });
    const period = client.period("day", start);
    const { channels } = await client.history("p1", period);
    client.close();
    const record = { ...emptyRecord(period), meters: { p1: meterDay(channels, period) } };
    const day = houseDay(record, [{ alias: "p1", role: "grid", name: null }], period.end);
    const tariff = Tariff.parse({ kind: "hourly" });
    const { bought, sold, costs: euros } = dayFigures(day, { tariff, prices, timezone: "Europe/Amsterdam" });
    assert.equal(costs.day, date);
    close(costs.bought.kWh, bought ?? Number.NaN, 0.001);
    close(costs.sold.kWh, sold ?? Number.NaN, 0.001);
    close(costs.bought.euro, euros?.bought ?? Number.NaN, 0.006);
    close(costs.sold.euro, euros?.sold ?? Number.NaN, 0.006);
    close(costs.withoutPrice, euros?.withoutPrice ?? Number.NaN, 0.001);
    assert.ok(costs.withoutPrice > 0);
  });

  it("says how much has no price, and prices it once prices come", async () => {
    const { date, starts } = SUMMER;
    const [start = 0] = starts;
    lab.stopClockAt(start + 25 * HOUR);
    await begin();
    const none = await ask(start, 1);
    assert.equal(none.euro, 0);
    close(none.withoutPrice, none.bought.kWh + none.sold.kWh, 0.002);
    // Of half a day: the last price holds as long as the one before it.
    await bench.press("feed", { payload: FEED.message(starts.slice(0, 48)) });
    const half = await ask(start, 2);
    const bill = await billOf(date, starts.slice(0, 48), FEED, start + 12 * HOUR);
    close(half.withoutPrice, none.withoutPrice - bill.bought.kWh - bill.sold.kWh, 0.002);
    close(half.euro, bill.bought.euro - bill.sold.euro, 0.006);
    await bench.press("feed", { payload: FEED.message(starts) });
    assert.equal((await ask(start, 3)).withoutPrice, 0);
  });

  it("has yesterday as a whole, after a day in which Node-RED was off, too", async () => {
    await begin();
    await bench.press("one price");
    await bench.press("yesterday");
    const costs = await bench.shown("a day that is over", Costs);
    const date = dayFromToday(-1);
    assert.equal(costs.day, date);
    const midnight = Date.parse(`${date}T00:00Z`) - offsetOf(Date.now() - 24 * HOUR);
    agree(costs, await billOf(date, startsOf(midnight, 100), ONE));
  });

  it("knows when the low tariff begins and ends", async () => {
    await begin();
    await bench.press("two tariffs");
    const prices = await eventually(async () => {
      const context = await bench.nodeRed.admin("context/flow/costs-flow/prices");
      return Prices.parse(JSON.parse(Context.parse(await context.json()).msg));
    });
    const clock = (time: number) =>
      new Date(time).toLocaleString("en-GB", { timeZone: "Europe/Amsterdam", weekday: "short", hour: "2-digit" });
    assert.equal(prices.length, 9);
    for (const { time, buy } of prices) {
      const [day, hour] = clock(time).split(", ");
      assert.equal(buy, hour === "07" && !["Sat", "Sun"].includes(day ?? "") ? 0.29 : 0.24, clock(time));
    }
    assert.deepEqual(
      prices.map(({ time }) => `${dateOf(time)} ${clock(time).split(", ")[1]}`),
      [-1, 0, 1].flatMap((day) => ["00", "07", "23"].map((hour) => `${dayFromToday(day)} ${hour}`)),
    );
  });
});

/** With a button that sends prices as the feed's example does. */
function withFeed(flow: Flow): Flow {
  const feed = { id: "feed", type: "inject", name: "feed", props: [], wires: [["costs-kept"]] };
  return [...flow, onTab(feed, "costs-flow")];
}

function startsOf(midnight: number, count: number): number[] {
  return Array.from({ length: count }, (_, n) => midnight + n * QUARTER);
}

/** Ms by which the CEMM's clock is ahead of UTC. */
function offsetOf(time: number): number {
  const local = new Date(time).toLocaleString("sv-SE", { timeZone: "Europe/Amsterdam" });
  return Date.parse(`${local}Z`) - Math.floor(time / 1000) * 1000;
}

function agree(costs: z.infer<typeof Costs>, { bought, sold }: DayOfCosts, by = 0.0006): void {
  close(costs.bought.kWh, bought.kWh, by);
  close(costs.sold.kWh, sold.kWh, by);
  close(costs.bought.euro, bought.euro, by + 0.005);
  close(costs.sold.euro, sold.euro, by + 0.005);
  close(costs.euro, bought.euro - sold.euro, by + 0.005);
}

function close(value: number, expected: number, by: number): void {
  assert.ok(Math.abs(value - expected) <= by, `${value}, expected ${expected}`);
}
