/** All figures of a period in rows and columns, for the table on the page and the export. */
import type { Bar, Figures, House, PeriodView } from "../lib/energy/view.js";
import type { TextKey } from "./texts.js";

export type ColumnName = keyof Figures | "costs";

export interface Column {
  name: ColumnName & TextKey;
  unit: string;
}

/** In the order of the page. */
const COLUMNS: readonly Column[] = [
  { name: "bought", unit: "kWh" },
  { name: "sold", unit: "kWh" },
  { name: "solar", unit: "kWh" },
  { name: "consumption", unit: "kWh" },
  { name: "selfConsumption", unit: "%" },
  { name: "selfSufficiency", unit: "%" },
  { name: "gas", unit: "m³" },
  { name: "water", unit: "m³" },
  { name: "costs", unit: "€" },
];

/** The columns of this house, without empty ones. */
export function columnsOf(view: PeriodView, has: House["has"]): Column[] {
  return COLUMNS.filter(({ name }) => isOfHouse(name, has) && cells(view).some((cell) => valueIn(cell, name) !== null));
}

export function isOfHouse(name: ColumnName, has: House["has"]): boolean {
  if (name === "bought") return has.grid;
  if (name === "consumption" || name === "selfConsumption" || name === "selfSufficiency") return has.grid && has.solar;
  return has[name];
}

type Cells = Pick<Bar, "figures" | "costs">;

/** The period as a whole, for the table's last row. */
export const wholeOf = (view: PeriodView): Cells => ({ figures: view.figures, costs: view.costs?.total ?? null });

const cells = (view: PeriodView): Cells[] => [...view.bars, wholeOf(view)];

export const valueIn = ({ figures, costs }: Cells, name: ColumnName): number | null =>
  name === "costs" ? costs : figures[name];

/** The bars with data. */
export const knownBars = (view: PeriodView): Bar[] => view.bars.filter((bar) => bar.state !== "future");
