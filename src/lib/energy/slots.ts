/** The days of a period, known or not, and their totals. */
import { type Period, periodAt, periodName, periodsBetween } from "../data/calendar.js";
import { addSums, NO_SUMS, type Sums, sumsOf } from "./figures.js";
import type { HouseMeter } from "./house.js";
import type { HouseDay } from "./house-day.js";
import { addCosts, type Contract, costsOfDay } from "./tariff.js";
import type { Bar, Costs } from "./view.js";

/** The known data of the house. */
export interface History extends Contract {
  /** Epoch ms. */
  now: number;
  meters: readonly HouseMeter[];
  /** By date, `2026-11-28`; today's too. */
  days: ReadonlyMap<string, HouseDay>;
  /** The first date with data; null while earlier days are still being read. */
  firstDay: string | null;
}

export interface Slot {
  name: string;
  period: Period;
  day: HouseDay | undefined;
  state: Bar["state"];
}

/** The totals of a period, until a moment. */
export interface Total {
  sums: Sums;
  costs: Costs | null;
}

export function slotsOf(period: Period, { timezone, days, now, firstDay }: History): Slot[] {
  const first = periodAt("day", period.start, timezone);
  const last = periodAt("day", period.end - 1, timezone);
  return periodsBetween(first, last).map((each) => {
    const name = periodName(each);
    const day = days.get(name);
    const hasBegun = firstDay === null || name >= firstDay;
    return { name, period: each, day, state: stateOf(each, day, now, hasBegun) };
  });
}

function stateOf({ start, end }: Period, day: HouseDay | undefined, now: number, hasBegun: boolean): Bar["state"] {
  if (start > now) return "future";
  if (now < end) return "running";
  if (day?.isComplete) return isEmpty(day) ? "missing" : "whole";
  return hasBegun ? "pending" : "missing";
}

function isEmpty({ bought, solar, gas, water, apart }: HouseDay): boolean {
  return [bought, solar, gas, water].every((quarters) => quarters === null) && Object.keys(apart).length === 0;
}

/** The sums of the known days, until `until`. */
export function totalOf(slots: readonly Slot[], contract: Contract, until = Number.POSITIVE_INFINITY): Total {
  let total: Total = { sums: NO_SUMS, costs: null };
  for (const { day } of slots) {
    if (!day || day.start >= until) continue;
    const to = Math.min(day.end, until);
    const costs = costsOfDay(day, contract, day.start, to);
    total = {
      sums: addSums(total.sums, sumsOf(day, day.start, to)),
      costs: total.costs && costs ? addCosts(total.costs, costs) : (total.costs ?? costs),
    };
  }
  return total;
}
