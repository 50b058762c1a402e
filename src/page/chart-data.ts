/** The data of a chart, independent of the chart library. */

export interface Series {
  name: string;
  /** A custom property of the style sheet, e.g. `--bought`. */
  color: string;
  kind: "line" | "area" | "bar";
  /** One value for each place of the axis; null: none. */
  values: (number | null)[];
  /** Bars with the same stack are stacked. */
  stack?: string;
  /** For each bar: whether it is incomplete. */
  muted?: boolean[];
}

export interface ChartData {
  series: Series[];
  /** The axis: instants between two ends, or a bar per value. */
  axis: TimeAxis | BarAxis;
  /** A value with its unit, as in the tooltip. */
  format(value: number): string;
  /** A value as on the axis. */
  formatAxis(value: number): string;
  /** The heading of the tooltip. */
  title(index: number): string;
}

export interface TimeAxis {
  times: number[];
  start: number;
  end: number;
  ticks: number[];
  label(time: number): string;
}

export interface BarAxis {
  labels: string[];
}
