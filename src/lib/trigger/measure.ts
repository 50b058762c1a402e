/** The value that is compared with the thresholds, from a sample and earlier ones. */
import { z } from "zod";
import { meanOf, Span, withSample } from "./mean.js";
import { type Forecast, forecastOf, MINUTE, Quarter, quarterWith, rounded } from "./quarter.js";
import type { Measure, TriggerRule } from "./rule.js";

/** The averages over the window (for a quarter: the last minute), and the running quarter. */
export const SampleMemory = z.object({ spans: z.array(Span).optional(), quarter: Quarter.optional() });
export type SampleMemory = z.infer<typeof SampleMemory>;

interface Measured {
  memory: SampleMemory;
  value: number;
  quarter?: Forecast;
}

interface Measurable {
  time: number;
  value: number;
  used: number | null;
  on: number;
}

const MEASURES: Record<Measure, (memory: SampleMemory, sample: Measurable, window: number) => Measured> = {
  value: (_memory, { value }) => ({ memory: {}, value }),
  average: ({ spans = [] }, { time, value }, window) => {
    const next = withSample(spans, time, value, window);
    return { memory: { spans: next }, value: rounded(meanOf(next, window)) };
  },
  quarter: ({ spans = [], quarter }, { time, value, used, on }) => {
    // Export is not netted with import.
    const power = Math.max(0, value);
    const lastMinute = withSample(spans, time, power, MINUTE);
    const next = quarterWith(quarter, { time, power, used });
    const forecast = forecastOf(next, meanOf(lastMinute, MINUTE), on);
    return { memory: { spans: lastMinute, quarter: next }, value: forecast.forecast, quarter: forecast };
  },
};

export function measure({ measure, window }: TriggerRule, memory: SampleMemory, sample: Measurable): Measured {
  return MEASURES[measure](memory, sample, window);
}

/** The memory after the clock was set by `by` ms, without the quarter, which differs on the new clock. */
export function shifted({ spans = [] }: SampleMemory, by: number): SampleMemory {
  return { spans: spans.map(({ from, to, mean }) => ({ from: from + by, to: to + by, mean })) };
}
