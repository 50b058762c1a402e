/**
 * One day of the household, minute by minute, in whole numbers, so that every sum is exact. Electricity is in half
 * watts, trimmed to whole watt-hours in each quarter-hour; gas in fifths of a litre and water in litres a minute.
 */
import { demandOfDay } from "./appliances.js";
import type { Calendar } from "./calendar.js";
import { noise, seedOf } from "./random.js";
import { clearness, clearSkyYield, isDark, temperatureAt } from "./weather.js";

export interface House {
  seed: number;
  calendar: Calendar;
  /** 1: a family's house. */
  size: number;
  solar: readonly SolarMeter[];
}

export interface SolarMeter {
  alias: string;
  /** A Modbus meter also counts what the inverter takes at night; a pulse meter does not. */
  countsOwnUse: boolean;
}

export interface Tariff {
  isLow: boolean;
  from: number;
  to: number;
}

export interface Day {
  index: number;
  start: number;
  minutes: number;
  /** Which tariff applies from which minute to which, oldest first. */
  tariffs: readonly Tariff[];
  /** `net`, `usage`, `gas`, `water`, and each solar meter's alias. */
  rates: ReadonlyMap<string, Int32Array>;
}

const MINUTE = 60_000;
const QUARTER = 15;
const HALF_WATTS_OF_A_WATT_HOUR = 120;
const WATT = 2;
/** The night use of an inverter: 4 W, a whole watt-hour in a quarter of an hour. */
const OWN_USE = 8;
const HIGH_TARIFF_STARTS = 7 * 60;
const HIGH_TARIFF_ENDS = 23 * 60;

export function dayOf(house: House, index: number): Day {
  const { calendar } = house;
  const start = calendar.dayStart(index);
  const minutes = calendar.minutesOfDay(index);
  const isWeekend = calendar.isWeekend(index);
  // Clocks change between 0:00 and 4:00: what happens before 3:00 keeps its minute, the rest moves.
  const minuteAt = (clockMinute: number): number => (clockMinute < 180 ? clockMinute : clockMinute + minutes - 1440);
  const clock = { start, minutes, minuteAt };
  const demand = demandOfDay(house.seed, { index, minutes, isWeekend, minuteAt });

  const sky = clearness(seedOf(house.seed, "sky"), index, minutes);
  const rates = new Map(house.solar.map((meter) => [meter.alias, solarPower(house, meter, start, sky)]));
  const [net, usage] = electricity(house, clock, demand.watt, [...rates.values()]);
  rates.set("net", net).set("usage", usage);
  rates.set("gas", gasFlow(house, clock, demand.gas)).set("water", demand.water);
  return {
    index,
    start,
    minutes,
    tariffs: isWeekend || calendar.isHoliday(index) ? [{ isLow: true, from: 0, to: minutes }] : tariffs(clock),
    rates,
  };
}

function tariffs({ minutes, minuteAt }: Clock): Tariff[] {
  const [from, to] = [minuteAt(HIGH_TARIFF_STARTS), minuteAt(HIGH_TARIFF_ENDS)];
  return [
    { isLow: true, from: 0, to: from },
    { isLow: false, from, to },
    { isLow: true, from: to, to: minutes },
  ];
}

function solarPower(house: House, meter: SolarMeter, start: number, sky: Float64Array): Int32Array {
  const { alias, countsOwnUse } = meter;
  const roof = seedOf(house.seed, alias);
  const peak = 2 * house.size * (1500 + 900 * noise(roof, 0));
  const turn = (noise(roof, 1) - 0.5) * 0.8;
  const power = new Int32Array(sky.length);
  let next = clearSkyYield(start, turn);
  for (let from = 0; from < sky.length; from += QUARTER) {
    const now = next;
    next = clearSkyYield(start + (from + QUARTER) * MINUTE, turn);
    if (now === 0 && next === 0) {
      if (countsOwnUse) power.fill(-OWN_USE, from, from + QUARTER);
      continue;
    }
    for (let n = 0; n < QUARTER; n++) {
      power[from + n] = peak * (now + ((next - now) * n) / QUARTER) * (sky[from + n] ?? 0);
    }
    trim(power, from, 1, 1);
  }
  return power;
}

type Clock = { start: number; minutes: number; minuteAt(clockMinute: number): number };

/** The power at the grid meter (negative: export), and the consumption of the house: the same plus solar. */
function electricity(house: House, day: Clock, appliances: Int32Array, solar: Int32Array[]): [Int32Array, Int32Array] {
  const usage = new Int32Array(day.minutes);
  const net = new Int32Array(day.minutes);
  const [up, toBed] = [day.minuteAt(6 * 60 + 45), day.minuteAt(23 * 60)];
  let lights = 0;
  for (let minute = 0; minute < day.minutes; minute++) {
    if (minute % QUARTER === 0) {
      lights = minute >= up && minute < toBed && isDark(day.start + minute * MINUTE) ? 110 : 0;
    }
    const always = 150 + lights + fridge(house.seed, day.start / MINUTE + minute);
    usage[minute] = 2 * Math.round(house.size * always + (appliances[minute] ?? 0));
    net[minute] = WATT * Math.round(((usage[minute] ?? 0) - sumAt(solar, minute)) / WATT);
  }
  for (let from = 0; from < day.minutes; from += QUARTER) {
    trim(net, from, 1, WATT);
    trim(net, from, -1, WATT);
  }
  for (let minute = 0; minute < day.minutes; minute++) usage[minute] = (net[minute] ?? 0) + sumAt(solar, minute);
  return [net, usage];
}

/** The base load: a compressor that runs a third of the time, and small devices. */
function fridge(seed: number, minute: number): number {
  return (minute % 46 < 15 ? 85 : 0) + Math.floor(16 * noise(seed, minute));
}

function sumAt(rates: readonly Int32Array[], minute: number): number {
  let sum = 0;
  for (const rate of rates) sum += rate[minute] ?? 0;
  return sum;
}

/** Trims consumption (sign 1) or export (sign -1) of this quarter of an hour, in steps, to whole watt-hours. */
function trim(power: Int32Array, from: number, sign: 1 | -1, step: 1 | 2): void {
  let sum = 0;
  for (let minute = from; minute < from + QUARTER; minute++) sum += Math.max(0, sign * (power[minute] ?? 0));
  let excess = sum % HALF_WATTS_OF_A_WATT_HOUR;
  for (let minute = from; excess > 0; minute = minute === from + QUARTER - 1 ? from : minute + 1) {
    const taken = Math.min(step * Math.ceil(excess / QUARTER / step), Math.max(0, sign * (power[minute] ?? 0)));
    power[minute] = (power[minute] ?? 0) - sign * taken;
    excess -= taken;
  }
}

/** Heating and hot water, in whole litres for each five minutes. */
function gasFlow(house: House, day: Clock, hotWater: Int32Array): Int32Array {
  const flow = new Int32Array(day.minutes);
  const dice = seedOf(house.seed, "boiler");
  for (let from = 0; from < day.minutes; from += 5) {
    const time = day.start + from * MINUTE;
    const isDay = from >= day.minuteAt(6 * 60) && from < day.minuteAt(22 * 60 + 30);
    const cold = Math.max(0, (isDay ? 17 : 13) - temperatureAt(house.seed, time));
    let litres = Math.floor(1.2 * house.size * cold + (cold > 0 ? noise(dice, time / MINUTE) : 0));
    for (let minute = from; minute < from + 5; minute++) litres += hotWater[minute] ?? 0;
    flow.fill(litres, from, from + 5);
  }
  return flow;
}
