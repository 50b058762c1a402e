/** One method for each question to a CEMM, the same over the LAN, through the cloud, or whichever of the two answers. */
import type { CemmAccount, RequestOptions } from "./account.js";
import type { Answer, CemmInfo, Kind, Meter } from "./data/answer.js";
import { checkTimezone, type Period, type PeriodUnit, parseTime, periodAt, periodsBetween } from "./data/calendar.js";
import { type ReadChannels, readHistory, readReadings } from "./data/channels.js";
import type { DiscoverOptions } from "./discovery.js";
import { CemmError, describeValue } from "./errors.js";
import { CloudRoute } from "./routes/cloud.js";
import { FailoverRoute } from "./routes/failover.js";
import { LanRoute } from "./routes/lan.js";
import type { Question, Route, RouteResponse } from "./routes/route.js";
import { isAlias, parseHost, parseUid } from "./syntax.js";
import { Deadline } from "./transport/deadline.js";
import type { RequestContext } from "./transport/single-flight.js";

export const ACCESSES = ["lan", "cloud", "auto"] as const;
export type Access = (typeof ACCESSES)[number];

export interface CemmClientOptions {
  /** `lan`, `cloud`, or `auto`: the LAN first, the cloud while the LAN fails. Default `lan`. */
  access?: Access | undefined;
  /** Address on the LAN: `host`, `host:port`, `[v6]:port`. Blank: found on the network. */
  host?: string | undefined;
  /** MAC address in any usual notation. Blank: whoever answers at the host, or the only CEMM there is. */
  uid?: string | undefined;
  /** For `cloud` and `auto`. An account may be shared by many clients. */
  account?: CemmAccount | undefined;
  /** IANA name of the zone in which days, months and years begin; default Europe/Amsterdam. */
  timezone?: string | undefined;
  /** Seconds that one answer may take in all, promises and retries included; default 30. */
  timeout?: number | undefined;
  /** As errors and log lines call it. */
  name?: string | undefined;
  /** Where and how a CEMM without a host is searched for; default: everywhere. */
  discovery?: Pick<DiscoverOptions, "broadcast" | "port"> | undefined;
  /** Told, in one line each, what a person may want to read in a log. */
  log?: ((line: string) => void) | undefined;
}

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
  readonly timezone: string;
  readonly #options: CemmClientOptions;
  readonly #ask: Ask;
  readonly #timeout: number;
  readonly #closing = new AbortController();
  /** Its own, and those of the clients that it was made by. */
  #closingSignals: readonly AbortSignal[] = [this.#closing.signal];
  readonly #targets = new Map<string, CemmClient>();

  /** @throws CemmError `CEMM_CONFIG` where an option is missing or cannot be used. */
  constructor(options: CemmClientOptions) {
    this.#options = options;
    this.timezone = checkTimezone(options.timezone || "Europe/Amsterdam");
    this.#timeout = checkTimeout(options.timeout ?? 30);
    this.#ask = routing(options, this.#closing.signal);
  }

  /** Name, firmware and MAC address. LAN only. */
  info(options?: RequestOptions): Promise<CemmInfo> {
    return this.#ask((route, context) => route.info(context), this.#context(options));
  }

  /** All activated meters, sensors and outputs. */
  meters(options?: RequestOptions): Promise<Meter[]> {
    return this.#ask((route, context) => route.meters(context), this.#context(options));
  }

  /** The meter behind an alias. */
  async meter(alias: string, options?: RequestOptions): Promise<Meter> {
    checkAlias(alias);
    return this.#ask((route, context) => route.meter(alias, context), this.#context(options));
  }

  /** Live values: one sample for each channel. */
  async realtime(alias: string, options?: RequestOptions): Promise<Answer> {
    checkAlias(alias);
    const response = await this.#ask((route, context) => route.realtime(alias, context), this.#context(options));
    return this.#answer("realtime", alias, response, readReadings(response.body.data));
  }

  /** The samples of one period, of {@link period} or {@link periods}. */
  async history(alias: string, period: Period, options?: RequestOptions): Promise<Answer> {
    checkAlias(alias);
    const response = await this.#ask((route, context) => route.history(alias, period, context), this.#context(options));
    const read = readHistory(response.body.data, period, response.receivedAt);
    return { period, ...this.#answer("history", alias, response, read) };
  }

  /** Meter readings: of now, or the last ones of the day in which `time` lies (cloud only). `time` as in {@link period}. */
  async totals(alias: string, time: unknown = Date.now(), options?: RequestOptions): Promise<Answer> {
    checkAlias(alias);
    const day = this.period("day", time);
    const response = await this.#ask((route, context) => route.totals(alias, day, context), this.#context(options));
    return { ...this.#answer("totals", alias, response, readReadings(response.body.data)), period: day };
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
    return this.periodsThrough(this.period(unit, from), this.period(unit, to));
  }

  /**
   * All periods from `first` to `last`, which are of the same unit, at most 4000.
   * @throws CemmError `CEMM_INPUT`
   */
  periodsThrough(first: Period, last: Period): Period[] {
    return periodsBetween(first, last);
  }

  /**
   * The same access to another CEMM: a uid, or on the LAN a host. It ends with this client.
   * @throws CemmError `CEMM_INPUT`
   */
  at(target: string): CemmClient {
    if (this.#isTarget(target)) return this;
    const client = this.#targets.get(target) ?? this.#open(target);
    // Asked for last, so forgotten last.
    this.#targets.delete(target);
    this.#targets.set(target, client);
    const [oldest] = this.#targets.keys();
    if (oldest !== undefined && this.#targets.size > MAX_TARGETS) this.#targets.delete(oldest);
    return client;
  }

  #open(target: string): CemmClient {
    const client = new CemmClient({ ...this.#options, name: target, ...targetOptions(target, this.#options) });
    client.#closingSignals = [...client.#closingSignals, ...this.#closingSignals];
    return client;
  }

  #isTarget(target: string): boolean {
    const { uid } = this.#options;
    return uid !== undefined && (target === uid || (parseUid(uid) ?? "") === parseUid(target));
  }

  /** Ends every request at once, those of {@link at} too. An account stays open: it may be shared. */
  close(): void {
    this.#closing.abort(new CemmError("CEMM_UNREACHABLE", `${nameOf(this.#options)} was closed.`));
  }

  #context({ signal, onPromise }: RequestOptions = {}): RequestContext {
    const signals = signal ? [...this.#closingSignals, signal] : this.#closingSignals;
    return { deadline: new Deadline(this.#timeout), signals, onPromise };
  }

  #answer(
    kind: Kind,
    alias: string,
    response: RouteResponse<{ io_id?: number | null | undefined }>,
    read: ReadChannels,
  ): Answer {
    const { source, uid, host, requestedAt, receivedAt, raw, body } = response;
    if (!read.usable) {
      throw new CemmError(
        "CEMM_BAD_RESPONSE",
        `${nameOf(this.#options)} (${host ?? uid}) sent no usable channel for "${alias}". Check that this meter is connected and activated.`,
      );
    }
    const { channels, unusable } = read;
    const ioId = body.io_id ?? null;
    return { kind, source, uid, alias, ioId, requestedAt, receivedAt, channels, unusable, raw, ...(host && { host }) };
  }
}

function nameOf({ name, host, uid }: CemmClientOptions): string {
  return name || host || uid || "CEMM";
}

function checkTimeout(seconds: number): number {
  if (seconds >= 0.1 && seconds <= 3600) return seconds * 1000;
  throw new CemmError("CEMM_CONFIG", `The timeout must lie between 0.1 and 3600 seconds, not ${seconds}.`);
}

/** @throws CemmError `CEMM_INPUT` */
export function checkAlias(alias: unknown): asserts alias is string {
  if (typeof alias === "string" && isAlias(alias)) return;
  throw new CemmError(
    "CEMM_INPUT",
    `${describeValue(alias)} is not an alias; use lower case letters, digits and dashes, such as p1, p1-gas or mb5.`,
  );
}

/** Asks a question by the route or routes that the options name. */
type Ask = <T>(question: Question<T>, context: RequestContext) => Promise<T>;

function routing(options: CemmClientOptions, closing: AbortSignal): Ask {
  const { access = "lan", host, account, discovery, log = () => {} } = options;
  const name = nameOf(options);
  const uid = options.uid ? checkUid(options.uid, name) : undefined;
  const lan = access === "cloud" ? undefined : new LanRoute({ name, host, uid, discovery, log });
  if (access === "lan" && lan) return by(lan);
  if (!account) throw new CemmError("CEMM_CONFIG", `${name}: access through the cloud needs an account. Choose one.`);
  const cloud = new CloudRoute(account, name, uid);
  if (!lan) return by(cloud);
  const failover = new FailoverRoute(lan, cloud, { name, log, closing });
  return (question, context) => failover.ask(question, context);
}

function by(route: Route): Ask {
  return (question, context) => question(route, context);
}

function checkUid(text: string, name: string): string {
  const uid = parseUid(text);
  if (uid) return uid;
  throw new CemmError(
    "CEMM_CONFIG",
    `${name}: ${describeValue(text)} is not a MAC address; use one such as 00-1E-C0-85-96-CC.`,
  );
}

function targetOptions(target: string, { access = "lan" }: CemmClientOptions): Partial<CemmClientOptions> {
  const uid = parseUid(target);
  if (uid) return { uid, host: "" };
  // A host is asked on the LAN only: the cloud would not know which CEMM is meant.
  if (access !== "cloud" && parseHost(target) !== undefined) return { access: "lan", host: target, uid: "" };
  const allowed = access === "cloud" ? "a uid such as 00-1E-C0-85-96-CC" : "a uid, or a host such as 192.168.1.10";
  throw new CemmError("CEMM_INPUT", `${describeValue(target)} is not a CEMM; its target must be ${allowed}.`);
}
