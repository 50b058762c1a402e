/** The stored data of a day: each meter's quarter-hours, and the smart meter's registers at both midnights. */
import { z } from "zod";
import { type Period, periodName } from "../data/calendar.js";
import type { Channels } from "../data/channels.js";
import type { Sample } from "../data/samples.js";
import { ListedMeters } from "./house.js";

export const QUARTER = 900_000;
const MINUTE = 60_000;

/** A value for each quarter-hour of the day, from its start; null: nothing was recorded. */
export const Quarters = z.array(z.number().nullable());
export type Quarters = z.infer<typeof Quarters>;

/**
 * Watt-minutes (60,000 are a kWh) bought and sold, in steps of a half, so that sums stay exact. `minutes`: number of
 * recorded minutes.
 */
export const EnergyDay = z.object({ taken: Quarters, given: Quarters, minutes: z.number() });
export type EnergyDay = z.infer<typeof EnergyDay>;

const VolumeDay = z.object({ litres: Quarters });

/** Null: the meter recorded nothing. */
export const MeterDay = z.union([EnergyDay, VolumeDay]).nullable();
export type MeterDay = z.infer<typeof MeterDay>;

/** A smart meter's registers, kWh, by channel: `t1` to `t4`. */
export const Registers = z.record(z.string(), z.number());
export type Registers = z.infer<typeof Registers>;

export const DayRecord = z.object({
  /** `2026-11-28` */
  date: z.string(),
  /** Its first instant, and the first instant after it: epoch ms. */
  start: z.number(),
  end: z.number(),
  /** By alias. A missing meter has not been asked yet. */
  meters: z.record(z.string(), MeterDay),
  /** By alias: the registers at the day's start and end, as far as known. */
  opening: z.record(z.string(), Registers),
  closing: z.record(z.string(), Registers),
});
export type DayRecord = z.infer<typeof DayRecord>;

/** The header of a file of days: the CEMM, the time zone, and the meters that the CEMM listed last. */
export const RecordHeader = z.object({
  cemm: z.string(),
  timezone: z.string().optional(),
  listed: ListedMeters.default([]),
});

export function emptyRecord(day: Period): DayRecord {
  const { start, end } = day;
  return { date: periodName(day), start, end, meters: {}, opening: {}, closing: {} };
}

/** The record of a day's answer, for any meter: electricity, gas or water. */
export function meterDay(channels: Channels, period: Period): MeterDay {
  const power = channels.electric_power?.samples;
  if (power) return hasValue(power) ? energyDay(power, period) : null;
  const volumes = [channels.gas, channels.flow].filter((channel) => channel !== undefined);
  const recorded = volumes.filter(({ samples }) => hasValue(samples));
  if (recorded.length === 0) return null;
  return { litres: recorded.map(({ unit, samples }) => litresOf(unit, samples, period)).reduce(addQuarters) };
}

function energyDay(samples: readonly Sample[], period: Period): EnergyDay {
  const minutes = stepOf(samples) / MINUTE;
  const watts = samples.map(({ time, value }) => ({ time, value: value === null ? null : value * minutes }));
  const pick = (sign: 1 | -1) =>
    byQuarter(
      watts.map(({ time, value }) => ({ time, value: value === null ? null : Math.max(sign * value, 0) })),
      period,
    );
  const recorded = samples.filter(({ value }) => value !== null).length * minutes;
  return { taken: pick(1), given: pick(-1), minutes: recorded };
}

/** With DSMR 3 and 4 gas comes in m³ an hour, otherwise in L/min; a day with one sample does not show which. */
function litresOf(unit: string | null, samples: readonly Sample[], period: Period): Quarters {
  const litres = unit === "m³" ? 1000 : unit === "L/min" ? stepOf(samples) / MINUTE : null;
  if (litres === null) return byQuarter([], period);
  return byQuarter(
    samples.map(({ time, value }) => ({ time, value: value === null ? null : value * litres })),
    period,
  );
}

function byQuarter(samples: readonly Sample[], { start, end }: Period): Quarters {
  const sums: Quarters = Array(Math.ceil((end - start) / QUARTER)).fill(null);
  for (const { time, value } of samples) {
    if (time === null || value === null) continue;
    const quarter = Math.floor((time - start) / QUARTER);
    sums[quarter] = (sums[quarter] ?? 0) + value;
  }
  return sums;
}

/** The duration of a sample, in ms: a minute, unless the meter records less often. */
function stepOf(samples: readonly Sample[]): number {
  const gaps = samples.slice(1).map(({ time }, n) => (time ?? 0) - (samples[n]?.time ?? 0));
  return gaps.length === 0 ? MINUTE : Math.max(MINUTE, Math.min(...gaps));
}

const hasValue = (samples: readonly Sample[]): boolean => samples.some(({ value }) => value !== null);

/** Sums per quarter; null where neither has a value. */
export function addQuarters(a: Quarters, b: Quarters): Quarters {
  const longer = a.length >= b.length ? a : b;
  return longer.map((_, n) => {
    const [one, other] = [a[n] ?? null, b[n] ?? null];
    return one === null && other === null ? null : (one ?? 0) + (other ?? 0);
  });
}

/** The sum of the known values; null if there are none. */
export function sumOf(quarters: Quarters): number | null {
  let sum: number | null = null;
  for (const value of quarters) if (value !== null) sum = (sum ?? 0) + value;
  return sum;
}
