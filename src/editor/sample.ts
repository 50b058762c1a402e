/** An answer as the chosen meter may give it, to make the examples of payloads from. */

import type { Answer } from "../lib/data/answer.js";
import { type Kind, meaningOf } from "../lib/data/channel-table.js";

/** A likely value of each channel, for each kind of answer. */
type SampleValues = Readonly<Record<string, number>>;
type SampleMeter = Readonly<Record<Kind, SampleValues>>;

const POWER = { electric_power: 193 };
const REGISTERS = { t1: 5237.19, t2: 6120.33, t3: 812.4, t4: 1903.6 };
const NET = { electric_energy: 4424.79, electric_energy_high: 4216.73 };

/** `amount`: of a day in a month, or a month in a year. */
const meter = (realtime: SampleValues, totals: SampleValues, day: SampleValues, amount: SampleValues): SampleMeter => ({
  realtime,
  totals,
  day,
  month: amount,
  year: amount,
});
const electricity = (realtime: SampleValues, totals: SampleValues) =>
  meter(realtime, totals, POWER, { electric_energy_low: 3.1, electric_energy_high: 5.4 });
const GAS = { gas: 2616.842 };
const VOLUME = { volume: 812.345 };

const SMART_METER = electricity({ ...POWER, ...REGISTERS, rate: 1, ...GAS }, { ...REGISTERS, ...NET, ...GAS });

const METERS: readonly [RegExp, SampleMeter][] = [
  [/gas/, meter(GAS, GAS, { gas: 0.21 }, { gas: 4.21 })],
  [/^pulse-/, meter({ flow: 6.2, ...VOLUME }, VOLUME, { flow: 6.2 }, { volume: 0.31 })],
  // Its own counter knows no tariffs: live t1 is the whole of it.
  [/^mb\d/, electricity({ ...POWER, t1: 11_357.52 }, { ...REGISTERS, ...NET })],
  [/^(s\d\d|usage)$/, electricity(POWER, NET)],
];

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** From one sample to the next, in ms. */
const STEP: Record<Kind, number> = { realtime: 0, totals: 0, day: MINUTE, month: DAY, year: 31 * DAY };
/** 2026-01-01 in the Netherlands. */
const TIME = 1_767_222_000_000;

/** The channels of the meter that has this alias; those of a smart meter where it is not known. */
export function channelsOf(alias: string, kind: Kind): SampleValues {
  const [, meter] = METERS.find(([pattern]) => pattern.test(alias)) ?? ["", SMART_METER];
  return meter[kind];
}

export function sampleAnswer(alias: string, kind: Kind): Answer {
  const times = STEP[kind] ? [TIME, TIME + STEP[kind]] : [TIME];
  const channels = Object.entries(channelsOf(alias, kind)).map(([name, value]) => {
    const samples = times.map((time) => ({ time, value }));
    return [name, { ...meaningOf(name, kind), samples }];
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
    suspects: [],
    age: null,
    stale: false,
    raw: rawBody(alias, kind, times),
  };
}

/** As the CEMM sends it: newest first in a period. */
function rawBody(alias: string, kind: Kind, times: number[]): object {
  const pairs = (value: number) => times.map((time) => [time, value]).reverse();
  const data = Object.entries(channelsOf(alias, kind)).map(([name, value]) => {
    return [name, STEP[kind] ? pairs(value) : pairs(value)[0]];
  });
  const body = { data: Object.fromEntries(data) };
  return STEP[kind] ? { io_id: 1, time: TIME, ...body } : body;
}
