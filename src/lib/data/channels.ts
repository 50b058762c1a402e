/** The channels of a meter: what each one means, and how the device's `[time, value]` pairs become samples. */
import { LATEST, toEpochMs } from "../syntax.js";
import type { Period, PeriodUnit } from "./calendar.js";

/** One value. `time` is epoch ms, null where the device does not know it; `value` is null where nothing was measured. */
export interface Sample {
  time: number | null;
  value: number | null;
}

/** What a channel measures. The classes are Home Assistant's names; null where the channel is not known. */
export interface ChannelMeaning {
  unit: string | null;
  deviceClass: string | null;
  stateClass: string | null;
}

/** A channel with its samples, oldest first. A reading has one sample. */
export interface Channel extends ChannelMeaning {
  samples: Sample[];
}

export type Channels = Record<string, Channel>;

/** What was read: the channels, the names of those with pairs that cannot be used, and whether any is good at all. */
export interface ReadChannels {
  channels: Channels;
  unusable: string[];
  usable: boolean;
}

const meaning = (unit: string | null, deviceClass: string | null, stateClass: string | null): ChannelMeaning => ({
  unit,
  deviceClass,
  stateClass,
});

const UNKNOWN = meaning(null, null, null);
const POWER = meaning("W", "power", "measurement");
const FLOW = meaning("L/min", "volume_flow_rate", "measurement");
const ENERGY_READING = meaning("kWh", "energy", "total_increasing");
// t1 - t3 and t2 - t4: they fall while the sun shines, and may be negative.
const ENERGY_BALANCE = meaning("kWh", "energy", "total");
const GAS = meaning("m³", "gas", "total");

/** Live values and meter readings. */
const READING = new Map<string, ChannelMeaning>([
  ["electric_power", POWER],
  ["t1", ENERGY_READING],
  ["t2", ENERGY_READING],
  ["t3", ENERGY_READING],
  ["t4", ENERGY_READING],
  ["electric_energy", ENERGY_BALANCE],
  ["electric_energy_high", ENERGY_BALANCE],
  ["gas", meaning("m³", "gas", "total_increasing")],
  // Water or gas: the alias does not tell, so this is not "water".
  ["volume", meaning("m³", "volume", "total_increasing")],
  ["flow", FLOW],
]);

/** Samples within a day. Gas is here as DSMR 3 and 4 give it; see {@link gasOfDay}. */
const IN_DAY = new Map([
  ["electric_power", POWER],
  ["flow", FLOW],
  ["gas", GAS],
]);

/** Amounts of each day of a month, or of each month of a year. */
const IN_MONTH_OR_YEAR = new Map([
  ["electric_energy_low", ENERGY_BALANCE],
  ["electric_energy_high", ENERGY_BALANCE],
  ["gas", GAS],
  ["volume", meaning("m³", "volume", "total")],
]);

const IN_HISTORY: Record<PeriodUnit, Map<string, ChannelMeaning>> = {
  day: IN_DAY,
  month: IN_MONTH_OR_YEAR,
  year: IN_MONTH_OR_YEAR,
};

/** The channels of a live or totals answer. A pair that cannot be used leaves its channel without a value. */
export function readReadings(data: Record<string, unknown>): ReadChannels {
  const unusable: string[] = [];
  const channels: Channels = {};
  const names = channelsIn(data);
  for (const name of names) {
    const sample = readPair(data[name]);
    if (!sample) unusable.push(name);
    // Written out: a spread for each channel takes longer than all the rest of a live reading.
    const { unit, deviceClass, stateClass } = READING.get(name) ?? UNKNOWN;
    channels[name] = { unit, deviceClass, stateClass, samples: [sample ?? { time: null, value: null }] };
  }
  return { channels, unusable, usable: unusable.length < names.length };
}

/** All but `__proto__`, which no plain object can hold. */
function channelsIn(data: Record<string, unknown>): string[] {
  return Object.keys(data).filter((name) => name !== "__proto__");
}

const METERED = ["t1", "t2", "t3", "t4", "gas", "volume"];

/**
 * The pairs among live data that are meter readings, for a CEMM that does not give them apart, with the balances
 * that the vendor's page defines: `electric_energy` = t1 - t3, `electric_energy_high` = t2 - t4.
 */
export function readingsIn(data: Record<string, unknown>): Record<string, unknown> {
  const readings = Object.entries(data).filter(([name]) => METERED.includes(name));
  const balances = [
    ["electric_energy", balance(data.t1, data.t3)],
    ["electric_energy_high", balance(data.t2, data.t4)],
  ].filter(([, pair]) => pair !== undefined);
  return Object.fromEntries([...readings, ...balances]);
}

function balance(used: unknown, fedIn: unknown): [number, number] | undefined {
  const [plus, minus] = [readPair(used), readPair(fedIn)];
  if (plus?.time == null || minus?.time == null || plus.value === null || minus.value === null) return undefined;
  return [Math.max(plus.time, minus.time), plus.value - minus.value];
}

/**
 * The channels of a history answer: the samples of `period` up to `now` (epoch ms), oldest first, each time once.
 * Placeholders go: the day's last-second pair, days and months still to come, pairs of unknown time.
 */
export function readHistory(data: Record<string, unknown>, period: Period, now: number): ReadChannels {
  const unusable: string[] = [];
  const channels: Channels = {};
  let usable = false;
  for (const name of channelsIn(data)) {
    const pairs = data[name];
    const { samples, broken, strays } = readSamples(Array.isArray(pairs) ? pairs : [undefined], period, now);
    if (broken || strays) unusable.push(name);
    usable ||= samples.length > 0 || !(broken || strays);
    channels[name] = { ...meaningInHistory(name, period.unit, samples), samples };
  }
  return { channels, unusable, usable };
}

interface ReadSamples {
  samples: Sample[];
  /** Some pair was none. */
  broken: boolean;
  /** There were samples, but every one lies outside the period: the answer to another question. */
  strays: boolean;
}

function readSamples(pairs: unknown[], period: Period, now: number): ReadSamples {
  // The day's first pair stands for 23:59:59, null or 0: the device's way to say where the day ends.
  const end = Math.min(period.unit === "day" ? period.end - 1000 : period.end, now + 1);
  const samples: { time: number; value: number | null }[] = [];
  let broken = false;
  let inPeriod = false;
  let outside = false;
  let ascending = true;
  let previous = Number.NEGATIVE_INFINITY;
  // Backwards, because the device answers newest first: what comes out is already in order.
  for (let n = pairs.length - 1; n >= 0; n--) {
    const sample = readPair(pairs[n]);
    if (!sample) broken = true;
    else if (sample.time !== null) {
      if (sample.time < period.start || sample.time >= period.end) {
        outside = true;
        continue;
      }
      inPeriod = true;
      if (sample.time >= end) continue;
      if (sample.time <= previous) ascending = false;
      previous = sample.time;
      samples.push({ time: sample.time, value: sample.value });
    }
  }
  return { samples: ascending ? samples : inOrder(samples), broken, strays: outside && !inPeriod };
}

/** Sorted by time, each time once; of two samples of one time the first that holds a value. */
function inOrder<S extends { time: number; value: number | null }>(samples: S[]): S[] {
  const byTime = new Map<number, S>();
  for (const sample of samples) {
    if ((byTime.get(sample.time)?.value ?? null) === null) byTime.set(sample.time, sample);
  }
  return [...byTime.values()].sort((a, b) => a.time - b.time);
}

function meaningInHistory(name: string, unit: PeriodUnit, samples: Sample[]): ChannelMeaning {
  if (name === "gas" && unit === "day") return gasOfDay(samples);
  return IN_HISTORY[unit].get(name) ?? UNKNOWN;
}

const HALF_HOUR = 30 * 60_000;

/** DSMR 3 and 4 report gas once an hour, as the m³ of that hour; from DSMR 5 the CEMM computes L/min. One sample tells neither. */
function gasOfDay(samples: Sample[]): ChannelMeaning {
  const gaps = samples.slice(1).map((sample, n) => (sample.time ?? 0) - (samples[n]?.time ?? 0));
  const median = gaps.sort((a, b) => a - b)[gaps.length >> 1];
  if (median === undefined) return UNKNOWN;
  return median < HALF_HOUR ? FLOW : GAS;
}

/** One `[time, value]` pair, or undefined where it is none: another shape, text, not finite. */
function readPair(pair: unknown): Sample | undefined {
  if (!isPair(pair)) return undefined;
  // at(), because pair[0] makes V8 rebuild every pair once it has met one with a null in it: a third of all the time.
  const time = readNumber(pair.at(0));
  const value = readNumber(pair.at(1));
  if (time === undefined || value === undefined || (time ?? 0) > LATEST) return undefined;
  if (time !== null && time > 0) return { time: toEpochMs(time), value };
  // [0, 0] is a channel that never reported: its value is as unknown as its time.
  return { time: null, value: value === 0 ? null : value };
}

function isPair(pair: unknown): pair is [unknown, unknown] {
  return Array.isArray(pair) && pair.length === 2;
}

// The LAN API mixes numbers with numbers in quotes.
function readNumber(value: unknown): number | null | undefined {
  if (value === null) return null;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
