/** Houses in trouble, made of the example answers of one that has everything; those that are well: houses.browser.ts. */
import type { Figures, House, Live, LiveValue, MeterView, PeriodView, Problem } from "../../src/lib/energy/view.js";
import { type Answers, answersOf } from "./stand-in.js";

type Has = House["has"];

const NONE: Has = { grid: false, sold: false, solar: false, gas: false, water: false, costs: false };
const FIVE = "2026-11-28T16:12:08Z";
/** 17:12 at the house. */
export const NOW = Date.parse(FIVE);
const HOUR = 3_600_000;

const meter = (id: string, role: MeterView["role"], name: string | null = null): MeterView => ({ id, name, role });
export const problem = (code: string, rest: Partial<Problem> = {}): Problem => ({
  code,
  meter: null,
  since: null,
  cause: null,
  ...rest,
});

const full = answersOf("default");

/** A house with these meters and their figures. */
function houseOf(name: string, has: Partial<Has>, meters: MeterView[]): Answers {
  const all = { ...NONE, ...has };
  const period = (view: PeriodView) => reduced(view, all, meters);
  return {
    house: { ...full.house, name, has: all, meters, problems: [] },
    live: liveOf(full.live, all, meters),
    day: period(full.day),
    month: period(full.month),
    year: period(full.year),
    readings: { meters: meters.map(({ id, role }) => readingsOf(id, role)) },
  };
}

function liveOf(live: Live, has: Has, meters: MeterView[]): Live {
  const power = ({ time, grid, solar, consumption }: PeriodView["power"][number]) => ({
    time,
    grid: has.grid ? grid : null,
    solar: has.solar ? solar : null,
    consumption: has.grid ? consumption : null,
  });
  return {
    ...live,
    bought: has.grid ? live.bought : null,
    sold: has.sold ? live.sold : null,
    solar: has.solar ? live.solar : null,
    consumption: has.grid ? live.consumption : null,
    meters: meters.map(({ id, role }) => ({ id, unit: UNITS[role], reading: fresh(VALUES[role]) })),
    lastHour: has.grid || has.solar ? live.lastHour.map(power) : [],
    quarter: has.grid ? live.quarter : null,
    problems: [],
  };
}

const UNITS = { grid: "W", solar: "W", "sub-meter": "W", gas: "m³", water: "L/min", unknown: null } as const;
const VALUES = { grid: 193, solar: 206.25, "sub-meter": 1200, gas: 3012.441, water: 4.2, unknown: 12 };

export const fresh = (value: number): LiveValue => ({ value, state: "fresh", time: NOW, since: null });
export const silent = (since = NOW - HOUR): LiveValue => ({ value: null, state: "silent", time: null, since });
export const stale = (value: number, time = NOW - HOUR): LiveValue => ({ value, state: "stale", time, since: null });

function reduced(view: PeriodView, has: Has, meters: MeterView[]): PeriodView {
  const figures = (all: Figures): Figures => ({
    bought: has.grid ? all.bought : null,
    sold: has.sold ? all.sold : null,
    solar: has.solar ? all.solar : null,
    consumption: has.grid ? all.consumption : null,
    selfConsumption: has.grid && has.solar ? all.selfConsumption : null,
    selfSufficiency: has.grid && has.solar ? all.selfSufficiency : null,
    gas: has.gas ? all.gas : null,
    water: has.water ? all.water : null,
  });
  const power = view.power.map(({ time, grid, solar, consumption }) => ({
    time,
    grid: has.grid ? grid : null,
    solar: has.solar ? solar : null,
    consumption: has.grid ? consumption : null,
  }));
  return {
    ...view,
    figures: figures(view.figures),
    before: view.before && { ...view.before, figures: figures(view.before.figures), costs: null },
    bars: view.bars.map((bar) => ({ ...bar, figures: figures(bar.figures), costs: has.costs ? bar.costs : null })),
    power: has.grid || has.solar ? power : [],
    meters: meters.filter(({ role }) => role === "sub-meter").map(({ id }) => ({ id, amount: 1.5, unit: "kWh" })),
    peaks: has.grid ? view.peaks : [],
    costs: has.costs ? view.costs : null,
    source: has.grid || has.solar ? view.source : null,
  };
}

function readingsOf(id: string, role: MeterView["role"]): Answers["readings"]["meters"][number] {
  const reading = (channel: string, value: number, unit: string) => ({
    channel,
    value,
    unit,
    time: NOW,
    isSuspect: false,
  });
  if (role === "gas") return { id, readings: [reading("gas", 3012.441, "m³")] };
  if (role === "water") return { id, readings: [reading("volume", 932.118, "m³")] };
  return { id, readings: [reading("t1", 5237.194, "kWh"), reading("t2", 6120.02, "kWh")] };
}

const grid = { grid: true, sold: true };

/** By what they are; each is looked at by `page.browser.ts`. */
export const HOUSES: Record<string, Answers> = {
  "everything there is": full,
  "a Belgian house": answersOf("belgian"),
  "a list that is refused": withProblems(
    houseOf("Old CEMM", { grid: true, gas: true }, [meter("p1", "grid"), meter("p1-gas", "gas")]),
    [problem("LIST_REFUSED")],
  ),
  "a house that never answered": neverAnswered(),
  "a house that is silent now": silentNow(),
  "a meter that does not exist": withoutMeter(),
  "a meter that was replaced": withProblems(structuredClone(full), [problem("SUSPECT", { meter: "p1" })]),
  "a solar meter that is missing": negative(),
  "a house without meters": withProblems(houseOf("Empty", {}, []), [problem("NO_METERS")]),
};

function withProblems(answers: Answers, problems: Problem[]): Answers {
  return { ...answers, house: { ...answers.house, problems }, live: { ...answers.live, problems } };
}

function silentNow(): Answers {
  const problems = [problem("SILENT", { since: NOW - HOUR, cause: "CEMM_UNREACHABLE" })];
  const answers = withProblems(structuredClone(full), problems);
  const meters = answers.live.meters.map((each) => ({ ...each, reading: silent() }));
  const reading = silent();
  return {
    ...answers,
    live: {
      ...answers.live,
      bought: reading,
      sold: reading,
      solar: reading,
      consumption: reading,
      meters,
      quarter: null,
    },
  };
}

function neverAnswered(): Answers {
  const answers = houseOf("Holiday home", {}, []);
  const problems = [problem("SILENT", { since: NOW - HOUR, cause: "CEMM_TIMEOUT" })];
  return withProblems({ ...answers, house: { ...answers.house, firstDay: null } }, problems);
}

function withoutMeter(): Answers {
  const answers = houseOf("Home", grid, [meter("p1", "grid"), meter("s03", "solar")]);
  const problems = [problem("METER_SILENT", { meter: "s03", since: NOW - HOUR, cause: "CEMM_ALIAS_UNSUPPORTED" })];
  const meters = answers.live.meters.map((each) => (each.id === "s03" ? { ...each, reading: silent() } : each));
  return withProblems({ ...answers, live: { ...answers.live, meters } }, problems);
}

/** More was sold than bought and made. */
function negative(): Answers {
  const answers = houseOf("Roof", { ...grid, solar: true }, [meter("p1", "grid"), meter("s01", "solar")]);
  const figures = {
    ...answers.day.figures,
    solar: 2,
    consumption: -3.716,
    selfConsumption: null,
    selfSufficiency: null,
  };
  return { ...answers, day: { ...answers.day, figures, problems: [problem("NEGATIVE_CONSUMPTION")] } };
}
