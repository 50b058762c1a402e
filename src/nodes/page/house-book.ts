/** All known data of a house. The page's views are built from it on request. */
import {
  type Answer,
  type CemmError,
  type DayFigures,
  dayFigures,
  type History,
  type House,
  type HouseDay,
  type HouseMeter,
  houseView,
  type Live,
  lastHourOf,
  liveView,
  type MeterState,
  type Period,
  type PeriodUnit,
  type PeriodView,
  type Problem,
  parseTime,
  periodAt,
  periodName,
  periodView,
  type Readings,
  RecentMap,
  readingsView,
  type Tariff,
} from "../../lib/internal.js";
import { readingText } from "../shared/reading-text.js";
import type { DayBook } from "./day-book.js";
import type { Views } from "./page-server.js";
import type { PriceBook } from "./price-book.js";
import { Today } from "./today.js";

const MAX_VIEWS = 50;

export interface HouseOptions {
  /** The CEMM's name on the page. */
  name: string;
  timezone: string;
  tariff: Tariff;
  /** A meter without an answer counts as silent after this many ms, since some polls may fail. */
  patience: number;
  days: DayBook;
  prices: PriceBook;
}

export class HouseBook implements Views {
  readonly #today: Today;
  #meters: readonly HouseMeter[] = [];
  #states = new Map<string, MeterState>();
  readonly #readings = new Map<string, Answer>();
  /** Views since the last change, cached: a year takes a while to calculate, and many browsers may ask for it. */
  readonly #views = new RecentMap<PeriodView>(MAX_VIEWS);
  /** Failures of the CEMM as a whole, by code. */
  readonly #problems = new Map<string, Problem>();

  constructor(private readonly options: HouseOptions) {
    this.#today = new Today(this.periodOf("day"));
  }

  get meters(): readonly HouseMeter[] {
    return this.#meters;
  }

  get today(): string {
    return periodName(this.periodOf("day"));
  }

  get yesterday(): string {
    return periodName(periodAt("day", Date.now(), this.options.timezone, 1));
  }

  get isSilent(): boolean {
    return this.#problems.has("SILENT");
  }

  /** The current day, month or year. */
  periodOf(unit: PeriodUnit, now = Date.now()): Period {
    return periodAt(unit, now, this.options.timezone);
  }

  setMeters(meters: readonly HouseMeter[], isRefused: boolean): void {
    this.#meters = meters;
    const known = this.#states;
    this.#states = new Map(
      meters.map((meter) => {
        const state = known.get(meter.alias) ?? { answer: undefined, failingSince: null, cause: null };
        return [meter.alias, { ...state, meter }];
      }),
    );
    this.options.days.setMeters(meters);
    this.changed();
    this.#setProblem("LIST_REFUSED", isRefused);
    this.#setProblem("NO_METERS", meters.length === 0);
  }

  /** `error`: why the CEMM as a whole does not answer; undefined: it answers. */
  setSilent(error: CemmError | undefined, now = Date.now()): void {
    const since = this.#problems.get("SILENT")?.since ?? this.#lastAnswer() ?? now;
    this.#setProblem("SILENT", error !== undefined, since, error?.code ?? null);
  }

  addLive(answers: readonly Answer[], now = Date.now()): void {
    this.changed();
    const { days } = this.options;
    const today = this.periodOf("day", now);
    if (periodName(today) !== this.#today.date) this.#today.begin(today);
    const yesterday = periodAt("day", now, this.options.timezone, 1);
    for (const answer of answers) {
      const state = this.#states.get(answer.alias);
      if (state) this.#states.set(answer.alias, { ...state, answer, failingSince: null, cause: null });
      const atMidnight = this.#today.addLive(answer, now);
      if (!atMidnight) continue;
      days.keepRegisters(yesterday, "closing", answer.alias, atMidnight);
      days.keepRegisters(today, "opening", answer.alias, atMidnight);
    }
    const grid = answers.filter(({ alias }) => this.#states.get(alias)?.meter.role === "grid");
    this.#today.addQuarter(grid, now);
  }

  /** A meter cannot be read at present, whether or not the CEMM answers for others. */
  addFailure(alias: string, error: CemmError, now = Date.now()): void {
    const state = this.#states.get(alias);
    if (!state) return;
    const since = state.failingSince ?? state.answer?.receivedAt ?? now;
    const isSilent = !state.answer || now - since > this.options.patience;
    if (isSilent) this.#states.set(alias, { ...state, failingSince: since, cause: error.code });
  }

  addHistory(answer: Answer): void {
    this.#today.addHistory(answer.alias, answer);
    this.changed();
  }

  /** Today's records of this meter are not available. */
  addNoHistory(alias: string): void {
    this.#today.addNothing(alias);
    this.changed();
  }

  addReadings(answer: Answer): void {
    this.#readings.set(answer.alias, answer);
  }

  house(): House {
    const { name, timezone, tariff, days } = this.options;
    const { today } = this;
    const answers = new Map([...this.#states].flatMap(([alias, { answer }]) => (answer ? [[alias, answer]] : [])));
    return houseView({
      name,
      timezone,
      today,
      firstDay: days.firstDay(today),
      meters: this.#meters,
      tariff,
      answers,
      days: days.days().values(),
      problems: [...this.#problems.values()],
    });
  }

  live(now = Date.now()): Live {
    const states = [...this.#states.values()];
    const minutes = states.map(({ meter }) => ({ meter, minutes: this.#today.minutesOf(meter.alias) }));
    const { quarter } = this.#today;
    const problems = [...this.#problems.values()];
    return liveView({ now, states, lastHour: lastHourOf(minutes, now), quarter, problems });
  }

  readings(): Readings {
    return readingsView(new Map(this.#meters.flatMap(({ alias }) => this.#readingsOf(alias))));
  }

  period(unit: PeriodUnit, time: string): PeriodView {
    const key = `${unit} ${time}`;
    const known = this.#views.get(key);
    if (known) return known;
    const history = this.#history();
    const view = periodView(unit, parseTime(time, history.timezone), history);
    this.#views.set(key, view);
    return view;
  }

  /** Clears the cached views. */
  changed(): void {
    this.#views.clear();
  }

  /** The day's figures; undefined: the day is not known. */
  figures(date: string): DayFigures | undefined {
    const history = this.#history();
    const day = history.days.get(date);
    return day && dayFigures(day, history);
  }

  figuresOfToday(): DayFigures {
    const history = this.#history();
    return dayFigures(this.#todayOf(), history);
  }

  /** For the status: the value of the first meter that has one. */
  statusReading(): ReturnType<typeof readingText> {
    for (const { answer } of this.#states.values()) {
      const text = answer && readingText(answer);
      if (text) return text;
    }
    return undefined;
  }

  #history(now = Date.now()): History {
    const { timezone, tariff, days, prices } = this.options;
    const today = this.#todayOf();
    const known = days.days().set(today.date, today);
    const firstDay = days.firstDay(today.date);
    return { timezone, now, meters: this.#meters, days: known, firstDay, tariff, prices: prices.prices };
  }

  #todayOf(): HouseDay {
    return this.#today.houseDay(this.#meters, this.options.days.openingOf(this.#today.date));
  }

  #readingsOf(alias: string): [string, Answer][] {
    const answer = this.#readings.get(alias);
    return answer ? [[alias, answer]] : [];
  }

  #lastAnswer(): number | null {
    const times = [...this.#states.values()].flatMap(({ answer }) => answer?.receivedAt ?? []);
    return times.length === 0 ? null : Math.max(...times);
  }

  #setProblem(code: string, isThere: boolean, since: number | null = null, cause: string | null = null): void {
    if (isThere) this.#problems.set(code, { code, meter: null, since, cause });
    else this.#problems.delete(code);
  }
}
