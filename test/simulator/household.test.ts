import assert from "node:assert/strict";
import { z } from "zod";
import type { Simulator } from "../../src/simulator/simulator.js";
import { closeAll, cloud, lan, read, seconds, simulate } from "./support.js";

const Pair = z.tuple([z.number(), z.number().nullable()]);
const Answer = z.object({ data: z.record(z.string(), z.array(Pair)) });
const Readings = z.object({ data: z.record(z.string(), Pair) });
type Samples = [number, number][];

/** Thousandths: watt-hours or litres. Fails if they are not whole, except for rounding. */
function exact(value: number): number {
  const thousandths = Math.round(value * 1000);
  assert.ok(Math.abs(value * 1000 - thousandths) < 1e-6, `${value} is not whole`);
  return thousandths;
}

const total = (samples: Samples): number => samples.reduce((sum, [, value]) => sum + exact(value), 0);

describe("the household", () => {
  let simulator: Simulator;

  before(async () => {
    simulator = await simulate({ now: () => Date.parse("2026-02-11T12:34:56+01:00"), devices: 2 });
  });
  after(closeAll);

  async function history(path: string, iso: string, device = 0): Promise<Record<string, Samples>> {
    const { data } = await read(lan(simulator, `${path}?time=${seconds(iso)}`, device), Answer);
    const known = Object.entries(data).map(([channel, pairs]): [string, Samples] => [
      channel,
      pairs.flatMap(([time, value]): Samples => (value === null ? [] : [[time, value]])),
    ]);
    return Object.fromEntries(known);
  }

  async function readings(alias: string, iso: string): Promise<Record<string, number>> {
    const { data } = await read(
      cloud(simulator, `cemm/:uid/${alias}/totals/`, { time: String(seconds(iso)) }),
      Readings,
    );
    return Object.fromEntries(Object.entries(data).map(([channel, [, value]]) => [channel, value ?? Number.NaN]));
  }

  async function tariffDifferences(from: string, to: string): Promise<{ low: number; high: number; gas: number }> {
    const [before, after] = [await readings("p1", from), await readings("p1", to)];
    const rise = (channel: string): number => exact(after[channel] ?? 0) - exact(before[channel] ?? 0);
    return { low: rise("t1") - rise("t3"), high: rise("t2") - rise("t4"), gas: rise("gas") };
  }

  it("has months that add up to a year's difference of the readings, to the watt-hour and the litre", async () => {
    const year = await history("p1/data/year/", "2025-01-01T00:00+01:00");
    const gas = await history("p1-gas/data/year/", "2025-01-01T00:00+01:00");
    const rise = await tariffDifferences("2024-12-31T12:00+01:00", "2025-12-31T12:00+01:00");
    assert.equal(year.electric_energy_low?.length, 12);
    assert.equal(total(year.electric_energy_low ?? []), rise.low);
    assert.equal(total(year.electric_energy_high ?? []), rise.high);
    assert.equal(total(gas.gas ?? []), rise.gas);
  });

  it("returns the same difference in electric_energy and electric_energy_high", async () => {
    const reading = await readings("p1", "2025-05-01T12:00+02:00");
    const { t1 = 0, t2 = 0, t3 = 0, t4 = 0, electric_energy = 0, electric_energy_high = 0 } = reading;
    assert.equal(exact(electric_energy), exact(t1) - exact(t3));
    assert.equal(exact(electric_energy_high), exact(t2) - exact(t4));
  });

  for (const alias of ["p1", "usage", "s01", "mb3", "p1-gas", "pulse-3"]) {
    it(`has days of ${alias} that add up to their month`, async () => {
      const year = await history(`${alias}/data/year/`, "2025-01-01T00:00+01:00");
      const month = await history(`${alias}/data/month/`, "2025-10-01T00:00+02:00");
      for (const [channel, months] of Object.entries(year)) {
        const october = months.find(([time]) => time === Date.parse("2025-10-01T00:00+02:00"))?.[1] ?? Number.NaN;
        assert.equal(month[channel]?.length, 31);
        assert.equal(total(month[channel] ?? []), exact(october), channel);
      }
    });
  }

  for (const [day, start, minutes] of [
    ["a day", "2025-06-04T00:00+02:00", 1440],
    ["the day of 23 hours", "2025-03-30T00:00+01:00", 1380],
    ["the day of 25 hours", "2025-10-26T00:00+02:00", 1500],
  ] as const) {
    it(`has ${minutes} minutes on ${day}, which add up to the day's energy for each tariff`, async () => {
      const power = (await history("p1/data/day/", start)).electric_power ?? [];
      assert.equal(power.length, minutes);
      const isWeekend = minutes !== 1440;
      const isLow = (time: number): boolean => {
        const hour = (new Date(time).getUTCHours() + 2) % 24;
        return isWeekend || hour < 7 || hour >= 23;
      };
      const energy = (low: boolean): number =>
        power.filter(([time]) => isLow(time) === low).reduce((sum, [, watt]) => sum + watt, 0) / 60_000;
      const month = await history("p1/data/month/", start);
      const ofDay = (channel: string): number =>
        month[channel]?.find(([time]) => time === Date.parse(start))?.[1] ?? Number.NaN;
      assert.equal(exact(energy(true)), exact(ofDay("electric_energy_low")));
      assert.equal(exact(energy(false)), exact(ofDay("electric_energy_high")));
    });
  }

  it("has every hour of gas on days of 23 and 25 hours, adding up to the day's", async () => {
    for (const [start, hours] of [
      ["2025-03-30T00:00+01:00", 23],
      ["2025-10-26T00:00+02:00", 25],
    ] as const) {
      const gas = (await history("p1-gas/data/day/", start)).gas ?? [];
      const month = await history("p1-gas/data/month/", start);
      assert.equal(gas.length, hours);
      assert.equal(total(gas), exact(month.gas?.find(([time]) => time === Date.parse(start))?.[1] ?? 0));
    }
  });

  it("returns the gas of a DSMR 5 meter in litres a minute, adding up to the day's", async () => {
    const start = "2025-11-20T00:00+01:00";
    const gas = (await history("p1-gas/data/day/", start, 1)).gas ?? [];
    const month = await history("p1-gas/data/month/", start, 1);
    assert.equal(gas.length, 1440);
    const litres = gas.reduce((sum, [, value]) => sum + value, 0);
    assert.equal(Math.round(litres), exact(month.gas?.find(([time]) => time === Date.parse(start))?.[1] ?? 0));
  });

  it("buys what the house uses and its panels do not make", async () => {
    const start = "2025-06-04T00:00+02:00";
    const of = async (alias: string): Promise<Samples> =>
      (await history(`${alias}/data/day/`, start)).electric_power ?? [];
    const [net, usage, pulse, modbus] = await Promise.all([of("p1"), of("usage"), of("s01"), of("mb3")]);
    for (const [n, [, watt]] of net.entries()) {
      assert.equal(watt, (usage[n]?.[1] ?? 0) - (pulse[n]?.[1] ?? 0) - (modbus[n]?.[1] ?? 0));
    }
    const isWhole = ([, watt]: [number, number]) => Number.isInteger(watt);
    assert.deepEqual([net.every(isWhole), modbus.every(isWhole)], [true, false], "a smart meter shows whole watts");
    assert.ok(net.some(([, watt]) => watt < 0) && usage.every(([, watt]) => watt > 0));
    assert.deepEqual([pulse[0]?.[1], modbus[0]?.[1]], [0, -4], "no sun at midnight: the inverter takes 4 W");
  });

  it("uses gas in winter, makes solar power in summer, and cooks at six", async () => {
    const gas = (await history("p1-gas/data/year/", "2025-01-01T00:00+01:00")).gas ?? [];
    const sun = (await history("s01/data/year/", "2025-01-01T00:00+01:00")).electric_energy_high ?? [];
    const [january, july] = [11, 5];
    assert.ok((gas[january]?.[1] ?? 0) > 4 * (gas[july]?.[1] ?? 0));
    assert.ok((sun[july]?.[1] ?? 0) > 2 * (sun[january]?.[1] ?? 0));

    const usage = (await history("usage/data/day/", "2025-06-04T00:00+02:00")).electric_power ?? [];
    const mean = (from: string, to: string): number => {
      const between = usage.filter(([time]) => time >= Date.parse(from) && time < Date.parse(to));
      return between.reduce((sum, [, watt]) => sum + watt, 0) / between.length;
    };
    const dinner = mean("2025-06-04T17:45+02:00", "2025-06-04T18:45+02:00");
    assert.ok(dinner > 2 * mean("2025-06-04T02:00+02:00", "2025-06-04T05:00+02:00"));
  });
});

describe("tariffs", () => {
  afterEach(closeAll);

  for (const [what, iso, isLow] of [
    ["a Monday", "2025-04-14T12:00+02:00", false],
    ["Easter Monday", "2025-04-21T12:00+02:00", true],
    ["King's Day", "2026-04-27T12:00+02:00", true],
    ["the day before a King's Day that is a Sunday", "2025-04-25T12:00+02:00", false],
    ["Ascension Day", "2025-05-29T12:00+02:00", true],
    ["Whit Monday", "2025-06-09T12:00+02:00", true],
    ["Christmas", "2025-12-25T12:00+01:00", true],
    ["New Year", "2026-01-01T12:00+01:00", true],
  ] as const) {
    it(`are ${isLow ? "low" : "high"} at noon on ${what}`, async () => {
      const simulator = await simulate({ now: () => Date.parse(iso) });
      const { data } = await read(lan(simulator, "p1/realtime/"), Readings);
      assert.equal(data.rate?.[1], isLow ? 1 : 2);
    });
  }
});

describe("meter readings", () => {
  afterEach(closeAll);

  it("were above 0 years ago, and differ between CEMMs", async () => {
    const simulator = await simulate({ devices: 11 });
    const time = String(seconds("2022-01-01T12:00+01:00"));
    for (const alias of ["p1-gas", "s01"]) {
      const { data } = await read(cloud(simulator, `cemm/:uid/${alias}/totals/`, { time }), Readings);
      for (const [name, [, value]] of Object.entries(data)) assert.ok((value ?? 0) > 0, `${name}: ${value}`);
    }
    // These two use the same energy, but not since the same day.
    const [one, other] = await Promise.all([1, 10].map((n) => read(lan(simulator, "p1/realtime/", n), Readings)));
    assert.equal(one?.data.electric_power?.[1], other?.data.electric_power?.[1]);
    assert.notEqual(one?.data.t1?.[1], other?.data.t1?.[1]);
  }).timeout(20_000);
});

describe("live values", () => {
  after(closeAll);

  it("rise within the minute, and match the history at its start and end", async () => {
    let now = Date.parse("2025-01-14T18:10:00+01:00");
    const simulator = await simulate({ now: () => now });
    const live = async (): Promise<number[]> => {
      const { data } = await read(lan(simulator, "p1/realtime/"), Readings);
      return ["t2", "electric_power"].map((channel) => data[channel]?.[1] ?? Number.NaN);
    };
    const [from = 0, watt = 0] = await live();
    now += 30_000;
    const [halfway = 0] = await live();
    now += 30_000;
    const [to = 0] = await live();
    // A meter counts whole watt-hours.
    const isNear = (value: number, wanted: number) => exact(value) >= 0 && Math.abs(value - wanted) < 0.001;
    assert.ok(isNear(halfway, from + watt / 120_000));
    assert.ok(isNear(to, from + watt / 60_000));

    const { data } = await read(lan(simulator, "p1/data/day/"), Answer);
    assert.deepEqual(data.electric_power?.[1], [now - 60_000, watt]);
  });

  it("are the same for the same seed and time, and different for another seed", async () => {
    const ask = async (seed: number): Promise<unknown> => (await lan(await simulate({ seed }), "p1/realtime/")).json();
    const [first, second, other] = [await ask(7), await ask(7), await ask(8)];
    assert.deepEqual(first, second);
    assert.notDeepEqual(first, other);
  });
});
