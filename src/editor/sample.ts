/** An answer as the chosen meter may give it, to make the examples of payloads from. */
import type { Answers } from "../nodes/runtime/formats.js";

/** What is asked for: live values, meter readings, or the samples of a period. */
export type Asked = "realtime" | "totals" | "day" | "month" | "year";

type Channels = Readonly<Record<string, { unit: string; value: number }>>;
type Meter = Readonly<Record<Asked, Channels>>;

const watts = (value: number) => ({ unit: "W", value });
const kWh = (value: number) => ({ unit: "kWh", value });
const cubicMetres = (value: number) => ({ unit: "m³", value });
const litresPerMinute = (value: number) => ({ unit: "L/min", value });

const REGISTERS = { t1: kWh(5237.19), t2: kWh(6120.33), t3: kWh(812.4), t4: kWh(1903.6) };
const NET = { electric_energy: kWh(4424.79), electric_energy_high: kWh(4216.73) };
const POWER = { electric_power: watts(193) };
const ELECTRICITY = {
  day: POWER,
  month: { electric_energy_low: kWh(3.1), electric_energy_high: kWh(5.4) },
  year: { electric_energy_low: kWh(96.2), electric_energy_high: kWh(167.8) },
};

const SMART_METER: Meter = { realtime: { ...POWER, ...REGISTERS }, totals: { ...REGISTERS, ...NET }, ...ELECTRICITY };
const MODBUS: Meter = {
  realtime: { ...POWER, t1: kWh(5528.49) },
  totals: { ...REGISTERS, ...NET },
  ...ELECTRICITY,
};
const PULSES: Meter = { realtime: POWER, totals: NET, ...ELECTRICITY };
const GAS: Meter = {
  realtime: { gas: cubicMetres(2616.842) },
  totals: { gas: cubicMetres(2616.842) },
  day: { gas: litresPerMinute(3.5) },
  month: { gas: cubicMetres(4.21) },
  year: { gas: cubicMetres(131.6) },
};
const WATER: Meter = {
  realtime: { flow: litresPerMinute(6.2), volume: cubicMetres(812.345) },
  totals: { volume: cubicMetres(812.345) },
  day: { flow: litresPerMinute(6.2) },
  month: { volume: cubicMetres(0.31) },
  year: { volume: cubicMetres(9.4) },
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
const STEP: Record<Asked, number> = { realtime: 0, totals: 0, day: MINUTE, month: DAY, year: 31 * DAY };
/** 2026-01-01 in the Netherlands. */
const TIME = 1_767_222_000_000;

/** The channels of the meter that has this alias; those of a smart meter where it is not known. */
export function channelsOf(alias: string, asked: Asked): Channels {
  const [, meter] = METERS.find(([pattern]) => pattern.test(alias)) ?? ["", SMART_METER];
  return meter[asked];
}

export function sampleAnswers(alias: string, asked: Asked): Answers {
  const times = STEP[asked] ? [TIME, TIME + STEP[asked]] : [TIME];
  const channels = Object.entries(channelsOf(alias, asked)).map(([name, { unit, value }]) => {
    const samples = times.map((time) => ({ time, value }));
    return [name, { unit, deviceClass: null, stateClass: null, samples }];
  });
  return [
    {
      kind: asked === "realtime" || asked === "totals" ? asked : "history",
      source: "lan",
      uid: "00-1E-C0-85-96-CC",
      alias,
      ioId: 1,
      requestedAt: TIME,
      receivedAt: TIME,
      channels: Object.fromEntries(channels),
      unusable: [],
      raw: rawBody(alias, asked, times),
    },
  ];
}

/** As the CEMM sends it: newest first in a period. */
function rawBody(alias: string, asked: Asked, times: number[]): object {
  const pairs = (value: number) => times.map((time) => [time, value]).reverse();
  const data = Object.entries(channelsOf(alias, asked)).map(([name, { value }]) => {
    return [name, STEP[asked] ? pairs(value) : pairs(value)[0]];
  });
  const body = { data: Object.fromEntries(data) };
  return STEP[asked] ? { io_id: 1, time: TIME, ...body } : body;
}
