/** The household: a pure function of seed and time, so live values, history and readings agree to the last digit. */
import { Calendar, type CalendarPeriod } from "./calendar.js";
import { type Day, dayOf, type House, type SolarMeter } from "./day.js";
import { seedOf } from "./random.js";

const REGISTERS = ["t1", "t2", "t3", "t4"] as const;
export type Register = (typeof REGISTERS)[number];
/** What went through a meter, in its rate's unit times seconds: import (1, 2) and export (3, 4), low and normal tariff. */
export type Registers = Record<Register, number>;

interface HouseholdOptions {
  seed: string;
  timezone: string;
  size: number;
  solar: readonly SolarMeter[];
}

type Sums = ReadonlyMap<string, Registers>;

const MINUTE = 60_000;
const DAYS_KEPT = 8;
// The model begins in 2014, the counters in 2025, since adding up eleven years of minutes takes seconds.
const ANCHOR_DAY = 11 * 365 + 3;
const NOTHING: Registers = { t1: 0, t2: 0, t3: 0, t4: 0 };

export class Household {
  readonly calendar: Calendar;
  readonly size: number;
  /** Number of roofs with solar panels. */
  readonly roofs: number;
  private readonly house: House;
  private readonly days = new Map<number, Day>();
  private readonly sums = new Map<number, Sums>();
  private readonly counted = new Map<number, Sums>([[ANCHOR_DAY, new Map()]]);
  private first = ANCHOR_DAY;
  private last = ANCHOR_DAY;
  private readonly lastAsked = new Map<string, { time: number; registers: Registers }>();

  constructor({ seed, timezone, size, solar }: HouseholdOptions) {
    this.calendar = new Calendar(timezone);
    this.size = size;
    this.roofs = solar.length;
    this.house = { seed: seedOf(seed), calendar: this.calendar, size, solar };
  }

  /** A minute's rate: half watts, fifths of a litre of gas a minute, litres of water a minute. */
  rate(stream: string, time: number): number {
    const day = this.dayAt(time);
    return day?.rates.get(stream)?.[Math.floor((time - day.start) / MINUTE)] ?? 0;
  }

  isLowTariff(time: number): boolean {
    const day = this.dayAt(time);
    return day ? tariffAt(day, Math.floor((time - day.start) / MINUTE)).isLow : true;
  }

  /** A day's rates, minute by minute; none before the model begins. */
  minutes(stream: string, period: CalendarPeriod): Int32Array {
    return this.dayAt(period.start)?.rates.get(stream) ?? new Int32Array();
  }

  /** The amount since the anchor day (before it: negative), to the second. */
  registers(stream: string, time: number): Registers {
    const last = this.lastAsked.get(stream);
    if (last?.time === time) return last.registers;
    // Before the start of the model no meter counts.
    const at = Math.max(time, this.calendar.dayStart(0));
    const registers = plus(this.before(this.calendar.dayIndex(at)).get(stream) ?? NOTHING, this.ofDay(stream, at), 1);
    this.lastAsked.set(stream, { time, registers });
    return registers;
  }

  /** The amount from the start of a day to a moment. */
  through(stream: string, start: number, end: number): Registers {
    let sums = NOTHING;
    for (let index = Math.max(0, this.calendar.dayIndex(start)); this.calendar.dayStart(index) < end; index++) {
      const isWhole = this.calendar.dayStart(index + 1) <= end;
      const ofDay = isWhole ? this.wholeDay(index).get(stream) : this.ofDay(stream, end);
      sums = plus(sums, ofDay ?? NOTHING, 1);
    }
    return sums;
  }

  private dayAt(time: number): Day | undefined {
    const index = this.calendar.dayIndex(time);
    if (index < 0) return undefined;
    const known = this.days.get(index);
    if (known) return known;
    const day = dayOf(this.house, index);
    for (const oldest of this.days.keys()) if (this.days.size >= DAYS_KEPT) this.days.delete(oldest);
    this.days.set(index, day);
    return day;
  }

  private ofDay(stream: string, time: number): Registers {
    const day = this.dayAt(time);
    return day ? partOf(day, stream, time) : NOTHING;
  }

  private wholeDay(index: number): Sums {
    const known = this.sums.get(index);
    if (known) return known;
    const day = dayOf(this.house, index);
    const sums = new Map<string, Registers>();
    for (const stream of day.rates.keys()) sums.set(stream, partOf(day, stream, Number.POSITIVE_INFINITY));
    this.sums.set(index, sums);
    return sums;
  }

  /** The amounts of each meter before a day, counted from the anchor in both directions, on demand. */
  private before(index: number): Sums {
    for (; this.last < index; this.last++) this.count(this.last, this.last + 1, this.last, 1);
    for (; this.first > index; this.first--) this.count(this.first, this.first - 1, this.first - 1, -1);
    return this.counted.get(index) ?? new Map();
  }

  private count(from: number, to: number, index: number, sign: 1 | -1): void {
    const known = this.counted.get(from);
    const sums = new Map<string, Registers>();
    for (const [stream, ofDay] of this.wholeDay(index)) {
      sums.set(stream, plus(known?.get(stream) ?? NOTHING, ofDay, sign));
    }
    this.counted.set(to, sums);
  }
}

/** A day's sum up to a moment; the rate is constant within a minute. */
function partOf(day: Day, stream: string, time: number): Registers {
  const rates = day.rates.get(stream) ?? new Int32Array();
  const seconds = Math.min(day.minutes * 60, Math.floor((time - day.start) / 1000));
  const whole = Math.floor(seconds / 60);
  const sums = { ...NOTHING };
  for (const { isLow, from, to } of day.tariffs) {
    let [taken, given] = [0, 0];
    for (let minute = from; minute < to && minute < whole; minute++) {
      const rate = rates[minute] ?? 0;
      if (rate > 0) taken += rate;
      else given -= rate;
    }
    add(sums, isLow, 60 * taken);
    add(sums, isLow, -60 * given);
  }
  if (whole < day.minutes) add(sums, tariffAt(day, whole).isLow, (rates[whole] ?? 0) * (seconds % 60));
  return sums;
}

function add(sums: Registers, isLow: boolean, amount: number): void {
  if (amount > 0) sums[isLow ? "t1" : "t2"] += amount;
  else sums[isLow ? "t3" : "t4"] -= amount;
}

function tariffAt(day: Day, minute: number): { isLow: boolean } {
  return day.tariffs.find(({ to }) => minute < to) ?? { isLow: true };
}

function plus(a: Registers, b: Registers, sign: 1 | -1): Registers {
  const sums = { ...a };
  for (const register of REGISTERS) sums[register] += sign * b[register];
  return sums;
}
