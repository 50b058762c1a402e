/** Houses with and without problems, made from example answers. */
import type { Figures, LiveValue, PeriodView, Problem } from "../../src/lib/energy/view.js";
import { type Answers, answersOf } from "./stand-in.js";

/** 17:12 at the house. */
export const NOW = Date.parse("2026-11-28T16:12:08Z");
const HOUR = 3_600_000;

export const problem = (code: string, rest: Partial<Problem> = {}): Problem => ({
  code,
  meter: null,
  since: null,
  cause: null,
  ...rest,
});

const SILENT: LiveValue = { value: null, state: "silent", time: null, since: NOW - HOUR };
export const stale = (value: number): LiveValue => ({ value, state: "stale", time: NOW - HOUR, since: null });

const full = answersOf("default");
const belgian = answersOf("belgian");

/** The houses by description; `page.browser.ts` shows each of them. */
export const HOUSES: Record<string, Answers> = {
  "a house with every kind of meter": full,
  "a Belgian house": belgian,
  "a house whose list of meters is refused": withProblems(belgian, problem("LIST_REFUSED")),
  "a house that never answered": withProblems(
    nothingKnown(),
    problem("SILENT", { since: NOW - HOUR, cause: "CEMM_TIMEOUT" }),
  ),
  "a house that stopped answering": silentNow(),
  "a house with a meter that does not exist": withoutMeter(),
  "a house with a replaced meter": withProblems(full, problem("SUSPECT", { meter: "p1" })),
  "a house with a missing solar meter": negative(),
  "a house without meters": withProblems(nothingKnown(), problem("NO_METERS")),
};

function withProblems(answers: Answers, ...problems: Problem[]): Answers {
  return { ...answers, house: { ...answers.house, problems }, live: { ...answers.live, problems } };
}

function nothingKnown(): Answers {
  const has = { grid: false, sold: false, solar: false, gas: false, water: false, costs: false };
  const flows = { bought: null, sold: null, solar: null, consumption: null };
  const figures: Figures = { ...flows, selfConsumption: null, selfSufficiency: null, gas: null, water: null };
  const unknown = (view: PeriodView): PeriodView => ({
    ...view,
    ...{ figures, before: null, power: [], meters: [], peaks: [], costs: null, source: null },
    bars: view.bars.map((bar) => ({ ...bar, figures, costs: null })),
  });
  return {
    house: { ...full.house, name: "Holiday home", firstDay: null, has, meters: [] },
    live: { ...full.live, ...flows, meters: [], lastHour: [], quarter: null },
    day: unknown(full.day),
    month: unknown(full.month),
    year: unknown(full.year),
    readings: { meters: [] },
  };
}

function silentNow(): Answers {
  const { live } = full;
  const meters = live.meters.map((each) => ({ ...each, reading: SILENT }));
  const silent = { ...live, meters, bought: SILENT, sold: SILENT, solar: SILENT, consumption: SILENT, quarter: null };
  const cause = problem("SILENT", { since: NOW - HOUR, cause: "CEMM_UNREACHABLE" });
  return withProblems({ ...full, live: silent }, cause);
}

function withoutMeter(): Answers {
  const { house, live } = belgian;
  const meters = [...house.meters, { id: "s03", role: "solar" as const, name: null }];
  const readings = [...live.meters, { id: "s03", unit: "W" as const, reading: SILENT }];
  return withProblems(
    { ...belgian, house: { ...house, name: "Home", meters }, live: { ...live, meters: readings } },
    problem("METER_SILENT", { meter: "s03", since: NOW - HOUR, cause: "CEMM_ALIAS_UNSUPPORTED" }),
  );
}

/** More was sold than was bought and generated. */
function negative(): Answers {
  const { day } = full;
  const figures = { ...day.figures, solar: 2, consumption: -3.716, selfConsumption: null, selfSufficiency: null };
  return { ...full, day: { ...day, figures, problems: [problem("NEGATIVE_CONSUMPTION")] } };
}
