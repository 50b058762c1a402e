import { useEffect, useRef } from "preact/hooks";
import type { ChartData } from "./chart-data.js";
import type { DrawnChart } from "./charts.js";

interface Props {
  data: ChartData;
  /** A description for screen readers; a table of the same figures is on the page. */
  label: string;
  size?: "small" | "large";
  onPick?: (index: number) => void;
}

/** The library loads after the first figures, which do not need it. */
const library = import("./charts.js");

export function Chart({ data, label, size = "small", onPick }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<DrawnChart>(undefined);
  const latest = useRef({ data, onPick });
  latest.current = { data, onPick };

  useEffect(() => {
    let isGone = false;
    const draw = async () => {
      const { drawChart } = await library;
      if (isGone || !box.current) return;
      drawn.current = drawChart(box.current, (index) => latest.current.onPick?.(index));
      drawn.current.show(latest.current.data);
    };
    void draw();
    return () => {
      isGone = true;
      drawn.current?.dispose();
    };
  }, []);
  useEffect(() => drawn.current?.show(data), [data]);

  return (
    <div class={`chart ${size} ${onPick ? "pickable" : ""}`} role="img" aria-label={label}>
      <div ref={box} />
    </div>
  );
}
