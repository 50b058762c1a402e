import type { House, PeriodView } from "../lib/energy/view.js";
import { monthName, periodName } from "./period-names.js";
import { type ColumnName, isOfHouse } from "./period-table.js";
import { useReader } from "./reader.js";

const NAMES = ["bought", "sold", "solar", "consumption", "selfConsumption", "selfSufficiency", "gas", "water"] as const;
const SHARES: ReadonlySet<ColumnName> = new Set(["selfConsumption", "selfSufficiency"]);

/** The figures of the period, each beside that of the previous period. */
export function PeriodFigures({ house, view }: { house: House; view: PeriodView }) {
  const { figures, before, costs, progress } = view;
  const names = NAMES.filter((name) => isOfHouse(name, house.has) && figures[name] !== null);
  return (
    <div class={`card period-figures ${progress ? "pending" : ""}`}>
      <dl>
        {names.map((name) => (
          <Figure key={name} name={name} value={figures[name]} was={before?.figures[name]} />
        ))}
        {costs && <Figure name="costs" value={costs.total} was={before?.costs} />}
        {view.unit !== "year" && <PeakFigure view={view} />}
      </dl>
      {before && <Compared view={view} before={before} />}
      {progress && <Progress progress={progress} />}
    </div>
  );
}

interface FigureProps {
  name: ColumnName;
  value: number | null;
  /** From the previous period. */
  was: number | null | undefined;
}

function Figure({ name, value, was }: FigureProps) {
  const { t, formats } = useReader();
  if (value === null) return null;
  // A percentage of a share means little, and a change of sign has no percentage.
  const isComparable = !SHARES.has(name) && was && value >= 0 && was > 0;
  const change = isComparable ? `${formats.change(value, was)} · ` : "";
  return (
    <div class={`figure ${name}`}>
      <dt>{t(name)}</dt>
      <dd>
        <span class="value">{formats.figure(name, value)}</span>
        {was !== null && was !== undefined && <small>{change + formats.figure(name, was)}</small>}
      </dd>
    </div>
  );
}

/** The peak of the month, which is billed; also for a day. */
function PeakFigure({ view: { peaks, unit } }: { view: PeriodView }) {
  const { t, formats } = useReader();
  const peak = peaks[0];
  if (!peak) return null;
  const label = unit === "day" ? t("peak.of", { month: monthName(peak.month, formats.locale) }) : t("peak");
  return (
    <div class="figure peak">
      <dt>{label}</dt>
      <dd>
        <span class="value">{formats.peak(peak.power)}</span>
        <small>
          {formats.day(peak.start)}, {t("peak.at", { from: formats.time(peak.start), to: formats.time(peak.end) })}
        </small>
      </dd>
    </div>
  );
}

function Compared({ view, before: { name, until } }: { view: PeriodView; before: NonNullable<PeriodView["before"]> }) {
  const { t, formats } = useReader();
  const period = periodName(name, formats.locale);
  const time = view.unit === "day" ? formats.time(until) : formats.dayAndTime(until);
  return <p class="compared">{view.isRunning ? t("compared.until", { period, time }) : t("compared", { period })}</p>;
}

function Progress({ progress: { done, total } }: { progress: NonNullable<PeriodView["progress"]> }) {
  const { t, formats } = useReader();
  return (
    <p class="progress">
      <progress value={done} max={total} aria-hidden="true" />
      {t("progress", { done: formats.number(done, 0), total: formats.number(total, 0) })}
    </p>
  );
}
