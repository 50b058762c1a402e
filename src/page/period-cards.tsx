import { useMemo } from "preact/hooks";
import type { House, PeriodView } from "../lib/energy/view.js";
import { ChartCard } from "./chart-card.js";
import { CostsCard } from "./costs.js";
import { dayPower, energyBars, figureBars, peakBars } from "./period-charts.js";
import { monthName, periodName } from "./period-names.js";
import { meterName, useReader } from "./reader.js";

interface Props {
  house: House;
  view: PeriodView;
}

export function Charts({ house, view }: Props) {
  const { bought, sold, solar, gas, water } = view.figures;
  const hasElectricity = bought !== null || sold !== null || solar !== null;
  return (
    <div class="cards">
      {hasElectricity && <Electricity view={view} />}
      {isUsed(gas) && <Bars view={view} name="gas" />}
      {isUsed(water) && <Bars view={view} name="water" />}
      {view.unit === "year" && view.peaks.length > 0 && <Peaks view={view} />}
      <Meters house={house} view={view} />
      {view.costs && <CostsCard view={view} costs={view.costs} />}
    </div>
  );
}

/** Without any use there is no chart: the figure is enough. */
const isUsed = (amount: number | null): boolean => amount !== null && amount !== 0;

/** A day as a line chart; months and years as bars that open their day or month. */
function Electricity({ view }: { view: PeriodView }) {
  const reader = useReader();
  const { t, formats } = reader;
  const data = useMemo(
    () => (view.unit === "day" && view.power.length > 0 ? dayPower(view, reader) : energyBars(view, reader)),
    [view, reader],
  );
  const label = t("electricity.label", {
    period: periodName(view.name, formats.locale),
    bought: formats.energy(view.figures.bought ?? 0),
    sold: formats.energy(view.figures.sold ?? 0),
  });
  return <ChartCard title={t("electricity")} data={data} label={label} view={view} size="large" />;
}

function Bars({ view, name }: { view: PeriodView; name: "gas" | "water" }) {
  const reader = useReader();
  const { t, formats } = reader;
  const data = useMemo(() => figureBars(view, name, reader), [view, name, reader]);
  const total = formats.figure(name, view.figures[name] ?? 0);
  const label = t("chart.label", { what: t(name), period: periodName(view.name, formats.locale), total });
  return <ChartCard title={t(name)} data={data} label={label} view={view} />;
}

function Peaks({ view }: { view: PeriodView }) {
  const reader = useReader();
  const { t, formats } = reader;
  const data = useMemo(() => peakBars(view, reader), [view, reader]);
  const mean = view.peaks.reduce((sum, { power }) => sum + power, 0) / view.peaks.length;
  const label = view.peaks
    .map(
      ({ month, power, start }) =>
        `${monthName(month, formats.locale)}: ${formats.peak(power)}, ${formats.dayAndTime(start)}`,
    )
    .join("; ");
  return (
    <ChartCard title={t("peaks")} data={data} label={label} view={view}>
      <p class="note">
        {t("peaks.mean")}: <strong>{formats.peak(mean)}</strong>
      </p>
    </ChartCard>
  );
}

/** Parts of the consumption, and meters that are in no sum. */
function Meters({ house, view }: Props) {
  const { t, formats } = useReader();
  const known = view.meters.filter(({ amount }) => amount !== null);
  if (known.length === 0) return null;
  return (
    <section class="card" aria-labelledby="measured">
      <h3 id="measured">{t("meters")}</h3>
      <dl class="rows">
        {known.map(({ id, amount, unit }) => (
          <div key={id}>
            <dt>{meterName(id, house.meters, t)}</dt>
            <dd>{unit === "kWh" ? formats.energy(amount ?? 0) : formats.volume(amount ?? 0)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
