import type { Series } from "./chart-data.js";

/** The legend of a chart, as text of the page, so that it wraps and can be read aloud. */
export function Legend({ series }: { series: Series[] }) {
  if (series.length < 2) return null;
  return (
    <ul class="legend">
      {series.map(({ name, color }) => (
        <li key={name} class={color.slice(2)}>
          {name}
        </li>
      ))}
    </ul>
  );
}
