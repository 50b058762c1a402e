/** The simulator's house with two roofs, as its smart meter sees it. */
import { Cemm } from "../../src/simulator/cemm.js";
import { Household } from "../../src/simulator/household.js";

const MINUTE = 60_000;
const MINUTES = 1440;
const ROOFS = [
  { alias: "s01", countsOwnUse: false },
  { alias: "mb3", countsOwnUse: true },
];

const seed = "1";
const household = new Household({ seed, timezone: "Europe/Amsterdam", size: 1, solar: ROOFS });
const cemm = new Cemm({ seed, index: 0, aliases: ["p1", "s01", "mb3"], household });

export interface Day {
  start: number;
  /** W in each minute, export negative. */
  net: readonly number[];
  /** W in each minute that the panels generate. */
  sun: readonly number[];
}

/** W of the alias in each minute from `start`. */
export function power(alias: string, start: number, minutes: number): number[] {
  const meter = cemm.meter(alias);
  if (!meter) throw new Error(`The house has no "${alias}".`);
  return Array.from({ length: minutes }, (_, n) => cemm.live(meter, start + n * MINUTE).electric_power?.[1] ?? 0);
}

/** `count` days from the day of `time`. For summer only, when each day has 24 hours. */
export function days(time: number, count: number): Day[] {
  const first = cemm.period("day", time).start;
  return Array.from({ length: count }, (_, n) => {
    const start = first + n * MINUTES * MINUTE;
    const [one = [], other = []] = ROOFS.map(({ alias }) => power(alias, start, MINUTES));
    return { start, net: power("p1", start, MINUTES), sun: one.map((watts, n) => watts + (other[n] ?? 0)) };
  });
}
