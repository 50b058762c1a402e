/** What a chart shows, in words that know nothing of the library that draws it. */

export interface Series {
  name: string;
  /** A custom property of the style sheet, e.g. `--bought`. */
  color: string;
  kind: "line" | "area" | "bar";
  /** One value for each place of the axis; null: none. */
  values: (number | null)[];
  /** Bars of one stack stand on each other. */
  stack?: string;
  /** Of each bar: whether it is still being added up. */
  muted?: boolean[];
}

export interface ChartData {
  series: Series[];
  /** Where along the axis the values are: instants between two ends, or a bar each. */
  axis: TimeAxis | BarAxis;
  /** A value with its unit, as in the tooltip. */
  format(value: number): string;
  /** A value at the axis. */
  formatAxis(value: number): string;
  /** What stands above the values in the tooltip. */
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
