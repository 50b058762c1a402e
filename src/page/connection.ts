/** The server-sent events: the house, live values, and which days have changed. */
import { useEffect, useReducer } from "preact/hooks";
import type { DayChanged, House, Live } from "../lib/energy/view.js";

export interface Connection {
  house?: House;
  live?: Live;
  isLost: boolean;
  /** How often the figures of a date (day, month, year) have changed since the page was opened. */
  changes: Record<string, number>;
}

type Event =
  | { type: "house"; data: House }
  | { type: "live"; data: Live }
  | { type: "day"; data: DayChanged }
  | { type: "open" }
  | { type: "lost" };

const EVENTS = ["house", "live", "day"] as const;
/** The browser reconnects after a broken connection, but not after a refused one. */
const RETRY_MS = 15_000;

export function useConnection(): Connection {
  const [connection, apply] = useReducer(reduce, { isLost: false, changes: {} });
  useEffect(() => listen(apply), []);
  return connection;
}

/** Returns a function that ends it. */
function listen(apply: (event: Event) => void): () => void {
  let retry: ReturnType<typeof setTimeout> | undefined;
  let source: EventSource;
  const open = () => {
    source = new EventSource("api/events");
    source.addEventListener("open", () => apply({ type: "open" }));
    source.addEventListener("error", () => {
      apply({ type: "lost" });
      if (source.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
    });
    for (const type of EVENTS) source.addEventListener(type, ({ data }) => apply({ type, data: JSON.parse(data) }));
  };
  open();
  return () => {
    clearTimeout(retry);
    source.close();
  };
}

function reduce(before: Connection, event: Event): Connection {
  switch (event.type) {
    case "house":
      return { ...before, house: event.data };
    case "live":
      return { ...before, live: event.data, isLost: false };
    case "day":
      return { ...before, changes: withChange(before.changes, event.data.date) };
    case "open":
      // Changes while the connection was lost were missed.
      return { ...before, isLost: false, changes: before.isLost ? withChange(before.changes, "") : before.changes };
    case "lost":
      return { ...before, isLost: true };
  }
}

/** A change of a day also counts for its month and year. `""` means all. */
function withChange(changes: Record<string, number>, day: string): Record<string, number> {
  const dates = day ? [day, day.slice(0, 7), day.slice(0, 4)] : [""];
  return { ...changes, ...Object.fromEntries(dates.map((date) => [date, (changes[date] ?? 0) + 1])) };
}
