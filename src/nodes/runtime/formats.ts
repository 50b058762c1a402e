/**
 * The output formats: for each the function that makes `msg.payload`, in the order of the dialogs. What is imported
 * here is pure and needs no other module, so that the dialogs can read the same tables.
 */
import type { Answer } from "../../lib/data/answer.js";
import { toInflux, toMeasurements, toPoints, toRows, toSeries, toValue, toValues } from "../../lib/data/format.js";

/** The answers of a range, oldest first. */
export type Answers = readonly [Answer, ...Answer[]];

export type ChannelFormat = (answer: Answer) => Record<string, unknown>;
/** `channel`: the one that is wanted, where the format is of one channel. */
export type ReadingFormat = (answer: Answer, device: string, channel: string) => unknown;
/** `isRange`: the payload is one for all periods, however many there are. */
export type HistoryFormat = (answers: Answers, device: string, isRange: boolean) => unknown;

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
  [SINGLE_FORMAT, (answer, _, channel) => toValue(answer, channel)],
  ["influx", (answer, device) => toInflux([answer], device)],
  // Concurrent requests share one body: each gets its own to change.
  ["raw", ({ raw }) => structuredClone(raw)],
]);

/** Of samples: `cemm-history`. */
export const HISTORY_FORMATS: ReadonlyMap<string, HistoryFormat> = new Map<string, HistoryFormat>([
  ["series", toSeries],
  ["rows", toRows],
  ["points", toPoints],
  ["influx", toInflux],
  ["raw", (answers, _, isRange) => structuredClone(isRange ? answers.map(({ raw }) => raw) : answers[0].raw)],
]);
