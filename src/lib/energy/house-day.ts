/** A day of the house: the records of its meters, added up by role. */
import { maxRise } from "../data/counters.js";
import {
  addQuarters,
  type DayRecord,
  type EnergyDay,
  type MeterDay,
  QUARTER,
  type Quarters,
  type Registers,
  sumOf,
} from "./day-record.js";
import type { HouseMeter } from "./house.js";

const WATT_MINUTES = 60_000;
const LITRES = 1000;
const MINUTE = 60_000;

/** kWh per tariff, by the registers of the smart meter: 1 and 3, 2 and 4. */
export interface TariffSums {
  bought: { t1: number; t2: number };
  sold: { t1: number; t2: number };
}

/** kWh and m³ per quarter-hour; null if the house has no such meter, or it recorded nothing. */
export interface HouseDay {
  date: string;
  start: number;
  end: number;
  /** Up to when the day is known: `end` for a day that is over. */
  until: number;
  bought: Quarters | null;
  sold: Quarters | null;
  solar: Quarters | null;
  gas: Quarters | null;
  water: Quarters | null;
  /** By alias: the meters that are not part of the house's sums. */
  apart: Record<string, { quarters: Quarters; unit: "kWh" | "m³" }>;
  /** If all smart meters' registers are known; else null. */
  tariffs: TariffSums | null;
  source: "registers" | "minutes" | null;
  /** Minutes that the CEMM did not record, if the sums come from minutes. */
  gaps: number;
  /** Whether every meter of the house has been asked. */
  isComplete: boolean;
}

/**
 * `until`: up to when the day is known, epoch ms. If a smart meter's registers are known at both midnights (for today:
 * at the first one and now) and plausible, they give what was bought and sold, and the minutes are adjusted to match.
 */
export function houseDay(record: DayRecord, meters: readonly HouseMeter[], until = record.end): HouseDay {
  const { end } = record;
  const used = (role: HouseMeter["role"]) => meters.filter((meter) => meter.role === role).map(({ alias }) => alias);
  const grid = used("grid").map((alias) => gridDay(record, alias, until, until < end));
  const registers = grid.flatMap(({ registers }) => registers ?? []);
  const byRegisters = grid.length > 0 && registers.length === grid.length;
  const volume = (role: "gas" | "water") => total(used(role).map((alias) => volumeOf(record.meters[alias])));
  const solar = used("solar").map((alias) => energyOf(record.meters[alias]));
  const bought = total(grid.map(({ bought }) => bought));
  const recorded = grid.flatMap(({ day }) => day ?? []);
  return {
    date: record.date,
    start: record.start,
    end,
    until,
    bought,
    sold: total(grid.map(({ sold }) => sold)),
    solar: total(solar.map((day) => day && inKwh(day.taken))),
    gas: volume("gas"),
    water: volume("water"),
    apart: apartOf(record, [...used("sub-meter"), ...used("unknown")]),
    tariffs: byRegisters ? registers.reduce(addTariffs) : null,
    source: bought === null ? null : byRegisters ? "registers" : "minutes",
    gaps: byRegisters ? 0 : recorded.reduce((gaps, day) => gaps + gapsOf(day, record, until), 0),
    isComplete: meters.every(({ alias }) => Object.hasOwn(record.meters, alias)),
  };
}

interface GridDay {
  day: EnergyDay | null;
  bought: Quarters | null;
  sold: Quarters | null;
  registers: TariffSums | null;
}

function gridDay(record: DayRecord, alias: string, until: number, isRunning: boolean): GridDay {
  const day = energyOf(record.meters[alias]);
  const registers = registersUsed(record, alias, until);
  if (!registers) return { day, bought: day && inKwh(day.taken), sold: day && inKwh(day.given), registers };
  const { bought, sold } = registers;
  // Up to now: the last quarter is the running one.
  const count = Math.ceil((until - record.start) / QUARTER);
  const ofDay = (side: "taken" | "given"): Quarters => {
    const known = day ? inKwh(day[side]) : [];
    return Array.from({ length: count }, (_, n) => known[n] ?? null);
  };
  return {
    day,
    bought: adjusted(ofDay("taken"), bought.t1 + bought.t2, isRunning),
    sold: adjusted(ofDay("given"), sold.t1 + sold.t2, isRunning),
    registers,
  };
}

/** Null if a register is missing or implausible: the meter was replaced, or misread. */
function registersUsed({ start, opening, closing }: DayRecord, alias: string, until: number): TariffSums | null {
  const [from, to] = [opening[alias], closing[alias]];
  if (!from || !to) return null;
  const used = (channel: string): number | null => registerUsed(channel, from, to, until - start);
  const [t1, t2, t3, t4] = [used("t1"), used("t2"), used("t3"), used("t4")];
  if (t1 === null || t2 === null) return null;
  // A meter that does not measure export has no registers for it.
  return { bought: { t1, t2 }, sold: { t1: t3 ?? 0, t2: t4 ?? 0 } };
}

function registerUsed(channel: string, from: Registers, to: Registers, elapsed: number): number | null {
  const [before, after] = [from[channel], to[channel]];
  if (before === undefined || after === undefined) return null;
  const used = after - before;
  return used >= 0 && used <= maxRise(channel, elapsed) ? used : null;
}

/**
 * Adjusts the quarters so that they add up to `sum`. On the running day the difference goes to the running quarter,
 * whose newest minutes are still to come; otherwise to all in proportion, or evenly if none was recorded.
 */
function adjusted(quarters: Quarters, sum: number, isRunning: boolean): Quarters {
  // At midnight there is no quarter yet.
  if (quarters.length === 0) return quarters;
  const known = sumOf(quarters) ?? 0;
  if (known === 0 && !isRunning) return quarters.map(() => sum / quarters.length);
  if (isRunning && sum >= known) return quarters.with(-1, (quarters.at(-1) ?? 0) + sum - known);
  return quarters.map((value) => (value === null ? null : (value * sum) / known));
}

function apartOf(record: DayRecord, aliases: readonly string[]): HouseDay["apart"] {
  const apart: HouseDay["apart"] = {};
  for (const alias of aliases) {
    const [energy, volume] = [energyOf(record.meters[alias]), volumeOf(record.meters[alias])];
    if (energy) apart[alias] = { quarters: inKwh(energy.taken), unit: "kWh" };
    else if (volume) apart[alias] = { quarters: volume, unit: "m³" };
  }
  return apart;
}

/** Minutes without a value. On the running day the newest arrive late, so the last quarter with data is skipped. */
function gapsOf({ minutes, taken }: EnergyDay, { start }: DayRecord, until: number): number {
  const isOver = until >= start + taken.length * QUARTER;
  const last = taken.findLastIndex((value) => value !== null);
  const expected = isOver ? until - start : last * QUARTER;
  return Math.max(0, Math.round(expected / MINUTE) - minutes);
}

const energyOf = (day: MeterDay | undefined): EnergyDay | null => (day && "taken" in day ? day : null);
const volumeOf = (day: MeterDay | undefined): Quarters | null =>
  day && "litres" in day ? day.litres.map((litres) => (litres === null ? null : litres / LITRES)) : null;

const inKwh = (wattMinutes: Quarters): Quarters =>
  wattMinutes.map((value) => (value === null ? null : value / WATT_MINUTES));

function total(all: readonly (Quarters | null)[]): Quarters | null {
  const known = all.filter((quarters) => quarters !== null);
  return known.length === 0 ? null : known.reduce(addQuarters);
}

function addTariffs(a: TariffSums, b: TariffSums): TariffSums {
  const add = (side: "bought" | "sold") => ({ t1: a[side].t1 + b[side].t1, t2: a[side].t2 + b[side].t2 });
  return { bought: add("bought"), sold: add("sold") };
}
