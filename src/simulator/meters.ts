/** The meters a CEMM can have. A new alias is one line here. */
import type { SolarMeter } from "./day.js";
import {
  gasMeter,
  type MeterKind,
  modbus,
  pulseElectricity,
  type SimulatedMeter,
  smartMeter,
  usage,
  waterMeter,
} from "./kinds.js";

/** Connection 1.1 is port 3 (see the page's examples), 1.2 port 2, 2 port 1; local numbering of s02 and s03. */
const ALIASES: readonly { alias: RegExp; kind: MeterKind; type: string; port: number; portOption: string }[] = [
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

/** All aliases of the model, for messages. */
export const KNOWN_ALIASES =
  "p1, p1-usb, emucs, emucs-usb, emucs-gas, han, dlms-usb, p1-gas, s01-s03, pulse-1-pulse-3, mb<n>, usage";

export const isKnownAlias = (name: string): boolean => ALIASES.some(({ alias }) => alias.test(name));

/** Two of these on the same connection; a gas meter is behind its smart meter, Modbus and USB are shared. */
export function sharingConnection(meters: readonly SimulatedMeter[]): [SimulatedMeter, SimulatedMeter] | undefined {
  const wired = meters.filter(({ kind, port }) => kind !== gasMeter && port >= 1 && port <= 3);
  for (const meter of wired) {
    const other = wired.find((each) => each !== meter && each.port === meter.port);
    if (other) return [meter, other];
  }
  return undefined;
}

/** io_ids are assigned in the order in which inputs are activated. */
export function metersOf(aliases: readonly string[]): SimulatedMeter[] {
  return aliases.flatMap((name, n) => {
    const known = ALIASES.find(({ alias }) => alias.test(name));
    return known ? [{ ...known, alias: name, ioId: n + 1 }] : [];
  });
}

/** The meters that measure the house's panels. */
export const solarMeters = (meters: readonly SimulatedMeter[]): SolarMeter[] =>
  meters
    .filter(({ kind }) => kind === pulseElectricity || kind === modbus)
    .map(({ alias, kind }) => ({ alias, countsOwnUse: kind === modbus }));
