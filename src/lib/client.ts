/** One method for each request to a CEMM, the same over the LAN and through the cloud. */
import type { CemmAccount, RequestOptions } from "./account.js";
import { type Access, type Answer, type CemmInfo, isOfNow, type Meter } from "./data/answer.js";
import { checkTimezone, type Period, parseTime, periodAt, periodsBetween } from "./data/calendar.js";
import type { Kind, PeriodUnit } from "./data/channel-table.js";
import { type ReadChannels, readHistory, readReadings } from "./data/channels.js";
import { markFreshness } from "./data/freshness.js";
import { LIMITS } from "./data/limits-table.js";
import { RecentMap } from "./data/recent-map.js";
import type { DiscoverOptions } from "./discovery.js";
import { CemmError, configError, describeValue, inputError, problem } from "./errors.js";
import { checkAccess, checkHost, checkTarget, checkText, checkTimeout, checkUid, nameOf } from "./options.js";
import { type LoggedRequest, RequestLog } from "./request-log.js";
import { CloudRoute } from "./routes/cloud.js";
import { Failover } from "./routes/failover.js";
import { LanRoute } from "./routes/lan.js";
import type { Question, Route, RouteResponse } from "./routes/route.js";
import { isAlias, parseHost } from "./syntax.js";
import { lastingController } from "./transport/cancel-token.js";
import { Deadline } from "./transport/single-flight.js";

/** One CEMM: its address, how to reach it, and the time limit for an answer. */
export interface CemmClientOptions {
  /** `lan`, `cloud`, or `auto`: the LAN first, the cloud while the LAN fails. Default `lan`. */
  access?: Access | undefined;
  /** Address on the LAN: `host`, `host:port`, `[v6]:port`. Blank: found on the network. */
  host?: string | undefined;
  /** MAC address in any common notation. Blank: the CEMM at the host, or the only CEMM on the network. */
  uid?: string | undefined;
  /** For `cloud` and `auto`. An account may be shared by many clients. */
  account?: CemmAccount | undefined;
  /** IANA name of the zone in which days, months and years begin; default Europe/Amsterdam. */
  timezone?: string | undefined;
  /** Time limit for one answer in seconds, including promises and retries; default 30. */
  timeout?: number | undefined;
  /** Its name in errors and log lines. */
  name?: string | undefined;
  /** Where and how a CEMM without a host is searched for; default: everywhere. */
  discovery?: Pick<DiscoverOptions, "broadcast" | "port"> | undefined;
  /** @internal Maximum size of a list of meters, in bytes; default: the limit for any answer. */
  maxBody?: number | undefined;
  /** Called with each line for the log. */
  log?: ((line: string) => void) | undefined;
}

type AnyResponse = RouteResponse<{ io_id?: number | null | undefined }>;

/** Maximum number of other CEMMs kept; the least recently used is dropped first. */
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
  readonly #name: string;
  readonly #route: Route | Failover;
  readonly #timeout: number;
  readonly #closing = lastingController();
  /** Its own signal, and those of its parent clients. */
  #closingSignals: readonly AbortSignal[] = [this.#closing.signal];
  readonly #log = new RequestLog();
  readonly #targets = new RecentMap<CemmClient>(MAX_TARGETS);

  /** @throws CemmError `CEMM_CONFIG` where an option is missing or cannot be used. */
  constructor(options: CemmClientOptions) {
    this.#options = options;
    const [host, uid] = [checkText("host", options.host), checkText("uid", options.uid)];
    this.#name = nameOf({ name: checkText("name", options.name), host, uid });
    this.access = checkAccess(options.access ?? "lan", this.#name);
    this.timezone = checkTimezone(checkText("timezone", options.timezone) || "Europe/Amsterdam", this.#name);
    this.#timeout = checkTimeout(options.timeout ?? LIMITS.timeout.default, this.#name);
    this.uid = checkUid(uid, this.#name);
    this.host = this.access === "cloud" ? parseHost(host) : checkHost(host, this.#name);
    this.#route = this.#routeFor(options);
  }

  #routeFor({ account, discovery, maxBody, log }: CemmClientOptions): Route | Failover {
    const { access, uid, host } = this;
    const name = this.#name;
    const logNamed = (line: string) => log?.(`${name}: ${line}`);
    const lan = access === "cloud" ? undefined : new LanRoute({ name, host, uid, discovery, log: logNamed, maxBody });
    if (lan && access === "lan") return lan;
    if (!account) throw configError(`${name}: the connection through the cloud needs an account. Choose one.`);
    const cloud = new CloudRoute(account, name, uid);
    return lan ? new Failover(lan, cloud, logNamed, this.#closing.signal) : cloud;
  }

  /** Name, firmware and MAC address. LAN only. */
  info(options?: RequestOptions): Promise<CemmInfo> {
    return this.#ask("info", (route, context) => route.info(context), options);
  }

  /** All activated meters, sensors and outputs. */
  meters(options?: RequestOptions): Promise<Meter[]> {
    return this.#ask("meters", (route, context) => route.meters(context), options);
  }

  /** The meter behind an alias. */
  async meter(alias: string, options?: RequestOptions): Promise<Meter> {
    checkAlias(alias);
    return this.#ask(`meter ${alias}`, (route, context) => route.meter(alias, context), options);
  }

  /** Live values: one sample for each channel. */
  async realtime(alias: string, options?: RequestOptions): Promise<Answer> {
    checkAlias(alias);
    const response = await this.#ask(`realtime ${alias}`, (route, context) => route.realtime(alias, context), options);
    const { data, totals } = response.body;
    return this.#answer("realtime", alias, response, readReadings(data, "realtime", totals));
  }

  /** The samples of one period, of {@link CemmClient.period} or {@link CemmClient.periods}. */
  async history(alias: string, period: Period, options?: RequestOptions): Promise<Answer> {
    checkAlias(alias);
    const question = `${period.unit} ${alias}`;
    const response = await this.#ask(question, (route, context) => route.history(alias, period, context), options);
    const read = readHistory(response.body.data, period, response.receivedAt);
    return this.#answer(period.unit, alias, response, read, period);
  }

  /** Meter readings: current, or the last ones of the day of `time` (cloud only), as in {@link period}. */
  async totals(alias: string, time: unknown = Date.now(), options?: RequestOptions): Promise<Answer> {
    checkAlias(alias);
    const day = this.period("day", time);
    const response = await this.#ask(`totals ${alias}`, (route, context) => route.totals(alias, day, context), options);
    return this.#answer("totals", alias, response, readReadings(response.body.data, "totals"), day);
  }

  /**
   * The day, month or year that contains `time`, or the one `ago` periods before it.
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
    const other = checkTarget(target, this.access);
    if (other.uid && other.uid === this.uid) return this;
    const client = new CemmClient({ ...this.#options, name: target, ...other });
    client.#closingSignals = [...client.#closingSignals, ...this.#closingSignals];
    return client;
  }

  /** The most recent requests, oldest first; without those of {@link at}. */
  get recentRequests(): readonly LoggedRequest[] {
    return this.#log.requests;
  }

  /** Ends every request at once, those of {@link at} too. An account stays open: it may be shared. */
  close(): void {
    this.#closing.abort(new CemmError("CEMM_UNREACHABLE", `${this.#name} was closed.`));
  }

  #ask<T>(name: string, question: Question<T>, { signal, onPromise }: RequestOptions = {}): Promise<T> {
    const route = this.#route;
    const signals = signal ? [...this.#closingSignals, signal] : this.#closingSignals;
    const context = { deadline: new Deadline(this.#timeout), signals, onPromise };
    const request = route instanceof Failover ? route.ask(question, context) : question(route, context);
    return this.#log.add(name, request);
  }

  /** @throws CemmError `CEMM_BAD_RESPONSE` when no channel is usable */
  #answer(kind: Kind, alias: string, response: AnyResponse, read: ReadChannels, period?: Period): Answer {
    const { source, uid, host, requestedAt, receivedAt, raw, body } = response;
    const { channels, unusable, badNames, usable } = read;
    if (!usable) throw problem(`${this.#name} (${host ?? uid})`, "noChannel", alias);
    const answer: Answer = {
      kind,
      source,
      uid,
      alias,
      ioId: body.io_id ?? null,
      requestedAt,
      receivedAt,
      age: null,
      stale: false,
      suspects: [],
      channels,
      unusable,
      badNames,
      raw,
      // The spreads come last: in Node 20 they are many times slower at the start.
      ...(host && { host }),
      ...(period && { period }),
    };
    if (isOfNow(answer)) {
      const { age, stale } = markFreshness(channels, alias, receivedAt);
      Object.assign(answer, { age, stale });
    }
    return answer;
  }
}

/** @throws CemmError `CEMM_INPUT` */
export function checkAlias(alias: unknown): asserts alias is string {
  if (typeof alias === "string" && isAlias(alias)) return;
  throw inputError(
    `${describeValue(alias)} is not an alias; use lower-case letters, digits and dashes, such as p1, p1-gas or mb5.`,
  );
}
