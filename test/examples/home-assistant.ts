/**
 * Home Assistant's rules for a sensor, and what it does with its values: our own tables and model, based on its
 * documentation.
 */
import assert from "node:assert/strict";
import { z } from "zod";

const ENERGY = ["Wh", "kWh", "MWh", "GWh", "TWh", "J", "kJ", "MJ", "GJ"];
const AMOUNTS = ["total", "total_increasing"];
const LIVE = ["measurement"];

/** The units and state classes that are allowed for each device class that a meter can have. */
const CLASSES: ReadonlyMap<string, { units: readonly string[]; states: readonly string[] }> = new Map([
  ["energy", { units: ENERGY, states: AMOUNTS }],
  ["power", { units: ["mW", "W", "kW", "MW", "GW", "TW"], states: LIVE }],
  ["gas", { units: ["m³", "ft³", "CCF", "MCF", "L"], states: AMOUNTS }],
  ["water", { units: ["m³", "ft³", "CCF", "MCF", "L", "gal"], states: AMOUNTS }],
  ["volume", { units: ["m³", "ft³", "CCF", "MCF", "L", "mL", "gal", "fl. oz."], states: AMOUNTS }],
  ["volume_flow_rate", { units: ["m³/h", "m³/min", "m³/s", "ft³/min", "L/h", "L/min", "L/s"], states: LIVE }],
]);

/** The device classes that the energy dashboard accepts for each kind of source. */
const DASHBOARD = { grid: ["energy"], solar: ["energy"], gas: ["gas", "energy"], water: ["water"] } as const;

export const Sensor = z.strictObject({
  name: z.string().min(1),
  unique_id: z.string().regex(/^[a-z0-9_]+$/),
  state_topic: z.string(),
  availability_topic: z.string(),
  expire_after: z.int().positive().optional(),
  unit_of_measurement: z.string().optional(),
  device_class: z.string().optional(),
  state_class: z.enum(["measurement", "total", "total_increasing"]).optional(),
  device: z.strictObject({ identifiers: z.array(z.string()), name: z.string().regex(/^\S.*\S$/), model: z.string() }),
});
export type Sensor = z.infer<typeof Sensor>;

/** Fails if Home Assistant would refuse the sensor, or drop its class or statistics with a warning. */
export function checkSensor(sensor: Sensor): void {
  const { device_class: deviceClass, unit_of_measurement: unit, state_class: state, name } = sensor;
  if (deviceClass === undefined) return;
  const { units, states } = CLASSES.get(deviceClass) ?? assert.fail(`${name}: no class ${deviceClass}`);
  assert.ok(units.includes(unit ?? ""), `${name}: ${deviceClass} in ${unit}`);
  assert.ok(states.includes(state ?? ""), `${name}: ${deviceClass} is not ${state}`);
}

/** Whether the energy dashboard offers it as this kind of source. */
export function isForDashboard({ device_class, state_class }: Sensor, as: keyof typeof DASHBOARD): boolean {
  return DASHBOARD[as].some((each) => each === device_class) && AMOUNTS.some((each) => each === state_class);
}

/** The sum in its statistics of a `total_increasing`: a drop of 10 % or more is a new cycle that starts at 0. */
export function bookedSum(values: readonly number[]): number {
  return values.slice(1).reduce((sum, value, n) => {
    const before = values[n] ?? 0;
    return sum + (value < before * 0.9 ? value : value - before);
  }, 0);
}
