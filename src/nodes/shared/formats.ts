/**
 * The output formats: for each the function that makes `msg.payload`, in the order of the dialogs. What is imported
 * here is pure and needs no other module, so that the dialogs can read the same tables.
 */
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
/** `channel`: the one that is wanted, where the format is of one channel. */
export type ReadingFormat = (answer: Answer, channel: string) => unknown;
/** `isRange`: the payload is one for all periods, however many there are. */
export type HistoryFormat = (isRange: boolean) => Collector<unknown>;

/** Of a reading, with an entry for each channel: what `split` sends one by one. */
export const CHANNEL_FORMATS: ReadonlyMap<string, ChannelFormat> = new Map<string, ChannelFormat>([
  ["values", toValues],
  ["measurements", toMeasurements],
]);

/** Of one channel, which must be named. */
export const SINGLE_FORMAT = "value";

/** Of a reading: `cemm-realtime`, `cemm-totals`. */
export const READING_FORMATS: ReadonlyMap<string, ReadingFormat> = new Map<string, ReadingFormat>([
  ...CHANNEL_FORMATS,
  [SINGLE_FORMAT, (answer, channel) => toValue(answer, channel)],
  ["influx", (answer) => toInflux([answer])],
  // Concurrent requests share one body: each gets its own to change.
  ["raw", ({ raw }) => structuredClone(raw)],
]);

/** For the ui-chart of Dashboard 2, which takes it beside the payload. */
export const CHART_FORMAT = "chart";

/** What a message has of what a history's format made. */
export function contentOf(format: string, made: unknown): { payload?: unknown; ui_update?: { chartOptions: unknown } } {
  return format === CHART_FORMAT ? { payload: undefined, ui_update: { chartOptions: made } } : { payload: made };
}

/** Of samples: `cemm-history`. */
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

/** What a body takes in memory, estimated: it may hold anything. */
function bytesOf(value: unknown): number {
  if (typeof value === "string") return 24 + 2 * value.length;
  if (typeof value !== "object" || value === null) return 8;
  let bytes = 64;
  for (const part of Array.isArray(value) ? value : Object.entries(value).flat()) bytes += 8 + bytesOf(part);
  return bytes;
}
