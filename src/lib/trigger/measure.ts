/** What is compared with the thresholds, from a sample and what is kept of those before it. */
import { z } from "zod";
import { meanOf, Span, withSample } from "./mean.js";
import { type Forecast, forecastOf, Quarter, quarterWith, rounded } from "./quarter.js";
import type { Measure, TriggerRule } from "./rule.js";

/** What is kept of earlier samples. */
export const SampleMemory = z.object({ spans: z.array(Span).optional(), quarter: Quarter.optional() });
export type SampleMemory = z.infer<typeof SampleMemory>;

export interface Measured {
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

const BY_NAME: Record<Measure, (memory: SampleMemory, sample: Measurable, window: number) => Measured> = {
  value: (_memory, { value }) => ({ memory: {}, value }),
  average: ({ spans = [] }, { time, value }, window) => {
    const next = withSample(spans, time, value, window);
    return { memory: { spans: next }, value: rounded(meanOf(next, window)) };
  },
  quarter: (memory, { time, value, used, on }) => {
    const quarter = quarterWith(memory.quarter, { time, power: value, used });
    const forecast = forecastOf(quarter, on);
    return { memory: { quarter }, value: forecast.forecast, quarter: forecast };
  },
};

export function measure({ measure, window }: TriggerRule, memory: SampleMemory, sample: Measurable): Measured {
  return BY_NAME[measure](memory, sample, window);
}
