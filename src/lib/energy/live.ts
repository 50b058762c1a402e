/** The house as it is now. */
import type { Answer } from "../data/answer.js";
import type { Sample } from "../data/samples.js";
import type { HouseMeter } from "./house.js";
import { quarterView, type RunningQuarter } from "./running-quarter.js";
import type { Live, LiveValue, PowerPoint, Problem } from "./view.js";

const MINUTE = 60_000;
/** In W: meters are not read at the same moment, so a consumption near 0 can come out slightly negative. */
const NEGATIVE_TOLERANCE = 100;

/** A meter with its newest live answer. `failingSince`, `cause`: since when it has failed, and the error's code. */
export interface MeterState {
  meter: HouseMeter;
  answer: Answer | undefined;
  failingSince: number | null;
  cause: string | null;
}

export interface LiveInput {
  now: number;
  states: readonly MeterState[];
  lastHour: PowerPoint[];
  quarter: RunningQuarter | undefined;
  /** Failures of the CEMM as a whole. */
  problems: readonly Problem[];
}

export function liveView({ now, states, lastHour, quarter, problems }: LiveInput): Live {
  const power = (role: HouseMeter["role"]) =>
    states.filter(({ meter }) => meter.role === role).map((state) => reading(state).reading);
  const grid = combined(power("grid"));
  // The night use of an inverter is part of the consumption.
  const solar = combined(power("solar").map((made) => changed(made, (watts) => Math.max(watts, 0))));
  const consumption = grid && combined(solar ? [grid, solar] : [grid]);
  // While the CEMM is silent, all its meters are: one problem is enough.
  const isSilent = problems.some(({ code }) => code === "SILENT");
  const ownProblems = isSilent ? [] : states.flatMap(problemsOf);
  return {
    time: now,
    bought: grid && changed(grid, (watts) => Math.max(watts, 0)),
    sold: grid && changed(grid, (watts) => Math.max(-watts, 0)),
    solar,
    consumption: consumption && changed(consumption, (watts) => (isNegative(watts) ? watts : Math.max(watts, 0))),
    meters: states.map((state) => ({ id: state.meter.alias, ...reading(state) })),
    lastHour,
    quarter: quarterView(quarter, now),
    problems: [...problems, ...ownProblems, ...negative(consumption)],
  };
}

/** The shown value of a meter: power, else flow rate, else its counter. */
const SHOWN = [
  { channel: "electric_power", unit: "W" },
  { channel: "flow", unit: "L/min" },
  { channel: "gas", unit: "m³" },
  { channel: "volume", unit: "m³" },
] as const;

function reading(state: MeterState): Pick<Live["meters"][number], "unit" | "reading"> {
  for (const { channel, unit } of SHOWN) {
    const sample = state.answer?.channels[channel]?.samples.at(-1);
    if (sample) return { unit, reading: liveValue(state, sample) };
  }
  return { unit: null, reading: liveValue(state, undefined) };
}

function liveValue({ answer, failingSince: since, meter }: MeterState, sample: Sample | undefined): LiveValue {
  if (since !== null) return { value: null, state: "silent", time: sample?.time ?? null, since };
  if (!answer) return { value: null, state: "waiting", time: null, since };
  // A solar pulse meter without a pulse since the CEMM started counts as 0 W.
  const value = sample?.value ?? (meter.role === "solar" ? 0 : null);
  return { value, state: answer.stale ? "stale" : "fresh", time: sample?.time ?? null, since };
}

/** States, the worst first. */
const STATES = ["silent", "waiting", "stale", "fresh"] as const;

/** Adds values: the state is the worst, the time the oldest. Null: there are none. */
function combined(values: readonly LiveValue[]): LiveValue | null {
  if (values.length === 0) return null;
  const state = STATES.find((each) => values.some((value) => value.state === each)) ?? "waiting";
  const known = values.flatMap(({ value }) => value ?? []);
  const value = known.length === values.length ? known.reduce((a, b) => a + b, 0) : null;
  return { value, state, time: oldest(values, "time"), since: oldest(values, "since") };
}

function oldest(values: readonly LiveValue[], name: "time" | "since"): number | null {
  const times = values.flatMap((value) => value[name] ?? []);
  return times.length === 0 ? null : Math.min(...times);
}

function changed(value: LiveValue, change: (watts: number) => number): LiveValue {
  return { ...value, value: value.value === null ? null : change(value.value) };
}

function problemsOf({ meter, answer, failingSince, cause }: MeterState): Problem[] {
  const problem = (code: string, since: number | null, why: string | null = null): Problem => ({
    code,
    meter: meter.alias,
    since,
    cause: why,
  });
  if (failingSince !== null) return [problem("METER_SILENT", failingSince, cause)];
  const suspects = answer && answer.suspects.length > 0 ? [problem("SUSPECT", null)] : [];
  const newest = answer?.age != null ? answer.receivedAt - answer.age : null;
  return answer?.stale ? [problem("STALE", newest), ...suspects] : suspects;
}

const isNegative = (watts: number | null): boolean => watts !== null && watts < -NEGATIVE_TOLERANCE;

function negative(consumption: LiveValue | null): Problem[] {
  if (consumption?.state !== "fresh" || !isNegative(consumption.value)) return [];
  return [{ code: "NEGATIVE_CONSUMPTION", meter: null, since: null, cause: null }];
}

/** A meter's power per minute: `time` is the start of the minute, W. */
export type Minutes = ReadonlyMap<number, number>;

/** The last 60 minutes before `now`, by role. A minute is null if a meter has no value in it. */
export function lastHourOf(meters: readonly { meter: HouseMeter; minutes: Minutes }[], now: number): PowerPoint[] {
  const first = now - (now % MINUTE) - 60 * MINUTE;
  const of = (role: HouseMeter["role"]) => meters.filter(({ meter }) => meter.role === role);
  const [grid, solar] = [of("grid"), of("solar")];
  if (grid.length + solar.length === 0) return [];
  return Array.from({ length: 60 }, (_, n) => {
    const time = first + n * MINUTE;
    const sum = (all: typeof grid): number | null => {
      const values = all.flatMap(({ minutes }) => minutes.get(time) ?? []);
      return all.length > 0 && values.length === all.length ? values.reduce((a, b) => a + b, 0) : null;
    };
    const [bought, made] = [sum(grid), sum(solar)];
    const unknown = bought === null || (solar.length > 0 && made === null);
    return { time, grid: bought, solar: made, consumption: unknown ? null : bought + Math.max(made ?? 0, 0) };
  });
}
