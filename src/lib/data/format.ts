/** The shapes an answer takes in `msg.payload`. Pure functions; none touches the answer it is given. */
import { CemmError } from "../errors.js";
import type { Answer } from "./answer.js";
import type { Channel, Channels } from "./channels.js";
import type { Sample } from "./samples.js";

/** `{ electric_power: 193, gas: null }`: null where the channel never reported. */
export type Values = Record<string, number | null>;

/** One value with its unit, and its time in epoch ms. */
export interface Measurement extends Sample {
  unit: string | null;
}

/** The samples of each channel, oldest first. */
export type Series = Record<string, Sample[]>;

/** One distinct time, with the channels that have a sample then. */
export type Row = { time: number } & Values;

/** One sample with its channel: `time` in epoch ms, `unit` null where the channel is not known. */
export interface Point extends Sample {
  channel: string;
  unit: string | null;
}

/** What the InfluxDB batch node takes. */
export interface InfluxPoint {
  measurement: "cemm";
  tags: Record<string, string>;
  fields: Record<string, number>;
  timestamp: Date;
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
  throw new CemmError("CEMM_INPUT", `Channel: the meter "${alias}" has no "${channel}"; it has ${known}.`);
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
  const [only, ...more] = answers;
  if (only && more.length === 0) return mapChannels(only.channels, ({ samples }) => samples);
  const series = new Map<string, Sample[]>();
  for (const { channels } of answers) {
    for (const [name, { samples }] of Object.entries(channels)) {
      series.set(name, (series.get(name) ?? []).concat(samples));
    }
  }
  return Object.fromEntries(series);
}

/**
 * One row for each distinct time, oldest first: what the csv node, tables and charts take. Every row has every
 * channel, null where it has no sample then, so that columns stay columns.
 */
export function toRows(answers: readonly Answer[]): Row[] {
  const points = samplesOf(answers);
  const columns = Object.fromEntries(points.map(({ channel }) => [channel, null]));
  return atEachTime(points).map(([time, together]) =>
    Object.assign({ time }, columns, Object.fromEntries(together.map(({ channel, value }) => [channel, value]))),
  );
}

/** Every sample by itself, oldest first. */
export function toPoints(answers: readonly Answer[]): Point[] {
  return samplesOf(answers).sort((a, b) => (a.time ?? 0) - (b.time ?? 0));
}

function samplesOf(answers: readonly Answer[]): Point[] {
  return answers.flatMap(({ channels }) =>
    Object.entries(channels).flatMap(([channel, { unit, samples }]) =>
      samples.map(({ time, value }) => ({ time, channel, value, unit })),
    ),
  );
}

/** One point for each distinct time, without nulls and without samples of unknown time. */
export function toInflux(answers: readonly Answer[], device: string): InfluxPoint[] {
  return answers.flatMap((answer) => {
    const tags = influxTags({ uid: answer.uid ?? "", alias: answer.alias, kind: answer.kind, device });
    return atEachTime(samplesOf([answer]).filter(hasValue)).map(([time, points]) => ({
      measurement: "cemm",
      tags,
      fields: Object.fromEntries(points.map(({ channel, value }) => [channel, value])),
      timestamp: new Date(time),
    }));
  });
}

// InfluxDB refuses a line with an empty tag.
function influxTags(tags: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== ""));
}

function hasValue(point: Point): point is Point & { value: number } {
  return point.value !== null;
}

function atEachTime<P extends Point>(points: readonly P[]): [number, P[]][] {
  const times = new Map<number, P[]>();
  for (const point of points) {
    if (point.time === null) continue;
    const together = times.get(point.time);
    if (together) together.push(point);
    else times.set(point.time, [point]);
  }
  return [...times].sort(([a], [b]) => a - b);
}
