/** How accurate the forecast of a quarter-hour is, and how many peaks are avoided if a load is switched off by it. */
import { decide, type TriggerState } from "../../src/lib/trigger/machine.js";
import { presetRule } from "../../src/lib/trigger/presets-table.js";
import { triggerRule } from "../../src/lib/trigger/rule.js";
import { median } from "../support/measure.js";
import { type Check, check, table } from "../support/report.js";
import { power } from "./house.js";

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const STEP = 10;
const QUARTERS = 1000;
/** Every 35th quarter-hour of a year. */
const INTERVAL = 35 * QUARTER;
const FIRST = Date.UTC(2026, 0, 1);
/** Minutes before the quarter-hour, so that the last minute's average is known. */
const RUN_UP = 2;

const LIMIT = 2500;
const LOAD = 2000;
const peak = presetRule("peak", LOAD);

interface Run {
  mean: number;
  /** The forecast at each minute of the quarter-hour. */
  forecasts: number[];
}

/** Simulates one quarter-hour with its run-up; `minutes` in W. The load, if any, runs while the trigger is off. */
function run(start: number, minutes: readonly number[], load: number, source: "registers" | "power"): Run {
  const rule = triggerRule(peak);
  const forecasts: number[] = [];
  let state: TriggerState | undefined;
  // The energy through the meter, in Ws; its register shows whole Wh.
  let [joules, atStart] = [18_853_884_123, 0];
  for (let second = -RUN_UP * 60; second < 900; second += STEP) {
    if (second === 0) atStart = joules;
    const house = minutes[Math.floor(second / 60) + RUN_UP] ?? 0;
    const value = house + (state?.state === "on" ? 0 : load);
    const used = source === "registers" ? Math.floor(joules / 3600) / 1000 : null;
    const time = start + second * 1000;
    const decision = decide(rule, state, { time, arrival: time, value, used, ...peak });
    if (second >= 0 && second % 60 === 0) forecasts.push(decision.value ?? 0);
    state = decision.state;
    joules += Math.max(0, house + (state.state === "on" ? 0 : load)) * STEP;
  }
  return { mean: (joules - atStart) / 900, forecasts };
}

function quartersOf(count: number, apart: number): { start: number; minutes: number[] }[] {
  return Array.from({ length: count }, (_, n) => {
    const start = FIRST + n * apart;
    return { start, minutes: power("p1", start - RUN_UP * MINUTE, 15 + RUN_UP) };
  });
}

export function forecastChecks(): Check[] {
  const quarters = quartersOf(QUARTERS, INTERVAL);
  const errors = (source: "registers" | "power", minute: number) =>
    quarters.map(({ start, minutes }) => {
      const { mean, forecasts } = run(start, minutes, 0, source);
      return { off: Math.abs((forecasts[minute] ?? 0) - mean), mean };
    });
  const rows: Record<string, Record<string, number>> = {};
  for (const source of ["registers", "power"] as const) {
    for (const minute of [5, 10, 14]) {
      rows[`from ${source}, after ${minute} min`] = spread(errors(source, minute).map(({ off }) => off));
    }
  }
  console.log(`\nError of the forecast of a quarter-hour's average, ${QUARTERS} quarter-hours, W`);
  table(rows);
  // The goal is 1 % of a large quarter-hour, otherwise 10 W.
  const shares = errors("registers", 14).map(({ off, mean }) => off / Math.max(10, mean / 100));
  return [
    check("forecast from registers at 14 min: median error, to the larger of 1 % and 10 W", median(shares), "<=", 1),
  ];
}

export function shedChecks(): Check[] {
  // Every quarter-hour of 60 winter days.
  const quarters = quartersOf(60 * 96, QUARTER).filter(
    ({ minutes }) => meanOf(minutes.slice(RUN_UP).map((power) => Math.max(0, power + LOAD))) > LIMIT,
  );
  const kept = quarters.filter(({ start, minutes }) => run(start, minutes, LOAD, "registers").mean < LIMIT);
  const unavoidable = quarters.filter(({ minutes }) => meanOf(minutes.slice(RUN_UP)) >= LIMIT);
  console.log(
    `\nOf ${quarters.length} quarter-hours that would exceed ${LIMIT} W, ${kept.length} stay below if ${LOAD} W is switched off; ${unavoidable.length} would exceed it without that load.`,
  );
  return [check(`quarter-hours above ${LIMIT} W that are avoided`, kept.length / quarters.length, ">=", 0.95)];
}

function spread(values: readonly number[]): Record<string, number> {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { median: at(0.5), "9 of 10 within": at(0.9), "99 of 100": at(0.99) };
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
