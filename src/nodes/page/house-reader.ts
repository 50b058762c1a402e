/** Asks the CEMM: live values at an interval, and the days one by one in between. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Answer,
  type CemmClient,
  CemmError,
  type HouseMeter,
  houseMeters,
  type MeterOverrides,
  MeterWatch,
  meterDay,
  type Period,
  periodName,
  type RequestOptions,
  type RouteName,
  registersIn,
} from "../../lib/internal.js";
import type { DayBook, MissingDay } from "./day-book.js";
import type { HouseBook } from "./house-book.js";
import { isDown, listMeters } from "./meter-list.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** In ms: maximum age of the list of meters, and of the running day's minutes and readings. */
const LIST_AGE = 60 * MINUTE;
const TODAY_AGE: Record<RouteName, number> = { lan: 5 * MINUTE, cloud: 15 * MINUTE };
/**
 * In ms: the shortest pause after a past day. Otherwise the pause is as long as the request took, so that half of the
 * time is left for other requests.
 */
const PAUSE: Record<RouteName, number> = { lan: 50, cloud: SECOND };
/** In ms: the pause if there is nothing to ask, or no answer. */
const IDLE = SECOND;
/** In ms: a day's closing registers must be this close to its end; otherwise the CEMM was offline then. */
const CLOSING = 15 * MINUTE;

export interface ReaderOptions {
  client: CemmClient;
  book: HouseBook;
  days: DayBook;
  overrides: MeterOverrides;
  /** Live values arrived, or a poll failed. */
  onLive: () => void;
  /** The list of meters, or what is known of the house, has changed. */
  onHouse: () => void;
  /** A day's figures have changed; `isWhole`: the day is over and has just become known. */
  onDay: (date: string, isWhole: boolean) => void;
}

export class HouseReader {
  readonly #watch = new MeterWatch();
  #isRefused = false;
  #listedAt = Number.NEGATIVE_INFINITY;
  #route: RouteName = "lan";
  /** When each request of the running day was last answered. */
  readonly #askedAt = new Map<string, number>();
  /** The start of the running day, epoch ms. */
  #today = 0;

  constructor(private readonly options: ReaderOptions) {}

  /** Uses the stored list of meters until the CEMM lists them again. */
  begin(): void {
    const { days, overrides } = this.options;
    const known = houseMeters(days.listed, overrides);
    if (known.length > 0) this.#setMeters(known, false);
  }

  /** Reads live values of all meters. Rejects if none answers. */
  async poll(options: RequestOptions): Promise<RouteName> {
    const { book, onLive } = this.options;
    try {
      await this.#list(options);
      await this.#live(options);
      book.setSilent(undefined);
      return this.#route;
    } catch (error) {
      if (error instanceof CemmError) book.setSilent(error);
      throw error;
    } finally {
      onLive();
    }
  }

  /** Reads the running day and the days before it until the signal aborts. Rejects only with the abort reason. */
  async fill(signal: AbortSignal): Promise<never> {
    for (;;) {
      const pause = await this.#next({ signal });
      await sleep(pause, undefined, { signal });
    }
  }

  async #list(options: RequestOptions): Promise<void> {
    const { client, book, overrides } = this.options;
    if (book.meters.length > 0 && performance.now() - this.#listedAt < LIST_AGE) return;
    const list = await listMeters(client, options).catch((error) => {
      if (book.meters.length === 0) throw error;
    });
    if (!list) return;
    this.options.days.keepListed(list.meters.map(({ alias, type }) => ({ alias, type })));
    const meters = houseMeters(list.meters, overrides);
    const isSame = JSON.stringify(meters) === JSON.stringify(book.meters) && list.isRefused === this.#isRefused;
    if (!isSame || meters.length === 0) this.#setMeters(meters, list.isRefused);
    this.#listedAt = performance.now();
  }

  async #live(options: RequestOptions): Promise<void> {
    const { client, book } = this.options;
    const aliases = book.meters.map(({ alias }) => alias);
    const results = await Promise.allSettled(aliases.map((alias) => client.realtime(alias, options)));
    const answers = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    for (const answer of answers) this.#watch.mark(answer);
    const [answer] = answers;
    if (answer) {
      this.#route = answer.source;
      this.options.days.setCemm(answer.uid ?? answer.host ?? "");
    }
    book.addLive(answers);
    const errors = results.map((result) => (result.status === "rejected" ? result.reason : undefined));
    for (const [n, error] of errors.entries()) if (error !== undefined) this.#failed(aliases[n] ?? "", error);
    const first = errors.find((error) => error !== undefined);
    if (first !== undefined && answers.length === 0) throw first;
  }

  /** A meter that the CEMM does not know is hidden until its list has it. */
  #failed(alias: string, error: unknown): void {
    const { book } = this.options;
    if (!(error instanceof CemmError)) throw error;
    if (error.code === "CEMM_ALIAS_UNSUPPORTED") {
      const known = book.meters.filter((meter) => meter.alias !== alias);
      this.#setMeters(known, this.#isRefused);
    } else book.addFailure(alias, error);
  }

  #setMeters(meters: readonly HouseMeter[], isRefused: boolean): void {
    this.#isRefused = isRefused;
    this.options.book.setMeters(meters, isRefused);
    this.options.onHouse();
  }

  /** Makes one request. Returns the pause after it, in ms. */
  async #next(options: RequestOptions): Promise<number> {
    const { book, days } = this.options;
    if (book.meters.length === 0 || book.isSilent) return IDLE;
    const due = this.#due();
    if (due) return (await due(options)) ? 0 : IDLE;
    const missing = days.next(Date.now());
    if (!missing) return IDLE;
    const began = performance.now();
    await this.#day(missing, options);
    return Math.max(PAUSE[this.#route], performance.now() - began);
  }

  /** The first request of the running day whose answer is too old. It resolves with whether the CEMM answers. */
  #due(): ((options: RequestOptions) => Promise<boolean>) | undefined {
    const { book } = this.options;
    const today = book.periodOf("day");
    if (today.start !== this.#today) {
      this.#askedAt.clear();
      this.#today = today.start;
    }
    const history = book.meters.find(({ alias }) => this.#isDue(`history ${alias}`));
    if (history) return (options) => this.#minutes(history.alias, today, options);
    const readings = book.meters.find(({ alias }) => this.#isDue(`readings ${alias}`));
    return readings && ((options) => this.#readings(readings.alias, options));
  }

  #isDue(question: string): boolean {
    return performance.now() - (this.#askedAt.get(question) ?? Number.NEGATIVE_INFINITY) >= TODAY_AGE[this.#route];
  }

  async #minutes(alias: string, today: Period, options: RequestOptions): Promise<boolean> {
    const { client, book, onDay } = this.options;
    const answer = await this.#ask(`history ${alias}`, client.history(alias, today, options));
    if (!answer) return false;
    if (answer instanceof CemmError) book.addNoHistory(alias);
    else book.addHistory(answer);
    if (alias === book.meters.at(-1)?.alias) onDay(periodName(today), false);
    return true;
  }

  async #readings(alias: string, options: RequestOptions): Promise<boolean> {
    const { client, book } = this.options;
    const answer = await this.#ask(`readings ${alias}`, client.totals(alias, Date.now(), options));
    if (!answer) return false;
    if (answer instanceof CemmError) return true;
    this.#watch.mark(answer);
    book.addReadings(answer);
    return true;
  }

  /** Undefined if the CEMM does not answer: then the request is due again. */
  async #ask(question: string, asked: Promise<Answer>): Promise<Answer | CemmError | undefined> {
    const answer = await orError(asked);
    if (answer instanceof CemmError && isDown(answer)) return undefined;
    this.#askedAt.set(question, performance.now());
    return answer;
  }

  async #day(missing: MissingDay, options: RequestOptions): Promise<void> {
    const { client, book, days, onDay } = this.options;
    const { alias, date, period } = missing;
    const answer = await orError(client.history(alias, period, options));
    // The day stays missing, and is asked for again once the CEMM answers.
    if (answer instanceof CemmError && isDown(answer)) return sleep(IDLE, undefined, { signal: options.signal });
    await this.#closing(missing, options);
    const isFailed = answer instanceof CemmError;
    const isWhole = days.keep(missing, isFailed ? null : meterDay(answer.channels, period), !isFailed);
    if (!isWhole) return;
    book.changed();
    onDay(date, true);
  }

  /** The registers at the end of a past day, which only the cloud has. */
  async #closing({ alias, period }: MissingDay, options: RequestOptions): Promise<void> {
    const { client, book, days } = this.options;
    const isGrid = book.meters.some((meter) => meter.alias === alias && meter.role === "grid");
    if (!isGrid || client.access === "lan" || days.hasClosing(period, alias)) return;
    const answer = await orError(client.totals(alias, period.start, options));
    const reading = answer instanceof CemmError ? undefined : registersIn(answer);
    if (reading && reading.time >= period.end - CLOSING)
      days.keepRegisters(period, "closing", alias, reading.registers);
  }
}

/** Any other error is a bug, or the node is closing. */
async function orError(asked: Promise<Answer>): Promise<Answer | CemmError> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof CemmError) return error;
    throw error;
  }
}
