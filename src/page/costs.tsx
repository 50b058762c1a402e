import { useMemo } from "preact/hooks";
import type { Costs, PeriodView } from "../lib/energy/view.js";
import { ChartCard } from "./chart-card.js";
import { figureBars } from "./period-charts.js";
import { periodName } from "./period-names.js";
import { useReader } from "./reader.js";

const PARTS = ["bought", "sold", "standing", "gas", "water"] as const;

/** The costs of the period, by part and per bar. */
export function CostsCard({ view, costs }: { view: PeriodView; costs: Costs }) {
  const reader = useReader();
  const { t, formats } = reader;
  const data = useMemo(() => figureBars(view, "costs", reader), [view, reader]);
  const total = formats.money(costs.total);
  const label = t("chart.label", { what: t("costs"), period: periodName(view.name, formats.locale), total });
  return (
    <ChartCard title={t("costs")} data={data} label={label} view={view} size="large">
      <dl class="rows">
        {PARTS.map((part) => (
          <Part key={part} label={t(`costs.${part}`)} euros={part === "sold" ? negated(costs.sold) : costs[part]} />
        ))}
        <div class="total">
          <dt>{t("costs.total")}</dt>
          <dd>{total}</dd>
        </div>
      </dl>
      {costs.withoutPrice > 0 && (
        <p class="note">{t("costs.withoutPrice", { energy: formats.energy(costs.withoutPrice) })}</p>
      )}
    </ChartCard>
  );
}

const negated = (euros: number | null): number | null => euros && -euros;

function Part({ label, euros }: { label: string; euros: number | null }) {
  const { formats } = useReader();
  if (!euros) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>{formats.money(euros)}</dd>
    </div>
  );
}
