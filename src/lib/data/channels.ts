/** Reads the channels of an answer. */
import type { Period } from "./calendar.js";
import { CHANNELS, type ChannelMeaning, type Kind, meaningOf } from "./channel-table.js";
import { isCounter, lastCounted } from "./counters.js";
import { isUnreported, readPair, readSamples, type Sample } from "./samples.js";
import { cleanText } from "./text.js";

/** A channel with its samples, oldest first. A reading has one sample. */
export interface Channel extends ChannelMeaning {
  samples: Sample[];
  /** For a live value or current reading: too old for its meter, or of unknown time; else false. */
  stale: boolean;
  /** For a rate that is 0 because no pulse came: when its counter was measured, epoch ms. */
  idleAt?: number;
}

/** The channels of an answer by their names, e.g. `electric_power`. */
export type Channels = Record<string, Channel>;

export interface ReadChannels {
  channels: Channels;
  /** Channels with invalid pairs. */
  unusable: string[];
  /** Invalid names of channels that are left out; safe to show. */
  badNames: string[];
  /** Whether at least one channel can be used. */
  usable: boolean;
}

/** Live rates, not counters: power, flow. */
const RATES = [...CHANNELS.keys()].filter((channel) => meaningOf(channel, "realtime").stateClass === "measurement");

/** The channels of live values or readings. A rate that never reported is 0 if a counter did: no pulse came. */
export function readReadings(
  data: Record<string, unknown>,
  kind: Kind,
  totals: Record<string, unknown> = {},
): ReadChannels {
  const unusable: string[] = [];
  const badNames: string[] = [];
  const channels: Channels = {};
  for (const channel of Object.keys(data)) {
    if (!isChannelName(channel)) {
      badNames.push(cleanText(channel));
      continue;
    }
    const sample = readPair(data[channel]);
    if (!sample) unusable.push(channel);
    // No spread: one per channel takes longer than the rest of a live reading.
    const { name, unit, deviceClass, stateClass } = meaningOf(channel, kind);
    channels[channel] = {
      name,
      unit,
      deviceClass,
      stateClass,
      samples: [sample ?? { time: null, value: null }],
      stale: false,
    };
  }
  for (const rate of RATES) {
    const channel = Object.hasOwn(channels, rate) ? channels[rate] : undefined;
    if (!channel || !isUnreported(data[rate])) continue;
    const counted = lastCounted(data) ?? lastCounted(totals);
    if (counted !== undefined) Object.assign(channel, { samples: [{ time: null, value: 0 }], idleAt: counted });
  }
  return { channels, unusable, badNames, usable: unusable.length < Object.keys(channels).length };
}

/** Whether it is a valid channel name: a payload key, a part of topics, an InfluxDB field. */
function isChannelName(name: string): boolean {
  return name.length <= 64 && /^[A-Za-z0-9_.-]+$/.test(name) && name !== "__proto__";
}

/** The meter readings among live data, with the balances that the vendor's page defines: t1 - t3 and t2 - t4. */
export function countersOf(data: Record<string, unknown>): Record<string, unknown> {
  const readings = Object.entries(data).filter(([name]) => isCounter(name));
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

/** The channels of a history answer, with the samples of `period`; `now` is epoch ms. */
export function readHistory(data: Record<string, unknown>, period: Period, now: number): ReadChannels {
  const unusable: string[] = [];
  const badNames: string[] = [];
  const channels: Channels = {};
  let usable = false;
  for (const [name, pairs] of Object.entries(data)) {
    if (!isChannelName(name)) {
      badNames.push(cleanText(name));
      continue;
    }
    const { samples, broken, strays } = readSamples(Array.isArray(pairs) ? pairs : [undefined], period, now);
    if (broken || strays) unusable.push(name);
    usable ||= samples.length > 0 || !(broken || strays);
    const meaning = name === "gas" && period.unit === "day" ? gasOfDay(samples) : meaningOf(name, period.unit);
    channels[name] = { ...meaning, samples, stale: false };
  }
  return { channels, unusable, badNames, usable };
}

const HALF_HOUR = 30 * 60_000;

/** DSMR 3 and 4 report the m³ of each hour; from DSMR 5 the CEMM computes L/min. One sample does not show which. */
function gasOfDay(samples: Sample[]): ChannelMeaning {
  const gas = meaningOf("gas", "day");
  const gaps = samples.slice(1).map((sample, n) => (sample.time ?? 0) - (samples[n]?.time ?? 0));
  const median = gaps.sort((a, b) => a - b)[gaps.length >> 1];
  if (median === undefined) return { ...gas, unit: null, deviceClass: null, stateClass: null };
  return median < HALF_HOUR ? { ...meaningOf("flow", "day"), name: gas.name } : gas;
}
