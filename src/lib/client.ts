/** One method for each question to a CEMM, the same over the LAN, through the cloud, or whichever of the two answers. */
import { setMaxListeners } from "node:events";
import type { CemmAccount } from "./account.js";
import { isHost, parseUid } from "./address.js";
import type { Answer, CemmInfo, Kind, Meter } from "./data/answer.js";
import { checkTimezone, type Period, type PeriodUnit, parseTime, periodAt, periodsBetween } from "./data/calendar.js";
import { type ReadChannels, readHistory, readReadings } from "./data/channels.js";
import type { DiscoverOptions } from "./discovery.js";
import { CemmError } from "./errors.js";
import { CloudRoute } from "./routes/cloud.js";
import { AutoRoute } from "./routes/failover.js";
import { LanRoute } from "./routes/lan.js";
import type { Reply, Route } from "./routes/route.js";
import { Deadline } from "./transport/deadline.js";
import type { Ask } from "./transport/transport.js";

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

export interface AskOptions {
  /** Ends the request; the method then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Told when the cloud has promised the answer: the CEMM has to be asked first. */
  onPromise?: (() => void) | undefined;
}

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
  readonly #route: Route;
  readonly #timeout: number;
  readonly #closing = new AbortController();
  readonly #others = new Map<string, CemmClient>();

  /** @throws CemmError `CEMM_CONFIG` where an option is missing or cannot be used. */
  constructor(options: CemmClientOptions) {
    this.#options = options;
    this.timezone = checkTimezone(options.timezone || "Europe/Amsterdam");
    this.#timeout = checkTimeout(options.timeout ?? 30);
    this.#route = routeFor(options);
    setMaxListeners(0, this.#closing.signal);
  }

  /** Name, firmware and MAC address. LAN only. */
  info(options?: AskOptions): Promise<CemmInfo> {
    return this.#ask(options, (ask) => this.#route.info(ask));
  }

  /** All activated meters, sensors and outputs. */
  meters(options?: AskOptions): Promise<Meter[]> {
    return this.#ask(options, (ask) => this.#route.meters(ask));
  }

  /** The meter behind an alias. */
  async meter(alias: string, options?: AskOptions): Promise<Meter> {
    checkAlias(alias);
    return this.#ask(options, (ask) => this.#route.meter(alias, ask));
  }

  /** The uids of the account's CEMMs, sorted. Needs an account. */
  async cemms(options?: AskOptions): Promise<string[]> {
    const { account } = this.#options;
    if (!account)
      throw new CemmError(
        "CEMM_NOT_SUPPORTED",
        `${nameOf(this.#options)}: only the cloud knows an account's CEMMs. Choose an account.`,
      );
    return this.#ask(options, (ask) => account.uids(ask));
  }

  /** Live values: one sample for each channel. */
  async realtime(alias: string, options?: AskOptions): Promise<Answer> {
    checkAlias(alias);
    const reply = await this.#ask(options, (ask) => this.#route.realtime(alias, ask));
    return this.#answer("realtime", alias, reply, readReadings(reply.body.data));
  }

  /** The samples of one period, of {@link period} or {@link periods}. */
  async history(alias: string, period: Period, options?: AskOptions): Promise<Answer> {
    checkAlias(alias);
    const reply = await this.#ask(options, (ask) => this.#route.history(alias, period, ask));
    const read = readHistory(reply.body.data, period, reply.receivedAt);
    return { period, ...this.#answer("history", alias, reply, read) };
  }

  /** Meter readings: of now, or the last ones of the day in which `time` lies (cloud only). `time` as in {@link period}. */
  async totals(alias: string, time: unknown = Date.now(), options?: AskOptions): Promise<Answer> {
    checkAlias(alias);
    const day = this.period("day", time);
    const reply = await this.#ask(options, (ask) => this.#route.totals(alias, day, ask));
    return { ...this.#answer("totals", alias, reply, readReadings(reply.body.data)), period: day };
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
    return periodsBetween(unit, parseTime(from, this.timezone), parseTime(to, this.timezone), this.timezone);
  }

  /**
   * The same access to another CEMM: a uid, or on the LAN a host.
   * @throws CemmError `CEMM_INPUT`
   */
  at(target: string): CemmClient {
    const known = this.#others.get(target);
    if (known) return known;
    if (this.#isMeantBy(target)) return this;
    const other = new CemmClient({ ...this.#options, name: target, ...targetOptions(target, this.#options) });
    if (this.#closing.signal.aborted) other.close();
    if (this.#others.size >= MAX_TARGETS) this.#others.clear();
    this.#others.set(target, other);
    return other;
  }

  #isMeantBy(target: string): boolean {
    const { uid } = this.#options;
    return uid !== undefined && (target === uid || (parseUid(uid) ?? "") === parseUid(target));
  }

  /** Ends every request at once. An account stays open: it may be shared. */
  close(): void {
    this.#closing.abort(new CemmError("CEMM_UNREACHABLE", `${nameOf(this.#options)} was closed.`));
    for (const other of this.#others.values()) other.close();
  }

  #ask<T>({ signal, onPromise }: AskOptions = {}, question: (ask: Ask) => Promise<T>): Promise<T> {
    const signals = signal ? [this.#closing.signal, signal] : [this.#closing.signal];
    // A signal may end more than ten requests; Node would suspect a leak.
    if (signal) setMaxListeners(0, signal);
    return question({ deadline: new Deadline(this.#timeout), signals, onPromise });
  }

  #answer(kind: Kind, alias: string, reply: Reply<{ io_id?: number | null | undefined }>, read: ReadChannels): Answer {
    const { source, uid, host, requestedAt, receivedAt, raw, body } = reply;
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

/** Aliases are an open set: CEMMs have more than the pages list. */
export function checkAlias(alias: unknown): asserts alias is string {
  if (typeof alias === "string" && /^[a-z0-9-]{1,64}$/.test(alias)) return;
  const what = typeof alias === "string" ? `"${alias.slice(0, 40)}"` : `A value of type ${typeof alias}`;
  throw new CemmError(
    "CEMM_INPUT",
    `${what} is not an alias; use lower case letters, digits and dashes, such as p1, p1-gas or mb5.`,
  );
}

function routeFor(options: CemmClientOptions): Route {
  const { access = "lan", host, account, discovery, log } = options;
  const name = nameOf(options);
  const uid = options.uid ? checkUid(options.uid, name) : undefined;
  if (access === "lan") return new LanRoute({ name, host, uid, discovery, log });
  if (!account) throw new CemmError("CEMM_CONFIG", `${name}: access through the cloud needs an account. Choose one.`);
  const cloud = new CloudRoute(account, name, uid);
  if (access === "cloud") return cloud;
  return new AutoRoute(new LanRoute({ name, host, uid, discovery, log }), cloud);
}

function checkUid(text: string, name: string): string {
  const uid = parseUid(text);
  if (uid) return uid;
  throw new CemmError("CEMM_CONFIG", `${name}: "${text}" is not a MAC address; use one such as 00-1E-C0-85-96-CC.`);
}

function targetOptions(target: string, { access = "lan" }: CemmClientOptions): Partial<CemmClientOptions> {
  const uid = parseUid(target);
  if (uid) return { uid, host: "" };
  // A host is asked on the LAN only: the cloud would not know which CEMM is meant.
  if (access !== "cloud" && isHost(target)) return { access: "lan", host: target, uid: "" };
  const allowed = access === "cloud" ? "a uid such as 00-1E-C0-85-96-CC" : "a uid, or a host such as 192.168.1.10";
  throw new CemmError("CEMM_INPUT", `"${target}" is not a CEMM; its target must be ${allowed}.`);
}
