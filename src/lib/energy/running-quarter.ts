/** The running quarter of an hour: what was bought so far, and its expected average power. */
import { meanOf, type Span, withSample } from "../trigger/mean.js";
import {
  forecastOf,
  MINUTE,
  type PowerSample,
  type Quarter,
  quarterWith,
  WATT_MS_PER_KWH,
} from "../trigger/quarter.js";
import { QUARTER } from "./day-record.js";
import type { Live } from "./view.js";

export interface RunningQuarter {
  quarter: Quarter;
  lastMinute: readonly Span[];
}

/** Adds the smart meter's next sample, as the trigger does. */
export function withPower(before: RunningQuarter | undefined, sample: PowerSample): RunningQuarter {
  const lastMinute = withSample(before?.lastMinute ?? [], sample.time, Math.max(0, sample.power), MINUTE);
  return { quarter: quarterWith(before?.quarter, sample), lastMinute };
}

/** Null if no sample came for more than a minute after its end. */
export function quarterView(running: RunningQuarter | undefined, now: number): Live["quarter"] {
  if (!running || now >= running.quarter.start + QUARTER + MINUTE) return null;
  const { start, energy } = running.quarter;
  const { forecast } = forecastOf(running.quarter, meanOf(running.lastMinute, MINUTE), 0);
  return { start, end: start + QUARTER, bought: energy / WATT_MS_PER_KWH, expected: forecast };
}
