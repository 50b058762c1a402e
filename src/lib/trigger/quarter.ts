/**
 * The mean power of the running quarter of an hour as it will be at its end: what a capacity tariff bills.
 * Quarters are those of local time. They are counted in UTC, since every time zone in use is a whole
 * number of quarters from it.
 *
 * Energy from registers is exact but for their step: the first and the last reading of a quarter are each short of the truth
 * by less than 1 Wh, so their difference is off by less than 1 Wh, and the mean of the quarter by less than 4 W.
 */
import { z } from "zod";

const QUARTER = 900_000;
/** The power of a quarter's rest is expected to be the mean of this last while, ms. */
export const MINUTE = 60_000;
const JOULES_OF_A_KWH = 3_600_000;

export const Quarter = z.object({
  start: z.number(),
  /** Of the last sample. */
  time: z.number(),
  /** Used since `start`: watts times milliseconds. */
  energy: z.number(),
  /** t1 + t2 of the last sample, kWh. */
  used: z.number().nullable(),
});
export type Quarter = z.infer<typeof Quarter>;

/** Power in W, feed-in counted as 0. `used` is the sum of the registers t1 and t2 in kWh, null where they did not come or are suspect. */
export interface PowerSample {
  time: number;
  power: number;
  used: number | null;
}

/** W: the mean so far, the mean at the quarter's end, and the load that may come on top until then. */
export interface Forecast {
  mean: number;
  forecast: number;
  headroom: number;
}

/** The quarter in which the sample lies, with that sample. Samples come in the order of their times. */
export function quarterWith(before: Quarter | undefined, { time, power, used }: PowerSample): Quarter {
  const start = time - (time % QUARTER);
  const isRunning = before?.start === start;
  // What lies before a quarter's first sample counts as that sample.
  const energy = isRunning ? before.energy + energySince(before, time, power, used) : power * (time - start);
  return { start, time, energy, used };
}

/** `power`: what the rest of the quarter is expected to take. `limit`: the mean that the quarter should not exceed. Both in W. */
export function forecastOf({ start, time, energy }: Quarter, power: number, limit: number): Forecast {
  const rest = start + QUARTER - time;
  const forecast = (energy + power * rest) / QUARTER;
  return {
    mean: rounded(time > start ? energy / (time - start) : power),
    forecast: rounded(forecast),
    headroom: rounded(((limit - forecast) * QUARTER) / rest),
  };
}

function energySince(before: Quarter, time: number, power: number, used: number | null): number {
  if (used !== null && before.used !== null && used >= before.used) {
    return (used - before.used) * JOULES_OF_A_KWH * 1000;
  }
  return power * (time - before.time);
}

/** To the milliwatt: what lies beyond is the rounding of sums. */
export function rounded(power: number): number {
  return Math.round(power * 1000) / 1000;
}
