/** The only file that uses the chart library: Apache ECharts, with lines, bars, tooltip and zoom. */
import { BarChart, type BarSeriesOption, LineChart, type LineSeriesOption } from "echarts/charts";
import {
  type DataZoomComponentOption,
  DataZoomInsideComponent,
  GridComponent,
  type GridComponentOption,
  TooltipComponent,
  type TooltipComponentOption,
} from "echarts/components";
import { type ComposeOption, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import type { BarAxis, ChartData, Series, TimeAxis } from "./chart-data.js";

// On a canvas: the library's SVG has style attributes, which the page's content security policy forbids.
use([LineChart, BarChart, GridComponent, TooltipComponent, DataZoomInsideComponent, CanvasRenderer]);

type Option = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | TooltipComponentOption | DataZoomComponentOption
>;
type Palette = (property: string) => string;

export interface DrawnChart {
  show(data: ChartData): void;
  dispose(): void;
}

/** Draws into `element`, in its size. `onPick` gets the index of the pressed bar or instant. */
export function drawChart(element: HTMLElement, onPick?: (index: number) => void): DrawnChart {
  const chart = init(element);
  let shown: ChartData | undefined;
  const draw = () => shown && chart.setOption(optionsOf(shown, paletteOf(element)), { notMerge: true });

  chart.getZr().on("click", ({ offsetX, offsetY }) => {
    const point = [offsetX, offsetY];
    if (!chart.containPixel("grid", point)) return;
    const index = chart.convertFromPixel({ gridIndex: 0 }, point)[0];
    if (index !== undefined) onPick?.(index);
  });
  const sizes = new ResizeObserver(() => chart.resize());
  sizes.observe(element);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", draw);
  window.addEventListener("beforeprint", draw);
  window.addEventListener("afterprint", draw);

  return {
    show(data) {
      shown = data;
      draw();
    },
    dispose() {
      sizes.disconnect();
      scheme.removeEventListener("change", draw);
      window.removeEventListener("beforeprint", draw);
      window.removeEventListener("afterprint", draw);
      chart.dispose();
    },
  };
}

/** The current colours of the style sheet. */
function paletteOf(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  return (property) => style.getPropertyValue(property).trim();
}

function optionsOf(data: ChartData, color: Palette): Option {
  const { axis } = data;
  const text = { color: color("--muted"), fontFamily: color("--font"), fontSize: 12 };
  return {
    animation: false,
    grid: { left: 4, right: 12, top: 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: "times" in axis ? timeAxis(axis, text, color) : barAxis(axis, text, color),
    yAxis: {
      type: "value",
      splitNumber: 4,
      axisLabel: { ...text, formatter: data.formatAxis },
      splitLine: { lineStyle: { color: color("--line") } },
    },
    tooltip: {
      trigger: "axis",
      confine: true,
      transitionDuration: 0,
      className: "tip",
      backgroundColor: color("--card"),
      borderColor: color("--line-strong"),
      textStyle: { ...text, color: color("--ink") },
      axisPointer: { type: "times" in axis ? "line" : "shadow" },
      formatter: (points) => tipOf(data, [points].flat()[0]?.dataIndex ?? 0),
    },
    ...("times" in axis && { dataZoom: [{ type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseMove: false }] }),
    series: data.series.map((series) => seriesOf(series, axis, color)),
    textStyle: text,
  };
}

type AxisText = { color: string; fontFamily: string; fontSize: number };

function timeAxis({ start, end, ticks, label }: TimeAxis, text: AxisText, color: Palette) {
  return {
    type: "value" as const,
    min: start,
    max: end,
    axisLine: axisLine(color),
    axisTick: { show: true, customValues: ticks },
    axisLabel: { ...text, customValues: ticks, formatter: label, hideOverlap: true },
    splitLine: { show: false },
  };
}

function barAxis({ labels }: BarAxis, text: AxisText, color: Palette) {
  return { type: "category" as const, data: labels, axisLine: axisLine(color), axisLabel: text };
}

const axisLine = (color: Palette) => ({ onZero: true, lineStyle: { color: color("--line-strong") } });

function seriesOf(series: Series, axis: ChartData["axis"], color: Palette): LineSeriesOption | BarSeriesOption {
  const { name, kind, stack } = series;
  const ink = color(series.color);
  const common = { name, ...(stack && { stack }), itemStyle: { color: ink }, cursor: "inherit" };
  if (kind === "bar") return { ...common, type: "bar", data: barsOf(series), barMaxWidth: 28, barCategoryGap: "28%" };
  const times = "times" in axis ? axis.times : [];
  return {
    ...common,
    type: "line",
    data: series.values.map((value, n) => [times[n] ?? null, value]),
    // A single value is shown as a symbol, since it makes no line.
    symbol: series.values.filter((value) => value !== null).length > 1 ? "none" : "circle",
    lineStyle: { color: ink, width: kind === "area" ? 1 : 1.75 },
    ...(kind === "area" && { areaStyle: { color: ink, opacity: 0.35 } }),
  };
}

const barsOf = ({ values, muted }: Series) =>
  values.map((value, n) => ({ value: value ?? "-", itemStyle: { opacity: muted?.[n] ? 0.4 : 1 } }));

/** Built from elements, not html: names come from devices, and the content security policy forbids style attributes. */
function tipOf({ series, format, title }: ChartData, index: number): HTMLElement {
  const list = document.createElement("dl");
  for (const { name, color, values } of series) {
    const value = values[index];
    if (value === null || value === undefined) continue;
    const term = document.createElement("dt");
    term.textContent = name;
    term.style.setProperty("--key", `var(${color})`);
    const figure = document.createElement("dd");
    figure.textContent = format(value);
    list.append(term, figure);
  }
  const head = document.createElement("strong");
  head.textContent = title(index);
  const tip = document.createElement("div");
  tip.append(head, list);
  return tip;
}
