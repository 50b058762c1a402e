/** The message that the node sends when a day is over. */
import { figuresOf, sumsOf } from "./figures.js";
import type { HouseDay } from "./house-day.js";
import { peakOf } from "./period.js";
import { type Contract, costsOfDay } from "./tariff.js";
import type { Costs } from "./view.js";

/** kWh, m³; `peak` in W: the day's highest quarter-hour. Null: unknown, or the house has no such meter. */
export interface DayFigures {
  date: string;
  bought: number | null;
  sold: number | null;
  solar: number | null;
  consumption: number | null;
  peak: number | null;
  gas: number | null;
  water: number | null;
  costs: Costs | null;
}

export function dayFigures(day: HouseDay, contract: Contract): DayFigures {
  const { bought, sold, solar, consumption, gas, water } = figuresOf(sumsOf(day));
  const peak = peakOf(day)?.power ?? null;
  return { date: day.date, bought, sold, solar, consumption, peak, gas, water, costs: costsOfDay(day, contract) };
}
