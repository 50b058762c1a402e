/** An answer as the chosen meter may give it, to make the examples of payloads from. */
import { type Kind, meaningOf } from "../lib/data/channel-table.js";
import type { Answers } from "../nodes/runtime/formats.js";

/** A likely value of each channel, for each kind of answer. */
type Values = Readonly<Record<string, number>>;
type Meter = Readonly<Record<Kind, Values>>;

const POWER = { electric_power: 193 };
const REGISTERS = { t1: 5237.19, t2: 6120.33, t3: 812.4, t4: 1903.6 };
const NET = { electric_energy: 4424.79, electric_energy_high: 4216.73 };
const ELECTRICITY = {
  day: POWER,
  month: { electric_energy_low: 3.1, electric_energy_high: 5.4 },
  year: { electric_energy_low: 96.2, electric_energy_high: 167.8 },
};

const SMART_METER: Meter = { realtime: { ...POWER, ...REGISTERS }, totals: { ...REGISTERS, ...NET }, ...ELECTRICITY };
const MODBUS: Meter = { realtime: { ...POWER, t1: 5528.49 }, totals: { ...REGISTERS, ...NET }, ...ELECTRICITY };
const PULSES: Meter = { realtime: POWER, totals: NET, ...ELECTRICITY };
const GAS: Meter = {
  realtime: { gas: 2616.842 },
  totals: { gas: 2616.842 },
  day: { gas: 0.21 },
  month: { gas: 4.21 },
  year: { gas: 131.6 },
};
const WATER: Meter = {
  realtime: { flow: 6.2, volume: 812.345 },
  totals: { volume: 812.345 },
  day: { flow: 6.2 },
  month: { volume: 0.31 },
  year: { volume: 9.4 },
};

const METERS: readonly [RegExp, Meter][] = [
  [/gas/, GAS],
  [/^pulse-/, WATER],
  [/^mb\d/, MODBUS],
  [/^(s\d\d|usage)$/, PULSES],
];

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** From one sample to the next, in ms. */
const STEP: Record<Kind, number> = { realtime: 0, totals: 0, day: MINUTE, month: DAY, year: 31 * DAY };
/** 2026-01-01 in the Netherlands. */
const TIME = 1_767_222_000_000;

/** The channels of the meter that has this alias; those of a smart meter where it is not known. */
export function channelsOf(alias: string, kind: Kind): Values {
  const [, meter] = METERS.find(([pattern]) => pattern.test(alias)) ?? ["", SMART_METER];
  return meter[kind];
}

export function sampleAnswers(alias: string, kind: Kind): Answers {
  const times = STEP[kind] ? [TIME, TIME + STEP[kind]] : [TIME];
  const channels = Object.entries(channelsOf(alias, kind)).map(([name, value]) => {
    const samples = times.map((time) => ({ time, value }));
    return [name, { ...meaningOf(name, kind), samples }];
  });
  return [
    {
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
    },
  ];
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
