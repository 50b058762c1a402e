/** What a day costs, on days of 23, 24 and 25 hours, with each kind of contract. */
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { AnsweringButton } from "./answering-button.js";
import { Bill, CONTRACTS, type Contract, QUARTER } from "./bill.js";
import { ClockLab, withProperties } from "./clock-lab.js";
import { feed, type Told, withFeed } from "./feed.js";
import { dateOf } from "./truth.js";
import type { Flow, Workbench } from "./workbench.js";

const NAME = "07 Costs of today";

const Side = z.strictObject({ kWh: z.number(), euro: z.number() });
const Costs = z.strictObject({ day: z.string(), euro: z.number(), used: Side, fedIn: Side, withoutPrice: z.number() });
const Prices = z.array(z.looseObject({ time: z.number(), t1: z.number(), t3: z.number() }));
const Context = z.object({ msg: z.string() });

describe(NAME, () => {
  let lab: ClockLab;
  let bench: Workbench;
  let button: AnsweringButton;

  before(async () => {
    lab = await ClockLab.start();
    bench = lab.bench;
    button = new AnsweringButton(bench, READ, "costs");
  });
  beforeEach(() => lab.setClock(Date.now));
  after(() => lab?.stop());

  const READ = "every quarter of an hour";
  const DAYS = [
    { date: "2026-03-29", zone: "+01:00", count: 92 },
    { date: "2026-06-16", zone: "+02:00", count: 96 },
    { date: "2026-10-25", zone: "+02:00", count: 100 },
  ];
  const NOON = Date.UTC(2026, 5, 16, 10);
  const NOTHING = { kWh: 0, euro: 0 };
  let told: Told = {};

  const priceOf = (t: number) => ({ t1: t, t2: t, t3: t, t4: t });
  const registers = async (time: number, kWh: object, suspect: string[] = []) => {
    const payload = { t1: null, t2: 20, t3: 0, t4: null, ...kWh };
    const cemm = { uid: lab.uid, alias: "p1", time, suspect };
    told = await feed(bench, { payload, cemm });
  };
  const shown = (name: string) => {
    const { used, withoutPrice } = Costs.parse(told[name]);
    return { used, withoutPrice };
  };
  const today = () => shown("today");
  /** Those of a dynamic contract, once they have come. */
  const dynamicPrices = async () => {
    for (;;) {
      const response = await bench.nodeRed.admin("context/flow/costs-flow/prices");
      const { data } = Prices.safeParse(JSON.parse(Context.parse(await response.json()).msg));
      if (data) return data;
      await pause(50);
    }
  };

  /** Nothing is read before the test says so. */
  const begin = async (changed = (flow: Flow) => flow) => {
    await lab.deploy(NAME, (flow) => changed(withProperties(flow, { inject: { once: false } })));
  };

  for (const { date, zone, count } of DAYS) {
    const midnight = Date.parse(`${date}T00:00${zone}`);
    const starts = Array.from({ length: count }, (_, n) => midnight + n * QUARTER);
    for (const contract of CONTRACTS) {
      it(`${date}, ${count} quarters, ${contract.name}`, () => day(date, starts, contract));
    }
  }

  it("works as it is imported", async () => {
    await lab.deploy(NAME);
    const [costs] = await bench.take("today", Costs, 1);
    assert.deepEqual(costs, { day: dateOf(Date.now()), euro: 0, used: NOTHING, fedIn: NOTHING, withoutPrice: 0 });
    await bench.press("a price for each quarter");
    const prices = await dynamicPrices();
    const [first = 0, date = ""] = [prices[0]?.time, dateOf(Date.now())];
    // The whole day, be it of 92 quarters or of 100, and nothing else.
    const times = Array.from({ length: 100 }, (_, n) => first + n * QUARTER).filter((time) => dateOf(time) === date);
    assert.deepEqual(
      prices.map(({ time }) => time),
      times,
    );
    assert.notEqual(dateOf(first - 1), date);
    for (const { t1, t3 } of prices) assert.ok(t1 > t3);
    assert.deepEqual(bench.complaints(), []);
  });

  it("splits what comes late among its quarters, and prices it when the prices come", async () => {
    await begin(withFeed);
    await registers(NOON - 10_000, { t1: 100 });
    // Four quarters in which Node-RED was off.
    await registers(NOON + 4 * QUARTER, { t1: 110 });
    assert.deepEqual(today(), { used: { kWh: 10, euro: 0 }, withoutPrice: 10 });
    const prices = [1, 2, 3, 4].map((euro, n) => ({ time: NOON + n * QUARTER, ...priceOf(euro) }));
    await bench.press("a price for each quarter", { payload: prices });
    await registers(NOON + 4 * QUARTER + 1000, { t1: 110 });
    // In each quarter the same, and a little in the ten seconds before them, which have no price.
    const ofQuarter = (10 * QUARTER) / (4 * QUARTER + 10_000);
    const euro = Number((ofQuarter * (1 + 2 + 3 + 4)).toFixed(2));
    const withoutPrice = Number((10 - 4 * ofQuarter).toFixed(3));
    assert.deepEqual(today(), { used: { kWh: 10, euro }, withoutPrice });
  });

  it("ends the day at midnight, whenever readings come", async () => {
    const midnight = Date.UTC(2026, 5, 16, 22);
    await begin(withFeed);
    await bench.press("one price", { payload: priceOf(1) });
    await registers(midnight - 5000, { t1: 100 });
    await registers(midnight + QUARTER - 5000, { t1: 109 });
    assert.deepEqual(shown("a day that is over"), { used: { kWh: 0.05, euro: 0.05 }, withoutPrice: 0 });
    assert.deepEqual(today(), { used: { kWh: 8.95, euro: 8.95 }, withoutPrice: 0 });
  });

  it("takes a price for each hour, but none that ended hours ago", async () => {
    await begin(withFeed);
    await bench.press("a price for each quarter", { payload: [{ time: NOON, ...priceOf(2) }] });
    for (let n = 0; n <= 5; n++) await registers(NOON + n * QUARTER, { t1: 100 + n });
    assert.deepEqual(today(), { used: { kWh: 5, euro: 8 }, withoutPrice: 1 });
  });

  it("goes on with a new meter, and does not believe a reading that is suspect", async () => {
    await begin(withFeed);
    await bench.press("one price", { payload: priceOf(1) });
    await registers(NOON, { t1: 5000 });
    await registers(NOON + QUARTER, { t1: 5001 });
    await registers(NOON + 2 * QUARTER, { t1: 12 });
    await registers(NOON + 3 * QUARTER, { t1: 14 });
    await registers(NOON + 4 * QUARTER, { t1: 99_999 }, ["t1"]);
    await registers(NOON + 5 * QUARTER, { t1: 15 });
    assert.deepEqual(today(), { used: { kWh: 4, euro: 4 }, withoutPrice: 0 });
  });

  async function day(date: string, starts: number[], { name, message, price }: Contract): Promise<void> {
    const [midnight = 0, end = 0] = [starts[0], (starts.at(-1) ?? 0) + QUARTER];
    assert.deepEqual(
      [dateOf(midnight - 1) < date, dateOf(midnight), dateOf(end - 1), dateOf(end) > date],
      [true, date, date, true],
    );
    await begin((flow) => button.added(flow));
    await bench.press(name, { payload: message(starts) });
    const bill = new Bill(price);
    const times = [...starts, end];
    // Once by the button itself.
    lab.stopClockAt(midnight);
    await bench.press(READ);
    await bench.take("today", Costs, 1);
    await bill.read();
    for (const time of times.slice(1)) {
      lab.stopClockAt(time);
      await button.press(time);
      await bill.read();
    }
    await button.allShown();
    assert.equal(bench.sofar("today", Costs).length, times.length);
    const [over] = await bench.take("a day that is over", Costs, 1);
    assert.ok(over);
    const { used, fedIn } = bill.day;
    assert.deepEqual([over.day, over.withoutPrice], [date, 0]);
    close(over.used.kWh, used.kWh, 0.0006);
    close(over.used.euro, used.euro, 0.006);
    close(over.fedIn.kWh, fedIn.kWh, 0.0006);
    close(over.fedIn.euro, fedIn.euro, 0.006);
    close(over.euro, used.euro - fedIn.euro, 0.006);
    assert.ok(used.kWh > 1 && fedIn.kWh > 1);
    assert.equal(bench.sofar("a day that is over", Costs).length, 1);
  }
});

function close(value: number, expected: number, by: number): void {
  assert.ok(Math.abs(value - expected) <= by, `${value}, expected ${expected}`);
}
