/** One method for each question to a CEMM, the same over the LAN, through the cloud, or whichever of the two answers. */
import type { RequestOptions } from "./account.js";
import {
  type CemmClientOptions,
  checkAccess,
  checkAlias,
  checkTimeout,
  nameOf,
  targetOptions,
} from "./client-options.js";
import type { Access, Answer, CemmInfo, Meter } from "./data/answer.js";
import { checkTimezone, type Period, parseTime, periodAt, periodsBetween } from "./data/calendar.js";
import type { Kind, PeriodUnit } from "./data/channel-table.js";
import { type ReadChannels, readHistory, readReadings } from "./data/channels.js";
import { markFreshness } from "./data/freshness.js";
import { LIMITS } from "./data/limits-table.js";
import { RecentMap } from "./data/recent-map.js";
import { CemmError } from "./errors.js";
import { checkTexts } from "./option-texts.js";
import { type LoggedRequest, RequestLog } from "./request-log.js";
import { type Router, routerFor } from "./router.js";
import type { Question } from "./routes/route.js";
import { parseHost, parseUid } from "./syntax.js";
import { type ReadingResponse, toAnswer } from "./to-answer.js";
import { onAbort } from "./transport/cancel-token.js";
import { Deadline } from "./transport/deadline.js";
import type { RequestContext } from "./transport/single-flight.js";

/** Other CEMMs that are remembered; the one that was asked for longest ago is forgotten first. */
const MAX_TARGETS = 1000;

/**
 * A CEMM Basic or Plus. Every method rejects with a {@link CemmError}, or with the reason of the signal it was given.
 *
 * ```ts
 * const cemm = new CemmClient({ host: "192.168.1.10" });
 * const { channels } = await cemm.realtime("p1");
 * console.log(channels.electric_power?.samples[0]?.value, "W");
 * ```
 */
export class CemmClient {
  readonly access: Access;
  readonly timezone: string;
  /** As it was configured, in the usual notation: the CEMM's MAC address, and its address on the LAN. */
  readonly uid: string | undefined;
  readonly host: string | undefined;
  readonly #options: CemmClientOptions;
  readonly #route: Router;
  readonly #timeout: number;
  readonly #closing = new AbortController();
  /** Its own, and those of the clients that it was made by. */
  #closingSignals: readonly AbortSignal[] = [this.#closing.signal];
  readonly #log = new RequestLog();
  readonly #targets = new RecentMap<CemmClient>(MAX_TARGETS);

  /** @throws CemmError `CEMM_CONFIG` where an option is missing or cannot be used. */
  constructor(options: CemmClientOptions) {
    checkTexts(options, ["host", "uid", "timezone", "name"]);
    this.#options = options;
    const name = nameOf(options);
    this.access = checkAccess(options.access ?? "lan", name);
    this.timezone = checkTimezone(options.timezone || "Europe/Amsterdam", name);
    // So that its listener stays: one made anew for each question takes a tenth of the client's own time.
    onAbort(this.#closing.signal, () => {});
    this.#timeout = checkTimeout(options.timeout ?? LIMITS.timeout.usual, name);
    this.#route = routerFor(options, this.#closing.signal);
    this.uid = parseUid(options.uid ?? "");
    this.host = parseHost(options.host ?? "");
  }

  /** Name, firmware and MAC address. LAN only. */
  info(options?: RequestOptions): Promise<CemmInfo> {
    return this.#request("info", (route, context) => route.info(context), options);
  }

  /** All activated meters, sensors and outputs. */
  meters(options?: RequestOptions): Promise<Meter[]> {
    return this.#request("meters", (route, context) => route.meters(context), options);
  }

  /** The meter behind an alias. */
  async meter(alias: string, options?: RequestOptions): Promise<Meter> {
    checkAlias(alias);
    return this.#request(`meter ${alias}`, (route, context) => route.meter(alias, context), options);
  }

  /** Live values: one sample for each channel. */
  async realtime(alias: string, options?: RequestOptions): Promise<Answer> {
    checkAlias(alias);
    const response = await this.#request(
      `realtime ${alias}`,
      (route, context) => route.realtime(alias, context),
      options,
    );
    const { data, totals } = response.body;
    return this.#reading("realtime", alias, response, readReadings(data, "realtime", totals));
  }

  /** The samples of one period, of {@link CemmClient.period} or {@link CemmClient.periods}. */
  async history(alias: string, period: Period, options?: RequestOptions): Promise<Answer> {
    checkAlias(alias);
    const response = await this.#request(
      `${period.unit} ${alias}`,
      (route, context) => route.history(alias, period, context),
      options,
    );
    const read = readHistory(response.body.data, period, response.receivedAt);
    return { period, ...this.#answer(period.unit, alias, response, read) };
  }

  /** Meter readings: of now, or the last ones of the day in which `time` lies (cloud only). `time` as in {@link period}. */
  async totals(alias: string, time: unknown = Date.now(), options?: RequestOptions): Promise<Answer> {
    checkAlias(alias);
    const day = this.period("day", time);
    const response = await this.#request(
      `totals ${alias}`,
      (route, context) => route.totals(alias, day, context),
      options,
    );
    const read = readReadings(response.body.data, "totals");
    // A past day's readings are older than those that follow.
    const isPast = day.end <= response.receivedAt;
    const answer = isPast
      ? this.#answer("totals", alias, response, read)
      : this.#reading("totals", alias, response, read);
    return { ...answer, period: day };
  }

  /**
   * The day, month or year in which `time` lies, or the one `ago` periods before it.
   * `time`: epoch ms, epoch s, a Date, `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or an ISO date-time.
   * @throws CemmError `CEMM_INPUT`
   */
  period(unit: PeriodUnit, time: unknown = Date.now(), ago = 0): Period {
    return periodAt(unit, parseTime(time, this.timezone), this.timezone, ago);
  }

  /** All periods from the one of `from` to the one of `to`, at most 4000. Times as in {@link period}. */
  periods(unit: PeriodUnit, from: unknown, to: unknown): Period[] {
    return periodsBetween(this.period(unit, from), this.period(unit, to));
  }

  /**
   * The same access to another CEMM: a uid, or on the LAN a host. It ends with this client.
   * @throws CemmError `CEMM_INPUT`
   */
  at(target: string): CemmClient {
    const client = this.#targets.get(target) ?? this.#open(target);
    this.#targets.set(target, client);
    return client;
  }

  #open(target: string): CemmClient {
    const other = targetOptions(target, this.#options);
    if (other.uid && other.uid === this.uid) return this;
    const client = new CemmClient({ ...this.#options, name: target, ...other });
    client.#closingSignals = [...client.#closingSignals, ...this.#closingSignals];
    return client;
  }

  /** Those that ended last, oldest first; without those of {@link at}. */
  get recentRequests(): readonly LoggedRequest[] {
    return this.#log.requests;
  }

  /** Ends every request at once, those of {@link at} too. An account stays open: it may be shared. */
  close(): void {
    this.#closing.abort(new CemmError("CEMM_UNREACHABLE", `${nameOf(this.#options)} was closed.`));
  }

  #request<T>(what: string, question: Question<T>, options?: RequestOptions): Promise<T> {
    return this.#log.add(what, this.#route(question, this.#context(options)));
  }

  #context({ signal, onPromise }: RequestOptions = {}): RequestContext {
    const signals = signal ? [...this.#closingSignals, signal] : this.#closingSignals;
    return { deadline: new Deadline(this.#timeout), signals, onPromise };
  }

  /** An answer of now, and how fresh it is by the clocks. */
  #reading(kind: Kind, alias: string, response: ReadingResponse, read: ReadChannels): Answer {
    const answer = this.#answer(kind, alias, response, read);
    const { age, stale } = markFreshness(answer.channels, alias, answer.receivedAt);
    return Object.assign(answer, { age, stale });
  }

  #answer(kind: Kind, alias: string, response: ReadingResponse, read: ReadChannels): Answer {
    return toAnswer(kind, alias, response, read, nameOf(this.#options));
  }
}
