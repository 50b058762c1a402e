/** The shapes of an answer in `msg.payload`. Pure functions. */
import { inputError } from "../errors.js";
import type { Answer } from "./answer.js";
import type { Channel, Channels } from "./channels.js";
import {
  collect,
  type InfluxPoint,
  influxCollector,
  type Point,
  pointCollector,
  type Row,
  rowCollector,
  type Series,
  seriesCollector,
} from "./collect.js";
import type { Sample } from "./samples.js";

/** `{ electric_power: 193, gas: null }`: null where the channel never reported. */
export type Values = Record<string, number | null>;

/** One value with its unit, and its time in epoch ms. */
export interface Measurement extends Sample {
  unit: string | null;
}

function mapChannels<T>(channels: Channels, shape: (channel: Channel) => T): Record<string, T> {
  const shaped: Record<string, T> = {};
  for (const [name, channel] of Object.entries(channels)) shaped[name] = shape(channel);
  return shaped;
}

/** The newest value of each channel. */
export function toValues({ channels }: Answer): Values {
  return mapChannels(channels, ({ samples }) => samples.at(-1)?.value ?? null);
}

/**
 * The newest value of one channel; null: it never reported.
 * @throws CemmError `CEMM_INPUT` where the meter has no such channel
 */
export function toValue({ channels, alias }: Answer, channel: string): number | null {
  const found = Object.hasOwn(channels, channel) ? channels[channel] : undefined;
  if (found) return found.samples.at(-1)?.value ?? null;
  const known = Object.keys(channels).join(", ");
  throw inputError(`Channel: the meter "${alias}" has no "${channel}"; it has ${known}.`);
}

/** The answer with rounded values; the raw body is unchanged. */
export function rounded(answer: Answer, decimals: number): Answer {
  const round = (value: number | null) => (value === null ? null : Number(value.toFixed(decimals)) + 0);
  const channels = mapChannels(answer.channels, (channel) => ({
    ...channel,
    samples: channel.samples.map(({ time, value }) => ({ time, value: round(value) })),
  }));
  return { ...answer, channels };
}

/** The newest value of each channel with its unit and time. */
export function toMeasurements({ channels }: Answer): Record<string, Measurement> {
  return mapChannels(channels, ({ unit, samples }) => {
    const { value, time } = samples.at(-1) ?? { value: null, time: null };
    return { value, unit, time };
  });
}

/** Each channel's samples, oldest first. */
export function toSeries(answers: readonly Answer[]): Series {
  return collect(seriesCollector(), answers);
}

/** One row for each distinct time, oldest first, with every channel: null where it has no sample at that time. */
export function toRows(answers: readonly Answer[]): Row[] {
  return collect(rowCollector(), answers);
}

/** One entry per sample, oldest first. */
export function toPoints(answers: readonly Answer[]): Point[] {
  return collect(pointCollector(), answers);
}

/** One point for each distinct time, without nulls and without samples of unknown time. */
export function toInflux(answers: readonly Answer[]): InfluxPoint[] {
  return collect(influxCollector(), answers);
}
