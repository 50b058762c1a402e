/** Builds one payload from many answers. Nothing is copied twice, so time and memory grow linearly with the range. */
import type { Answer } from "./answer.js";
import { LIMITS } from "./limits-table.js";
import type { Sample } from "./samples.js";

/** The samples of each channel, oldest first. */
export type Series = Record<string, Sample[]>;

/** One distinct time, with the channels that have a sample then. */
export type Row = { time: number } & Record<string, number | null>;

/** One sample with its channel: `time` in epoch ms, `unit` null where the channel is not known. */
export interface Point extends Sample {
  channel: string;
  unit: string | null;
}

/** A point as the InfluxDB batch node expects it. */
export interface InfluxPoint {
  measurement: "cemm";
  tags: Record<string, string>;
  fields: Record<string, number>;
  timestamp: Date;
}

/** Builds one payload from several answers, added one by one. */
export interface Collector<Payload> {
  /** The next answer; the oldest comes first. */
  add(answer: Answer): void;
  /** Estimated size of the payload so far, in bytes. */
  bytes(): number;
  /** Nothing may be added afterwards. */
  payload(): Payload;
}

const { bytes: BYTES } = LIMITS;

export function collect<Payload>(collector: Collector<Payload>, answers: readonly Answer[]): Payload {
  for (const answer of answers) collector.add(answer);
  return collector.payload();
}

/** Each channel's samples. Joined at the end, because a list growing to millions would be copied again and again. */
export function seriesCollector(): Collector<Series> {
  const periods: Answer["channels"][] = [];
  const none: Sample[] = [];
  let samples = 0;
  const samplesOf = (name: string) => none.concat(...periods.map((each) => each[name]?.samples ?? none));
  return {
    add({ channels }) {
      periods.push(channels);
      for (const channel of Object.values(channels)) samples += channel.samples.length + 1;
    },
    bytes: () => samples * BYTES.series.each,
    payload() {
      const names = new Set(periods.flatMap(Object.keys));
      return Object.fromEntries([...names].map((name) => [name, samplesOf(name)]));
    },
  };
}

/** One row for each distinct time, with every channel of the range; null where it has no sample at that time. */
export function rowCollector(): Collector<Row[]> {
  const rows: Row[] = [];
  const columns: Record<string, null> = {};
  /** Number of rows when the last column was added. */
  let incomplete = 0;
  return {
    add(answer) {
      for (const [name, { samples }] of Object.entries(answer.channels)) {
        if (samples.length === 0 || Object.hasOwn(columns, name)) continue;
        columns[name] = null;
        incomplete = rows.length;
      }
      append(rows, rowsOf(answer, columns));
    },
    bytes: () => rows.length * (BYTES.rows.each + BYTES.rows.value * Object.keys(columns).length),
    payload() {
      for (let n = 0; n < incomplete; n++) {
        const row = rows[n];
        if (row) rows[n] = Object.assign({ time: row.time }, columns, row);
      }
      return isAscending(rows) ? rows : merged(rows);
    },
  };
}

/** One entry per sample. */
export function pointCollector(): Collector<Point[]> {
  const points: Point[] = [];
  return {
    add: (answer) => append(points, pointsOf(answer)),
    bytes: () => points.length * BYTES.points.each,
    payload: () => (isAscending(points) ? points : points.sort(byTime)),
  };
}

/** One point for each distinct time of each answer, without nulls and without samples of unknown time. */
export function influxCollector(): Collector<InfluxPoint[]> {
  const points: InfluxPoint[] = [];
  let values = 0;
  return {
    add(answer) {
      append(points, influxPointsOf(answer));
      for (const { samples } of Object.values(answer.channels)) values += samples.length;
    },
    bytes: () => points.length * BYTES.influx.each + values * BYTES.influx.value,
    payload: () => points,
  };
}

// Spreading many thousand arguments overflows the stack.
function append<T>(list: T[], more: Iterable<T>): void {
  for (const each of more) list.push(each);
}

type Timed = { time: number | null };
const byTime = (a: Timed, b: Timed): number => (a.time ?? 0) - (b.time ?? 0);

function isAscending(list: readonly Timed[]): boolean {
  return list.every((each, n) => byTime(list[n - 1] ?? each, each) <= 0);
}

function rowsOf({ channels }: Answer, columns: Record<string, null>): Iterable<Row> {
  const rows = new Map<number, Row>();
  for (const [channel, { samples }] of Object.entries(channels)) {
    for (const { time, value } of samples) {
      if (time === null) continue;
      const row = rows.get(time) ?? Object.assign({ time }, columns);
      row[channel] = value;
      rows.set(time, row);
    }
  }
  return [...rows.values()].sort(byTime);
}

/** For overlapping answers: rows of the same time are merged. */
function merged(rows: readonly Row[]): Row[] {
  const byTimes = new Map<number, Row>();
  for (const row of rows) {
    const known = byTimes.get(row.time);
    const values = Object.entries(row).filter(([, value]) => value !== null);
    byTimes.set(row.time, known ? Object.assign(known, Object.fromEntries(values)) : row);
  }
  return [...byTimes.values()].sort(byTime);
}

function pointsOf({ channels }: Answer): Point[] {
  const points = Object.entries(channels).flatMap(([channel, { unit, samples }]) =>
    samples.map(({ time, value }) => ({ time, channel, value, unit })),
  );
  return points.sort(byTime);
}

function influxPointsOf(answer: Answer): InfluxPoint[] {
  const { uid, alias, kind } = answer;
  // Only tags that nobody can rename, since a changed tag starts another series. InfluxDB refuses an empty tag.
  const tags = { ...(uid && { uid }), alias, kind };
  const fields = new Map<number, Record<string, number>>();
  for (const [channel, { samples }] of Object.entries(answer.channels)) {
    for (const { time, value } of samples) {
      if (time === null || value === null) continue;
      const known = fields.get(time);
      if (known) known[channel] = value;
      else fields.set(time, { [channel]: value });
    }
  }
  const inOrder = [...fields].sort(([a], [b]) => a - b);
  return inOrder.map(([time, fields]) => ({ measurement: "cemm", tags, fields, timestamp: new Date(time) }));
}
