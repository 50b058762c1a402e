import { z } from "zod";

/** The meters of the simulator's two houses, by alias. */
export const METERS = [
  ["mb3", "p1", "p1-gas", "pulse-3", "s01"],
  ["p1", "p1-gas", "s01"],
];

export const Values = z.record(z.string(), z.number().nullable());

/** The values that have been reported. */
export function numbers(values: Record<string, number | null>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}
