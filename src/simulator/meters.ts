/** The meters a CEMM can have: one table of aliases, one of kinds. A new alias is one line here. */
import type { Household, Register, Registers } from "./household.js";

export interface Meter {
  alias: string;
  ioId: number;
  type: string;
  port: number;
  portOption: string;
  kind: Kind;
}

/** What a channel shows at a moment; null: it never reported. */
export type Channel = (cemm: MeterView, time: number) => number | null;
type Channels = Readonly<Record<string, Channel>>;

/** What the channels of a meter see of its CEMM. */
export interface MeterView {
  household: Household;
  hasGas: boolean;
  /** Seconds between two readings of the gas meter: 3600 (DSMR 4), 300 (DSMR 5). */
  gasInterval: number;
  meter: Meter;
}

export interface Kind {
  /** The household's stream that this meter measures; without: its alias. */
  stream?: string;
  live: Channels;
  totals: Channels;
  /** The samples of a day: a channel, and its rate in the stream's unit. */
  day: { channel: string; perUnit: number };
  /** What went through in a day or month. */
  sums: Readonly<Record<string, (through: Registers) => number>>;
  /** `usage` is computed by the CEMM: no input of its own. */
  isComputed?: boolean;
}

const HALF_WATT = 2;
const KWH = HALF_WATT * 3_600_000;
const FIFTH_OF_A_LITRE = 5;
const GAS_M3 = FIFTH_OF_A_LITRE * 60_000;
const WATER_M3 = 60_000;
const MINUTE = 60_000;

// What the meters showed on the model's anchor day: enough to have counted from 2014.
const KWH_AT_ANCHOR = { t1: 38_651, t2: 44_467, t3: 48_713, t4: 93_709 };
const GAS_AT_ANCHOR = 22_617;
const WATER_AT_ANCHOR = 1_384;

export const streamOf = ({ meter }: MeterView): string => meter.kind.stream ?? meter.alias;
const netOf = (a: Register, b: Register) => (sums: Registers) => (sums[a] - sums[b]) / KWH;
const all = ({ t1, t2 }: Registers): number => t1 + t2;

/** A production or usage meter never ran before it was counted, so its feed-in registers stay 0. */
const atAnchor = (view: MeterView, register: Register): number =>
  streamOf(view) === "net" || register === "t1" || register === "t2" ? KWH_AT_ANCHOR[register] : 0;

const register =
  (name: Register): Channel =>
  (view, time) =>
    (view.household.registers(streamOf(view), time)[name] + atAnchor(view, name) * KWH) / KWH;

const difference =
  (a: Register, b: Register): Channel =>
  (view, time) => {
    const sums = view.household.registers(streamOf(view), time);
    return (sums[a] - sums[b] + (atAnchor(view, a) - atAnchor(view, b)) * KWH) / KWH;
  };

const power: Channel = (view, time) => view.household.rate(streamOf(view), time) / HALF_WATT;
const tariff: Channel = ({ household }, time) => (household.isLowTariff(time) ? 1 : 2);
const never: Channel = () => null;

const gas: Channel = (view, time) => {
  if (!view.hasGas) return null;
  const read = view.household.calendar.lastStep(time, view.gasInterval);
  return (all(view.household.registers("gas", read)) + GAS_AT_ANCHOR * GAS_M3) / GAS_M3;
};

const volume: Channel = ({ household }, time) => {
  const read = time - (time % MINUTE);
  return (all(household.registers("water", read)) + WATER_AT_ANCHOR * WATER_M3) / WATER_M3;
};

const registers: Channels = { t1: register("t1"), t2: register("t2"), t3: register("t3"), t4: register("t4") };
const energy: Channels = {
  electric_energy: difference("t1", "t3"),
  electric_energy_high: difference("t2", "t4"),
};
const electricity = {
  day: { channel: "electric_power", perUnit: HALF_WATT },
  sums: { electric_energy_low: netOf("t1", "t3"), electric_energy_high: netOf("t2", "t4") },
};

const smartMeter: Kind = {
  stream: "net",
  live: { ...registers, electric_power: power, rate: tariff, switch: never, gas },
  totals: { ...registers, ...energy, gas },
  ...electricity,
};
const pulseElectricity: Kind = { live: { electric_power: power }, totals: energy, ...electricity };
const modbus: Kind = {
  live: { t1: register("t1"), t2: register("t2"), electric_power: power },
  totals: { ...registers, ...energy },
  ...electricity,
};
const usage: Kind = { ...pulseElectricity, stream: "usage", isComputed: true };
const gasMeter: Kind = {
  stream: "gas",
  live: { gas },
  totals: { gas },
  day: { channel: "gas", perUnit: FIFTH_OF_A_LITRE },
  sums: { gas: (sums) => all(sums) / GAS_M3 },
};
const waterMeter: Kind = {
  stream: "water",
  live: { flow: ({ household }, time) => household.rate("water", time) },
  totals: { volume },
  day: { channel: "flow", perUnit: 1 },
  sums: { volume: (sums) => all(sums) / WATER_M3 },
};

/** Connection 1.1 is port 3 (see the page's examples), 1.2 port 2, 2 port 1; local numbering of s02 and s03. */
const ALIASES: readonly { alias: RegExp; kind: Kind; type: string; port: number; portOption: string }[] = [
  { alias: /^p1$/, kind: smartMeter, type: "p1", port: 3, portOption: "p1_in" },
  { alias: /^p1-usb$/, kind: smartMeter, type: "p1", port: 5, portOption: "usb" },
  { alias: /^emucs$/, kind: smartMeter, type: "emucs", port: 3, portOption: "emucs_in" },
  { alias: /^emucs-usb$/, kind: smartMeter, type: "emucs", port: 5, portOption: "usb" },
  { alias: /^han$/, kind: smartMeter, type: "han", port: 3, portOption: "han_in" },
  { alias: /^dlms-usb$/, kind: smartMeter, type: "dlms", port: 5, portOption: "usb" },
  { alias: /^(p1|emucs)-gas$/, kind: gasMeter, type: "gas", port: 3, portOption: "enabled" },
  { alias: /^s01$/, kind: pulseElectricity, type: "solar_energy", port: 1, portOption: "s0_in" },
  { alias: /^s02$/, kind: pulseElectricity, type: "solar_energy", port: 3, portOption: "s0_in" },
  { alias: /^s03$/, kind: pulseElectricity, type: "solar_energy", port: 2, portOption: "s0_in" },
  { alias: /^pulse-1$/, kind: waterMeter, type: "water", port: 1, portOption: "pulse_in" },
  { alias: /^pulse-2$/, kind: waterMeter, type: "water", port: 3, portOption: "pulse_in" },
  { alias: /^pulse-3$/, kind: waterMeter, type: "water", port: 2, portOption: "pulse_in" },
  { alias: /^mb\d{1,3}$/, kind: modbus, type: "solar_energy", port: 4, portOption: "modbus" },
  { alias: /^usage$/, kind: usage, type: "usage", port: 0, portOption: "computed" },
];

/** Every alias the model knows, for messages. */
export const KNOWN_ALIASES =
  "p1, p1-usb, emucs, emucs-usb, emucs-gas, han, dlms-usb, p1-gas, s01-s03, pulse-1-pulse-3, mb<n>, usage";

export const isKnownAlias = (name: string): boolean => ALIASES.some(({ alias }) => alias.test(name));

/** io_ids are given in the order in which inputs are activated. */
export function metersOf(aliases: readonly string[]): Meter[] {
  return aliases.flatMap((name, n) => {
    const known = ALIASES.find(({ alias }) => alias.test(name));
    return known ? [{ ...known, alias: name, ioId: n + 1 }] : [];
  });
}

/** Solar meters: what the house's panels make is what they measure. */
export const measuresSolar = ({ kind }: Meter): boolean => kind === pulseElectricity || kind === modbus;
export const measuresGas = ({ kind }: Meter): boolean => kind === gasMeter;

/** The seconds between two records of a meter's history. */
export const recordInterval = (view: MeterView): number => (measuresGas(view.meter) ? view.gasInterval : 60);
