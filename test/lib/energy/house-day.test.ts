/** A day's sums come from the registers if they are known and continue, or else from the minutes. */
import assert from "node:assert/strict";
import { type DayRecord, emptyRecord, meterDay, QUARTER, sumOf } from "../../../src/lib/energy/day-record.js";
import { figuresOf, sumsOf } from "../../../src/lib/energy/figures.js";
import { type HouseMeter, houseMeters } from "../../../src/lib/energy/house.js";
import { houseDay } from "../../../src/lib/energy/house-day.js";
import { registersAt } from "../../../src/lib/energy/midnight.js";
import { type Channel, type Period, periodAt } from "../../../src/lib/internal.js";

const DAY = periodAt("day", Date.UTC(2026, 5, 16, 12), "Europe/Amsterdam");
const MINUTE = 60_000;
const P1: HouseMeter = { alias: "p1", role: "grid", name: null };
const SUN: HouseMeter = { alias: "s01", role: "solar", name: null };

const channel = (unit: string, samples: Channel["samples"]): Channel =>
  ({ name: "", unit, deviceClass: null, stateClass: null, stale: false, samples }) satisfies Channel;

/** A value for every minute of the day, or for every `step` minutes. */
function dayOf(name: string, unit: string, valueAt: (minute: number) => number | null, step = 1, day: Period = DAY) {
  const count = (day.end - day.start) / MINUTE / step;
  const samples = Array.from({ length: count }, (_, n) => ({
    time: day.start + n * step * MINUTE,
    value: valueAt(n * step),
  }));
  return meterDay({ [name]: channel(unit, samples) }, day);
}

const power = (valueAt: (minute: number) => number | null) => dayOf("electric_power", "W", valueAt);

function record(
  meters: DayRecord["meters"],
  registers: Partial<Pick<DayRecord, "opening" | "closing">> = {},
): DayRecord {
  return { ...emptyRecord(DAY), meters, ...registers };
}

const registers = (t1: number, t2: number, t3 = 0, t4 = 0) => ({ p1: { t1, t2, t3, t4 } });

describe("a day of the house", () => {
  it("adds up its minutes, bought and sold separately", () => {
    const day = houseDay(record({ p1: power((minute) => (minute < 720 ? 500 : -250)) }), [P1]);
    assert.equal(sumOf(day.bought ?? []), 6);
    assert.equal(sumOf(day.sold ?? []), 3);
    assert.equal(day.source, "minutes");
  });

  it("uses the registers at both midnights if they are known, and scales its quarters to them", () => {
    const known = { opening: registers(100, 200), closing: registers(102, 204.2, 0, 3.1) };
    const day = houseDay(record({ p1: power((minute) => (minute < 720 ? 500 : -250)) }, known), [P1]);
    assert.equal(day.source, "registers");
    assert.equal((sumOf(day.bought ?? []) ?? 0).toFixed(6), "6.200000");
    assert.equal((sumOf(day.sold ?? []) ?? 0).toFixed(6), "3.100000");
    assert.deepEqual(day.tariffs?.sold, { t1: 0, t2: 3.1 - 0 });
  });

  it("does not use registers that do not continue, as after a meter was replaced", () => {
    for (const closing of [registers(3, 1), registers(100, 99_000)]) {
      const replaced = record({ p1: power(() => 500) }, { opening: registers(100, 200), closing });
      const day = houseDay(replaced, [P1]);
      assert.equal(day.source, "minutes");
      assert.equal(sumOf(day.bought ?? []), 12);
    }
  });

  it("is known from its registers if the CEMM recorded nothing", () => {
    const known = record({ p1: null }, { opening: registers(100, 200), closing: registers(101, 202) });
    const day = houseDay(known, [P1]);
    assert.equal((sumOf(day.bought ?? []) ?? 0).toFixed(6), "3.000000");
  });

  it("counts the minutes that are missing if the sums come from minutes", () => {
    const gappy = power((minute) => (minute < 60 ? null : 500));
    assert.equal(houseDay(record({ p1: gappy }), [P1]).gaps, 60);
    const known = { opening: registers(100, 200), closing: registers(106, 206) };
    assert.equal(houseDay(record({ p1: gappy }, known), [P1]).gaps, 0);
  });

  it("includes today's newest minutes in the current quarter", () => {
    const until = DAY.start + 5 * QUARTER + 6 * MINUTE;
    const recorded = power((minute) => (minute < 75 ? 1000 : null));
    const known = record({ p1: recorded }, { opening: registers(100, 200), closing: registers(101.3, 200) });
    const day = houseDay(known, [P1], until);
    assert.deepEqual(
      day.bought?.map((kWh) => Number(kWh?.toFixed(6))),
      [0.25, 0.25, 0.25, 0.25, 0.25, 0.05],
    );
  });

  it("is empty if it has just begun", () => {
    const known = record({ p1: null }, { opening: registers(100, 200), closing: registers(100, 200) });
    assert.deepEqual(houseDay(known, [P1], DAY.start).bought, []);
  });

  it("is complete once every meter was asked", () => {
    assert.equal(houseDay(record({ p1: null }), [P1, SUN]).isComplete, false);
    assert.equal(houseDay(record({ p1: null, s01: null }), [P1, SUN]).isComplete, true);
  });

  it("has a consumption below 0, and no self-consumption, if more was sold than the panels made", () => {
    const day = houseDay(record({ p1: power(() => -500), s01: power(() => 100) }), [P1, SUN]);
    const { consumption, selfConsumption, selfSufficiency } = figuresOf(sumsOf(day));
    assert.deepEqual(
      { consumption, selfConsumption, selfSufficiency },
      { consumption: -9.6, selfConsumption: null, selfSufficiency: null },
    );
  });

  it("adds up litres a minute, and cubic metres an hour", () => {
    const meters: HouseMeter[] = [
      { alias: "p1-gas", role: "gas", name: null },
      { alias: "pulse-3", role: "water", name: null },
    ];
    const gas = dayOf("gas", "m³", () => 0.125, 60);
    const water = dayOf("flow", "L/min", (minute) => (minute < 10 ? 12 : 0));
    const day = houseDay(record({ "p1-gas": gas, "pulse-3": water }), meters);
    const { bought, gas: gasSum, water: waterSum } = figuresOf(sumsOf(day));
    assert.deepEqual([bought, gasSum, waterSum], [null, 3, 0.12]);
  });

  it("does not count a sub-meter's energy twice", () => {
    const meters: HouseMeter[] = [P1, { alias: "mb1", role: "sub-meter", name: "Heat pump" }];
    const day = houseDay(record({ p1: power(() => 500), mb1: power(() => 300) }), meters);
    assert.equal(sumOf(day.apart.mb1?.quarters ?? [])?.toFixed(6), "7.200000");
    assert.equal(figuresOf(sumsOf(day)).consumption, 12);
  });
});

describe("the registers at midnight", () => {
  const before = { time: DAY.start - 6000, registers: { t1: 100, t2: 50 } };

  it("are interpolated between the readings before and after", () => {
    const after = { time: DAY.start + 4000, registers: { t1: 100.1, t2: 50 } };
    assert.equal(registersAt(before, after, DAY.start)?.t1?.toFixed(6), "100.060000");
  });

  it("are not known if those are more than five minutes apart", () => {
    const after = { time: DAY.start + 300_000, registers: { t1: 100.1, t2: 50 } };
    assert.equal(registersAt(before, after, DAY.start), undefined);
    assert.equal(registersAt(undefined, after, DAY.start), undefined);
  });
});

describe("the meters of the house", () => {
  const listed = [
    { alias: "mb3", type: "solar_energy" },
    { alias: "p1", type: "p1" },
    { alias: "pulse-1", type: "gas" },
    { alias: "s01", type: "electricity" },
    { alias: "zz9", type: "thermostat" },
    { alias: null, type: "p1" },
    { alias: "__proto__", type: "p1" },
    { alias: "../p1", type: "p1" },
  ];
  const rolesOf = (meters: readonly HouseMeter[]) => meters.map(({ alias, role }) => `${alias} ${role}`);

  it("are the ones in the CEMM's list, with roles by their types, the grid first", () => {
    const roles = ["p1 grid", "mb3 solar", "s01 sub-meter", "pulse-1 gas", "zz9 unknown"];
    assert.deepEqual(rolesOf(houseMeters(listed, [])), roles);
  });

  it("are renamed, given another role, hidden or added as set in the dialog", () => {
    const meters = houseMeters(listed, [
      { alias: "s01", name: "Heat pump" },
      { alias: "zz9", shown: false },
      { alias: "pulse-1", role: "water" },
      { alias: "mb1", role: "solar" },
    ]);
    assert.deepEqual(rolesOf(meters), ["p1 grid", "mb1 solar", "mb3 solar", "s01 sub-meter", "pulse-1 water"]);
    assert.equal(meters.find(({ alias }) => alias === "s01")?.name, "Heat pump");
  });
});
