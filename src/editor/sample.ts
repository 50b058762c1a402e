/** A sample answer of the chosen meter, for the example payloads. */

import type { Answer } from "../lib/data/answer.js";
import { type Kind, meaningOf } from "../lib/data/channel-table.js";
import { channelsOf } from "../lib/data/meters.js";

/** A typical value of each channel. */
type SampleValues = Readonly<Record<string, number>>;

const POWER = { electric_power: 193, flow: 6.2 };
const READINGS = { t1: 5237.19, t2: 6120.33, t3: 812.4, t4: 1903.6, gas: 2616.842, volume: 812.345 };
/** For a day in a month, or a month in a year. */
const AMOUNTS = { electric_energy_low: 3.1, electric_energy_high: 5.4, gas: 4.21, volume: 0.31 };

const VALUES: Readonly<Record<Kind, SampleValues>> = {
  realtime: { ...POWER, ...READINGS, rate: 1, switch: 1 },
  totals: { ...READINGS, electric_energy: 4424.79, electric_energy_high: 4216.73 },
  day: { ...POWER, gas: 0.21 },
  month: AMOUNTS,
  year: AMOUNTS,
};

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** From one sample to the next, in ms. */
const STEP: Record<Kind, number> = { realtime: 0, totals: 0, day: MINUTE, month: DAY, year: 31 * DAY };
/** 2026-01-01 in the Netherlands. */
const TIME = 1_767_222_000_000;

/** The channels of the meter with this alias; those of a smart meter if unknown. */
export function sampleChannels(alias: string, kind: Kind): readonly string[] {
  const known = channelsOf(alias, kind);
  return known.length > 0 ? known : channelsOf("p1", kind);
}

export function sampleAnswer(alias: string, kind: Kind): Answer {
  const times = STEP[kind] ? [TIME, TIME + STEP[kind]] : [TIME];
  const channels = sampleChannels(alias, kind).map((name) => {
    const samples = times.map((time) => ({ time, value: VALUES[kind][name] ?? 0 }));
    return [name, { ...meaningOf(name, kind), samples, stale: false }];
  });
  return {
    kind,
    source: "lan",
    uid: "00-1E-C0-85-96-CC",
    alias,
    ioId: 1,
    requestedAt: TIME,
    receivedAt: TIME,
    channels: Object.fromEntries(channels),
    unusable: [],
    badNames: [],
    suspects: [],
    age: null,
    stale: false,
    raw: rawBody(alias, kind, times),
  };
}

/** Like the CEMM: newest first in a period. */
function rawBody(alias: string, kind: Kind, times: number[]): object {
  const pairs = (value: number) => times.map((time) => [time, value]).reverse();
  const data = sampleChannels(alias, kind).map((name) => {
    const channel = pairs(VALUES[kind][name] ?? 0);
    return [name, STEP[kind] ? channel : channel[0]];
  });
  const body = { data: Object.fromEntries(data) };
  return STEP[kind] ? { io_id: 1, time: TIME, ...body } : body;
}
