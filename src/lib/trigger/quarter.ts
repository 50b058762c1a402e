/**
 * The expected average power of the running quarter of an hour, which a capacity tariff bills. Quarters are counted in
 * UTC, since every time zone in use differs from it by whole quarters. Registers make it exact to 4 W.
 */
import { z } from "zod";

const QUARTER = 900_000;
/** The expected power for the rest of a quarter is the average of this window, ms. */
export const MINUTE = 60_000;
export const WATT_MS_PER_KWH = 3.6e9;

export const Quarter = z.object({
  start: z.number(),
  time: z.number(),
  /** Energy used since `start`: watts times milliseconds. */
  energy: z.number(),
  /** t1 + t2 of the last sample, kWh. */
  used: z.number().nullable(),
});
export type Quarter = z.infer<typeof Quarter>;

/** Power in W, export counted as 0. `used`: registers t1 + t2 in kWh, null if missing or suspect. */
export interface PowerSample {
  time: number;
  power: number;
  used: number | null;
}

/** W: the average so far, the expected average at the end, and the load that may still be added. */
export interface Forecast {
  mean: number;
  forecast: number;
  headroom: number;
}

/** The quarter that contains the sample, updated with it. Samples must be in time order. */
export function quarterWith(before: Quarter | undefined, { time, power, used }: PowerSample): Quarter {
  const start = time - (time % QUARTER);
  const isRunning = before?.start === start;
  // The time before a quarter's first sample counts with that sample's power.
  const energy = isRunning ? before.energy + energySince(before, time, power, used) : power * (time - start);
  return { start, time, energy, used };
}

/** `power`: expected for the rest of the quarter; `limit`: what its average should not exceed. Both in W. */
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
    return (used - before.used) * WATT_MS_PER_KWH;
  }
  return power * (time - before.time);
}

/** Rounds to the milliwatt: more digits are only rounding errors of sums. */
export function rounded(power: number): number {
  return Math.round(power * 1000) / 1000;
}
