import type { House, PeriodView } from "../lib/energy/view.js";
import { type Cell, download, toCsv } from "./csv.js";
import { columnsOf, knownBars, valueIn } from "./period-table.js";
import type { Reader } from "./reader.js";

/** The table of the page, as a file. */
export function exportView(view: PeriodView, house: House, { t, formats }: Reader): void {
  const columns = columnsOf(view, house.has);
  const head: Cell[] = [t(`table.${view.unit}`), ...columns.map(({ name, unit }) => `${t(name)} (${unit})`)];
  const rows = knownBars(view).map((bar) => [bar.name, ...columns.map(({ name }) => valueIn(bar, name))]);
  download(`${house.name}-${view.name}.csv`.replace(/[^\w.-]+/g, "-"), toCsv([head, ...rows], formats.locale));
}
