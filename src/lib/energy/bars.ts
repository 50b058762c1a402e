/** The bars and the line of a period's charts. */
import { localTime, type Period } from "../data/calendar.js";
import { QUARTER } from "./day-record.js";
import { figuresOf, NO_SUMS, type Sums, sumsOf } from "./figures.js";
import type { HouseDay } from "./house-day.js";
import { type History, type Slot, totalOf } from "./slots.js";
import { costsOfDay, withoutStanding } from "./tariff.js";
import type { Bar, PowerPoint } from "./view.js";

const HOUR = 4 * QUARTER;
/** From kWh in a quarter-hour to average W. */
export const KWH_TO_W = 4000;

/** Standing charges are per day, so an hour has none. */
export function hourBars({ start, end, timezone }: Period, slot: Slot, history: History): Bar[] {
  const contract = { ...history, tariff: withoutStanding(history.tariff) };
  const starts = Array.from({ length: Math.ceil((end - start) / HOUR) }, (_, n) => start + n * HOUR);
  return starts.map((from) => {
    const to = Math.min(from + HOUR, end);
    const sums = slot.day ? sumsOf(slot.day, from, to) : NO_SUMS;
    const costs = slot.day ? costsOfDay(slot.day, contract, from, to) : null;
    const state = hourState(from, to, slot.state, history.now);
    return { name: localTime(from, timezone), start: from, end: to, state, ...shown(sums, costs) };
  });
}

function hourState(from: number, to: number, ofDay: Bar["state"], now: number): Bar["state"] {
  if (ofDay !== "running") return ofDay;
  if (from > now) return "future";
  return now < to ? "running" : "whole";
}

export function dayBars(slots: readonly Slot[], history: History): Bar[] {
  return slots.map((slot) => barOf(slot.name, slot.state, [slot], history));
}

/** By precedence: a month has the first of these states that one of its days has. */
const STATES = ["pending", "running", "whole", "missing"] as const;

export function monthBars(slots: readonly Slot[], history: History): Bar[] {
  const months = new Map<string, Slot[]>();
  for (const slot of slots) {
    const month = slot.name.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), slot]);
  }
  return [...months].map(([name, days]) => {
    const state = STATES.find((each) => days.some(({ state }) => state === each)) ?? "future";
    return barOf(name, state, days, history);
  });
}

function barOf(name: string, state: Bar["state"], slots: readonly Slot[], history: History): Bar {
  const { sums, costs } = totalOf(slots, history);
  const [start, end] = [slots[0]?.period.start ?? 0, slots.at(-1)?.period.end ?? 0];
  return { name, start, end, state, ...shown(sums, costs) };
}

function shown(sums: Sums, costs: { total: number } | null): Pick<Bar, "figures" | "costs"> {
  const isKnown = Object.values(sums).some((amount) => amount !== null);
  return { figures: figuresOf(sums), costs: isKnown && costs ? costs.total : null };
}

/** Average power of the day's quarters, up to the newest known one. */
export function powerOf(day: HouseDay | undefined): PowerPoint[] {
  if (!day) return [];
  const { bought, sold, solar, start, end, until } = day;
  const points: PowerPoint[] = [];
  for (let n = 0, time = start; time < Math.min(end, until); n++, time += QUARTER) {
    const length = Math.min(QUARTER, until - time);
    const mean = (quarters: HouseDay["bought"]): number | null => {
      const value = quarters?.[n] ?? null;
      return value === null ? null : Math.round((value * KWH_TO_W * QUARTER) / length);
    };
    const [taken, made] = [mean(bought), mean(solar)];
    const grid = taken === null ? null : taken - (mean(sold) ?? 0);
    points.push({ time, grid, solar: made, consumption: grid === null ? null : grid + (made ?? 0) });
  }
  const last = points.findLastIndex(({ grid, solar }) => grid !== null || solar !== null);
  return points.slice(0, last + 1);
}
