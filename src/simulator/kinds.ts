/** The kinds of meter: their live values, readings and history. */
import type { Household, Register, Registers } from "./household.js";

export interface SimulatedMeter {
  alias: string;
  ioId: number;
  type: string;
  port: number;
  portOption: string;
  kind: MeterKind;
}

/** The value of a channel at a moment; null: never reported. */
type ChannelValue = (cemm: MeterView, time: number) => number | null;
export type ChannelValues = Readonly<Record<string, ChannelValue>>;

/** What the channels of a meter need from their CEMM. */
export interface MeterView {
  household: Household;
  hasGas: boolean;
  /** Seconds between two readings of the gas meter: 3600 (DSMR 4), 300 (DSMR 5). */
  gasInterval: number;
  /** Factor of what its meters have counted over the model's years, at least 1. */
  wear: number;
  meter: SimulatedMeter;
}

export interface MeterKind {
  /** The household's stream that this meter measures; default: its alias. */
  stream?: string;
  /** A year's kWh by register; default: those of the smart meter. */
  yearly?: (household: Household) => Registers;
  live: ChannelValues;
  totals: ChannelValues;
  /** The samples of a day: a channel, and its rate in the stream's unit. */
  day: { channel: string; perUnit: number };
  /** The amount in a day or month. */
  sums: Readonly<Record<string, (through: Registers) => number>>;
  /** `usage` is calculated by the CEMM: it has no input. */
  isComputed?: boolean;
}

const HALF_WATT = 2;
const WATT_HOUR = HALF_WATT * 3600;
const KWH = 1000 * WATT_HOUR;
const FIFTH_OF_A_LITRE = 5;
const GAS_M3 = FIFTH_OF_A_LITRE * 60_000;
const WATER_M3 = 60_000;
const MINUTE = 60_000;

/** From the first day of the model to its anchor day. */
const YEARS = 11;
/** kWh and m³ of a year with high use: on the anchor day a meter shows eleven of them, so that none began below 0. */
const YEARLY = {
  net: ({ size, roofs }: Household) => ({
    t1: 400 + 620 * size,
    t2: 870 + 220 * size,
    t3: 450 * size * roofs,
    t4: 1250 * size * roofs,
  }),
  solar: ({ size }: Household) => ({ t1: 620 * size, t2: 1750 * size, t3: 12, t4: 10 }),
  usage: ({ size }: Household) => ({ t1: 700 + 620 * size, t2: 1000 + 750 * size, t3: 0, t4: 0 }),
  gas: ({ size }: Household) => 100 + 1000 * size,
  water: 85,
} as const;

export const streamOf = ({ meter }: MeterView): string => meter.kind.stream ?? meter.alias;
const netOf = (a: Register, b: Register) => (sums: Registers) => (sums[a] - sums[b]) / KWH;
const all = ({ t1, t2 }: Registers): number => t1 + t2;

/** The counter on the anchor day, different for each CEMM. */
const atAnchor = (view: MeterView, yearly: number): number => Math.round(YEARS * yearly * view.wear);

/** A register's whole watt-hours: its last digit. */
function wattHours(view: MeterView, name: Register, time: number): number {
  const { household, meter } = view;
  const yearly = (meter.kind.yearly ?? YEARLY.net)(household)[name];
  const since = household.registers(streamOf(view), time)[name];
  return Math.floor(since / WATT_HOUR) + 1000 * atAnchor(view, yearly);
}

const register =
  (name: Register): ChannelValue =>
  (view, time) =>
    wattHours(view, name, time) / 1000;

const difference =
  (a: Register, b: Register): ChannelValue =>
  (view, time) =>
    (wattHours(view, a, time) - wattHours(view, b, time)) / 1000;

const power: ChannelValue = (view, time) => view.household.rate(streamOf(view), time) / HALF_WATT;
const tariff: ChannelValue = ({ household }, time) => (household.isLowTariff(time) ? 1 : 2);
const never: ChannelValue = () => null;

const gas: ChannelValue = (view, time) => {
  if (!view.hasGas) return null;
  const read = view.household.calendar.lastStep(time, view.gasInterval);
  return (all(view.household.registers("gas", read)) + atAnchor(view, YEARLY.gas(view.household)) * GAS_M3) / GAS_M3;
};

const volume: ChannelValue = (view, time) => {
  const read = time - (time % MINUTE);
  return (all(view.household.registers("water", read)) + atAnchor(view, YEARLY.water) * WATER_M3) / WATER_M3;
};

const registers: ChannelValues = { t1: register("t1"), t2: register("t2"), t3: register("t3"), t4: register("t4") };
const energy: ChannelValues = {
  electric_energy: difference("t1", "t3"),
  electric_energy_high: difference("t2", "t4"),
};
const electricity = {
  day: { channel: "electric_power", perUnit: HALF_WATT },
  sums: { electric_energy_low: netOf("t1", "t3"), electric_energy_high: netOf("t2", "t4") },
};

export const smartMeter: MeterKind = {
  stream: "net",
  live: { ...registers, electric_power: power, rate: tariff, switch: never, gas },
  totals: { ...registers, ...energy, gas },
  ...electricity,
};
export const pulseElectricity: MeterKind = {
  yearly: YEARLY.solar,
  live: { electric_power: power },
  totals: energy,
  ...electricity,
};
/** Its own counter, live t1, has no tariffs; the CEMM splits the readings by the smart meter's tariff. */
export const modbus: MeterKind = {
  yearly: YEARLY.solar,
  live: {
    t1: (view, time) => (wattHours(view, "t1", time) + wattHours(view, "t2", time)) / 1000,
    t2: never,
    electric_power: power,
  },
  totals: { ...registers, ...energy },
  ...electricity,
};
export const usage: MeterKind = { ...pulseElectricity, yearly: YEARLY.usage, stream: "usage", isComputed: true };
export const gasMeter: MeterKind = {
  stream: "gas",
  live: { gas },
  totals: { gas },
  day: { channel: "gas", perUnit: FIFTH_OF_A_LITRE },
  sums: { gas: (sums) => all(sums) / GAS_M3 },
};
export const waterMeter: MeterKind = {
  stream: "water",
  // Without a pulse there is no flow rate, as in recorded answers.
  live: { flow: ({ household }, time) => household.rate("water", time) || null },
  totals: { volume },
  day: { channel: "flow", perUnit: 1 },
  sums: { volume: (sums) => all(sums) / WATER_M3 },
};

export const measuresGas = ({ kind }: SimulatedMeter): boolean => kind === gasMeter;

/** The seconds between two records of a meter's history. */
export const recordInterval = (view: MeterView): number => (measuresGas(view.meter) ? view.gasInterval : 60);
