import { z } from "zod";

/** What the simulator's two houses have, by alias. */
export const METERS = [
  ["mb3", "p1", "p1-gas", "pulse-3", "s01"],
  ["p1", "p1-gas", "s01"],
];

export const Values = z.record(z.string(), z.number().nullable());

/** What has been reported. */
export function numbers(values: Record<string, number | null>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}
