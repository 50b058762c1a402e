/** The appliances of the house, when they run and what they use: a table that is added to the minutes of a day. */
import { noise, seedOf } from "./random.js";

/** For each minute: W, L/min of water, L/min of gas. */
interface Demand {
  watt: Int32Array;
  water: Int32Array;
  gas: Int32Array;
}

interface Phase {
  minutes: number;
  watt?: number;
  water?: number;
  gas?: number;
}

interface Appliance {
  name: string;
  /** How often: the share of days. */
  chance: number;
  weekend?: boolean;
  /** Start in local time, minutes after midnight, and its spread. */
  at: number;
  spread: number;
  phases: readonly Phase[];
}

const clock = (hours: number, minutes = 0): number => hours * 60 + minutes;
const flush: readonly Phase[] = [{ minutes: 2, water: 3 }];
const wash: readonly Phase[] = [{ minutes: 2, water: 4, gas: 14 }];

const APPLIANCES: readonly Appliance[] = [
  { name: "shower", chance: 0.95, at: clock(7), spread: 20, phases: [{ minutes: 8, water: 8, gas: 31 }] },
  { name: "second shower", chance: 0.6, at: clock(7, 25), spread: 20, phases: [{ minutes: 6, water: 8, gas: 31 }] },
  { name: "kettle", chance: 0.9, at: clock(7, 20), spread: 12, phases: [{ minutes: 3, watt: 2100, water: 1 }] },
  { name: "toaster", chance: 0.6, at: clock(7, 30), spread: 12, phases: [{ minutes: 3, watt: 900 }] },
  {
    name: "coffee",
    chance: 0.9,
    at: clock(7, 35),
    spread: 15,
    phases: [
      { minutes: 4, watt: 1250 },
      { minutes: 25, watt: 70 },
    ],
  },
  { name: "lunch", chance: 0.8, weekend: true, at: clock(12, 30), spread: 25, phases: [{ minutes: 12, watt: 1300 }] },
  { name: "tea", chance: 0.5, at: clock(15, 30), spread: 40, phases: [{ minutes: 3, watt: 2100, water: 1 }] },
  {
    name: "hob",
    chance: 0.95,
    at: clock(18),
    spread: 12,
    phases: [
      { minutes: 8, watt: 2200, water: 1 },
      { minutes: 3, watt: 400 },
      { minutes: 6, watt: 1800 },
      { minutes: 4, watt: 350 },
      { minutes: 7, watt: 1500 },
      { minutes: 6, watt: 400 },
    ],
  },
  {
    name: "oven",
    chance: 0.35,
    at: clock(17, 50),
    spread: 15,
    phases: [
      { minutes: 11, watt: 2300 },
      { minutes: 5 },
      { minutes: 4, watt: 2300 },
      { minutes: 6 },
      { minutes: 4, watt: 2300 },
    ],
  },
  { name: "dishes", chance: 0.9, at: clock(18, 50), spread: 15, phases: [{ minutes: 4, water: 5, gas: 20 }] },
  { name: "television", chance: 0.9, at: clock(20), spread: 35, phases: [{ minutes: 150, watt: 125 }] },
  {
    name: "dishwasher",
    chance: 0.55,
    at: clock(20, 15),
    spread: 30,
    phases: [
      { minutes: 2, watt: 80, water: 3 },
      { minutes: 18, watt: 2000 },
      { minutes: 30, watt: 60 },
      { minutes: 12, watt: 2000, water: 1 },
      { minutes: 20, watt: 20 },
    ],
  },
  {
    name: "washing machine",
    chance: 0.4,
    at: clock(10, 30),
    spread: 90,
    phases: [
      { minutes: 3, watt: 150, water: 7 },
      { minutes: 18, watt: 2050 },
      { minutes: 35, watt: 190 },
      { minutes: 4, watt: 150, water: 8 },
      { minutes: 14, watt: 250 },
      { minutes: 8, watt: 520 },
    ],
  },
  { name: "dryer", chance: 0.2, at: clock(13), spread: 60, phases: [{ minutes: 70, watt: 800 }] },
  { name: "vacuum cleaner", chance: 0.25, at: clock(11), spread: 60, phases: [{ minutes: 18, watt: 750 }] },
  { name: "flush at night", chance: 0.4, at: clock(3, 30), spread: 80, phases: flush },
  { name: "flush in the morning", chance: 1, at: clock(6, 50), spread: 12, phases: flush },
  { name: "flush before leaving", chance: 0.8, at: clock(8, 10), spread: 15, phases: flush },
  { name: "flush at noon", chance: 0.5, at: clock(13), spread: 60, phases: flush },
  { name: "flush at home again", chance: 0.9, at: clock(17, 20), spread: 30, phases: flush },
  { name: "flush in the evening", chance: 0.9, at: clock(20, 50), spread: 40, phases: flush },
  { name: "flush before bed", chance: 1, at: clock(22, 45), spread: 25, phases: flush },
  { name: "hands before dinner", chance: 0.9, at: clock(17, 40), spread: 15, phases: wash },
  { name: "teeth before bed", chance: 1, at: clock(22, 50), spread: 20, phases: wash },
];

/** The day's demand. `minuteAt` converts a local time to a minute of this day: days of 23 and 25 hours differ. */
export function demandOfDay(
  seed: number,
  day: { index: number; minutes: number; isWeekend: boolean; minuteAt(clockMinute: number): number },
): Demand {
  const empty = (): Int32Array => new Int32Array(day.minutes);
  const demand: Demand = { watt: empty(), water: empty(), gas: empty() };
  for (const { name, chance, weekend, at, spread, phases } of APPLIANCES) {
    const dice = seedOf(seed, name);
    if ((weekend && !day.isWeekend) || noise(dice, 2 * day.index) >= chance) continue;
    const sleepIn = day.isWeekend && at < clock(9) ? 75 : 0;
    const stray = Math.round((2 * noise(dice, 2 * day.index + 1) - 1) * spread);
    paint(demand, day.minuteAt(at + sleepIn + stray), phases);
  }
  return demand;
}

function paint(demand: Demand, start: number, phases: readonly Phase[]): void {
  let from = start;
  for (const { minutes, watt = 0, water = 0, gas = 0 } of phases) {
    add(demand.watt, from, minutes, watt);
    add(demand.water, from, minutes, water);
    add(demand.gas, from, minutes, gas);
    from += minutes;
  }
}

function add(minutes: Int32Array, from: number, count: number, amount: number): void {
  if (amount === 0) return;
  for (let minute = from; minute < Math.min(from + count, minutes.length); minute++) {
    minutes[minute] = (minutes[minute] ?? 0) + amount;
  }
}
