/** The output formats in the dialogs' order, for runtime and dialogs: each with the function that makes the payload. */
import type { Answer } from "../../lib/data/answer.js";
import { chartCollector } from "../../lib/data/chart.js";
import {
  type Collector,
  influxCollector,
  pointCollector,
  rowCollector,
  seriesCollector,
} from "../../lib/data/collect.js";
import { toInflux, toMeasurements, toValue, toValues } from "../../lib/data/format.js";

export type ChannelFormat = (answer: Answer) => Record<string, unknown>;
/** `channel`: the chosen one, if the format is of one channel. */
export type ReadingFormat = (answer: Answer, channel: string) => unknown;
/** `isRange`: one payload for all periods, even if there is only one. */
export type HistoryFormat = (isRange: boolean) => Collector<unknown>;

/** A reading with an entry for each channel, which `split` sends one by one. */
export const CHANNEL_FORMATS: ReadonlyMap<string, ChannelFormat> = new Map<string, ChannelFormat>([
  ["values", toValues],
  ["measurements", toMeasurements],
]);

/** The value of one channel, which must be named. */
export const SINGLE_FORMAT = "value";

/** Formats of readings: `cemm-realtime`, `cemm-totals`. */
export const READING_FORMATS: ReadonlyMap<string, ReadingFormat> = new Map<string, ReadingFormat>([
  ...CHANNEL_FORMATS,
  [SINGLE_FORMAT, (answer, channel) => toValue(answer, channel)],
  ["influx", (answer) => toInflux([answer])],
  // A copy, since concurrent requests share one body.
  ["raw", ({ raw }) => structuredClone(raw)],
]);

/** For the ui-chart of Dashboard 2, which takes it outside the payload. */
export const CHART_FORMAT = "chart";

/** The message properties that a history's format sets. */
export function contentOf(format: string, made: unknown): { payload?: unknown; ui_update?: { chartOptions: unknown } } {
  return format === CHART_FORMAT ? { payload: undefined, ui_update: { chartOptions: made } } : { payload: made };
}

/** Formats of samples: `cemm-history`. */
export const HISTORY_FORMATS: ReadonlyMap<string, HistoryFormat> = new Map<string, HistoryFormat>([
  ["series", seriesCollector],
  ["rows", rowCollector],
  ["points", pointCollector],
  ["influx", influxCollector],
  [CHART_FORMAT, chartCollector],
  ["raw", bodyCollector],
]);

function bodyCollector(isRange: boolean): Collector<unknown> {
  const bodies: unknown[] = [];
  let bytes = 0;
  return {
    add({ raw }) {
      bodies.push(structuredClone(raw));
      bytes += bytesOf(raw);
    },
    bytes: () => bytes,
    payload: () => (isRange ? bodies : bodies[0]),
  };
}

/** Estimated memory of a body, which may contain anything. */
function bytesOf(value: unknown): number {
  if (typeof value === "string") return 24 + 2 * value.length;
  if (typeof value !== "object" || value === null) return 8;
  let bytes = 64;
  for (const part of Array.isArray(value) ? value : Object.entries(value).flat()) bytes += 8 + bytesOf(part);
  return bytes;
}
