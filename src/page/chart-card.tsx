import type { ComponentChildren } from "preact";
import type { PeriodView } from "../lib/energy/view.js";
import { goTo } from "./address.js";
import { Chart } from "./chart.js";
import type { ChartData } from "./chart-data.js";
import { Legend } from "./legend.js";

interface CardProps {
  title: string;
  data: ChartData;
  label: string;
  view: PeriodView;
  size?: "small" | "large";
  children?: ComponentChildren;
}

/** A titled chart of a period; pressing a bar of a month or year opens that day or month. */
export function ChartCard({ title, data, label, view, size = "small", children }: CardProps) {
  const open = (index: number) => {
    const bar = view.bars[index];
    if (bar && bar.state !== "future") goTo(bar.name);
  };
  return (
    <figure class={`card ${size} ${children ? "wide" : ""}`}>
      <figcaption>{title}</figcaption>
      <Legend series={data.series} />
      <Chart data={data} label={label} size={size} {...(view.unit !== "day" && { onPick: open })} />
      {children && <div class="beside-chart">{children}</div>}
    </figure>
  );
}
