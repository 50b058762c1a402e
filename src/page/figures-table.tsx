import type { Bar, House, PeriodView } from "../lib/energy/view.js";
import { linkTo } from "./address.js";
import { barTitle } from "./period-names.js";
import { type Column, columnsOf, knownBars, valueIn, wholeOf } from "./period-table.js";
import { useReader } from "./reader.js";

/** The figures of the charts as a table, for screen readers and for exact values. */
export function FiguresTable({ view, house }: { view: PeriodView; house: House }) {
  const { t } = useReader();
  const columns = columnsOf(view, house.has);
  return (
    <details class="card figures-table">
      <summary>{t("table")}</summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t(`table.${view.unit}`)}</th>
              {columns.map(({ name, unit }) => (
                <th key={name} scope="col">
                  {t(name)} <small>{unit}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {knownBars(view).map((bar) => (
              <Row key={bar.start} view={view} bar={bar} columns={columns} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t("table.sum")}</th>
              <Cells columns={columns} of={wholeOf(view)} />
            </tr>
          </tfoot>
        </table>
      </div>
    </details>
  );
}

function Row({ view, bar, columns }: { view: PeriodView; bar: Bar; columns: Column[] }) {
  const { formats } = useReader();
  const title = barTitle(bar, view.unit, formats);
  return (
    <tr class={bar.state}>
      <th scope="row">{view.unit === "day" ? title : <a href={linkTo(bar.name)}>{title}</a>}</th>
      <Cells columns={columns} of={bar} />
    </tr>
  );
}

function Cells({ columns, of }: { columns: Column[]; of: Pick<Bar, "figures" | "costs"> }) {
  const { formats } = useReader();
  return (
    <>
      {columns.map(({ name }) => {
        const value = valueIn(of, name);
        return <td key={name}>{value === null ? "–" : formats.cell(name, value)}</td>;
      })}
    </>
  );
}
