/** The house as the page gets it. */
import type { Answer } from "../data/answer.js";
import { type HouseMeter, withRole } from "./house.js";
import type { HouseDay } from "./house-day.js";
import type { Tariff } from "./tariff.js";
import type { House, Problem } from "./view.js";

export interface HouseInput {
  name: string;
  timezone: string;
  today: string;
  firstDay: string | null;
  meters: readonly HouseMeter[];
  tariff: Tariff;
  /** Live answers by alias. */
  answers: ReadonlyMap<string, Answer>;
  days: Iterable<HouseDay>;
  problems: readonly Problem[];
}

export function houseView({ meters, tariff, answers, days, problems, ...house }: HouseInput): House {
  const has = (role: HouseMeter["role"]) => withRole(meters, role).length > 0;
  return {
    ...house,
    has: {
      grid: has("grid"),
      sold: hasSold(meters, answers, days),
      solar: has("solar"),
      gas: has("gas"),
      water: has("water"),
      costs: tariff.kind !== "none" && (has("grid") || has("gas") || has("water")),
    },
    meters: meters.map(({ alias, name, role }) => ({ id: alias, name, role })),
    problems: [...problems],
  };
}

/** By the smart meter's registers; if it has none, by the known days. */
function hasSold(meters: readonly HouseMeter[], answers: HouseInput["answers"], days: Iterable<HouseDay>): boolean {
  const grid = withRole(meters, "grid");
  const sold = grid.flatMap(({ alias }) =>
    ["t3", "t4"].flatMap((channel) => answers.get(alias)?.channels[channel]?.samples.at(-1)?.value ?? []),
  );
  if (sold.length > 0) return sold.some((register) => register > 0);
  for (const day of days) if (day.sold?.some((kWh) => (kWh ?? 0) > 0)) return true;
  return false;
}
