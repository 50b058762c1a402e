/** The totals of days or parts of days. */
import { QUARTER, type Quarters } from "./day-record.js";
import type { HouseDay } from "./house-day.js";
import type { Figures } from "./view.js";

/** kWh and m³; null: unknown. They can be added up, unlike shares. */
export type Sums = Record<"bought" | "sold" | "solar" | "gas" | "water", number | null>;

export const NO_SUMS: Sums = { bought: null, sold: null, solar: null, gas: null, water: null };
const NAMES = ["bought", "sold", "solar", "gas", "water"] as const;

/** The sums of the day from `from` to `to` (epoch ms); a quarter that is only partly inside counts in proportion. */
export function sumsOf(day: HouseDay, from = day.start, to = day.end): Sums {
  const sums = { ...NO_SUMS };
  for (const name of NAMES) sums[name] = amountIn(day[name], day, from, to);
  return sums;
}

/** The sum of a day's quarters between two moments. */
export function amountIn(
  quarters: Quarters | null,
  { start, until }: Pick<HouseDay, "start" | "until">,
  from: number,
  to: number,
): number | null {
  if (!quarters) return null;
  let sum: number | null = null;
  const last = Math.min(quarters.length, Math.ceil((to - start) / QUARTER));
  for (let n = Math.max(0, Math.floor((from - start) / QUARTER)); n < last; n++) {
    const value = quarters[n] ?? null;
    if (value === null) continue;
    const begin = start + n * QUARTER;
    // The running quarter contains the data until now.
    const end = Math.min(begin + QUARTER, Math.max(until, begin + 1));
    const share = Math.min(1, (Math.min(to, end) - Math.max(from, begin)) / (end - begin));
    if (share > 0) sum = (sum ?? 0) + value * share;
  }
  return sum;
}

export function addSums(a: Sums, b: Sums): Sums {
  const sums = { ...NO_SUMS };
  for (const name of NAMES) {
    const [one, other] = [a[name], b[name]];
    sums[name] = one === null && other === null ? null : (one ?? 0) + (other ?? 0);
  }
  return sums;
}

/** Adds the derived figures. No share if more solar energy was sold than made, which is a measurement error. */
export function figuresOf({ bought, sold, solar, gas, water }: Sums): Figures {
  const consumption = bought === null ? null : bought - (sold ?? 0) + (solar ?? 0);
  const ownUse = bought === null || solar === null ? null : solar - (sold ?? 0);
  return {
    bought: rounded(bought),
    sold: rounded(sold),
    solar: rounded(solar),
    consumption: rounded(consumption),
    selfConsumption: share(ownUse, solar),
    selfSufficiency: share(ownUse, consumption),
    gas: rounded(gas),
    water: rounded(water),
  };
}

function share(part: number | null, whole: number | null): number | null {
  if (part === null || whole === null || whole <= 0 || part < 0) return null;
  return rounded(Math.min(100, (part / whole) * 100));
}

/** Rounds to the milliwatt-hour: more digits are only rounding errors of sums. */
export function rounded(value: number): number;
export function rounded(value: number | null): number | null;
export function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e6) / 1e6;
}
