/** The route over the local network, to the CEMM's own web server. */
import type { z } from "zod";
import type { CemmInfo, Meter } from "../data/answer.js";
import type { Period } from "../data/calendar.js";
import { countersOf } from "../data/channels.js";
import { type CounterStand, counterStand, isSameMeter } from "../data/continuity.js";
import { DeviceInfo, History, IoList, Readings } from "../data/schemas.js";
import { CemmError, policyOf } from "../errors.js";
import type { RequestContext } from "../transport/single-flight.js";
import { addressAt, type Location, lanTransport } from "./lan-api.js";
import { LanLocator, type LanRouteOptions } from "./lan-locator.js";
import { epochSeconds, noSuchMeter, type Route, type RouteResponse, toMeter } from "./route.js";

type LanResponse<T> = RouteResponse<T> & { host: string };

/** Of the whole time, what an address may take that may have become another's: then there is time to find the CEMM. */
const FIRST_SHARE = 0.25;

/** Whether an answer must come from the same CEMM as the ones before it, judged by what it holds. */
type IsContinued<T> = (body: T) => boolean;
const never = () => false;

export class LanRoute implements Route {
  readonly #locator: LanLocator;
  /** Of each alias, as it was handed on last. */
  readonly #counters = new Map<string, CounterStand>();

  /** @throws CemmError `CEMM_CONFIG` where the host is not an address. */
  constructor(options: LanRouteOptions) {
    this.#locator = new LanLocator(options);
  }

  /** Of the CEMM that answered last. */
  get uid(): string | null {
    return this.#locator.known?.uid ?? null;
  }

  /** Whether a CEMM, the wanted one where a uid is set, has confirmed who it is since the last error. */
  get isUp(): boolean {
    return this.#locator.isConfirmedCemm;
  }

  async info(context: RequestContext): Promise<CemmInfo> {
    const { body, uid, host } = await this.#get("", DeviceInfo, context, never);
    const { name, type, version, core } = body.data;
    return { uid, host, name: name ?? null, type: type ?? null, firmware: version ?? null, core: core ?? null };
  }

  async meters(context: RequestContext): Promise<Meter[]> {
    const { body } = await this.#get("io/", IoList, context, never);
    return body.data.map(toMeter);
  }

  async meter(alias: string, context: RequestContext): Promise<Meter> {
    const meter = (await this.meters(context)).find((meter) => meter.alias === alias);
    if (!meter) throw noSuchMeter(this.#locator.peer(), alias);
    return meter;
  }

  async realtime(alias: string, context: RequestContext): Promise<LanResponse<Readings>> {
    const before = this.#counters.get(alias);
    const isContinued = (body: Readings) => before !== undefined && isSameMeter(before, counterStand(body));
    const response = await this.#getOfAlias(alias, "realtime/", Readings, context, isContinued);
    this.#counters.set(alias, counterStand(response.body));
    return response;
  }

  history(alias: string, period: Period, context: RequestContext): Promise<LanResponse<History>> {
    const path = `data/${period.unit}/?time=${epochSeconds(period)}`;
    return this.#getOfAlias(alias, path, History, context, never);
  }

  async totals(alias: string, day: Period, context: RequestContext): Promise<LanResponse<Readings>> {
    if (day.end <= Date.now() || day.start > Date.now()) {
      throw new CemmError(
        "CEMM_NOT_SUPPORTED",
        `${this.#locator.peer()}: on the LAN a CEMM tells its readings of now only. Ask the cloud for those of another day.`,
      );
    }
    const response = await this.realtime(alias, context);
    const { totals = {}, data: live } = response.body;
    const data = Object.keys(totals).length > 0 ? totals : countersOf(live);
    if (Object.keys(data).length > 0) return { ...response, body: { ...response.body, data } };
    throw new CemmError(
      "CEMM_NOT_SUPPORTED",
      `${this.#locator.peer()}: the meter "${alias}" tells no readings on the LAN. Ask the cloud for them.`,
    );
  }

  async #getOfAlias<S extends z.ZodType>(
    alias: string,
    path: string,
    schema: S,
    context: RequestContext,
    isContinued: IsContinued<z.output<S>>,
  ): Promise<LanResponse<z.output<S>>> {
    try {
      return await this.#get(`${alias}/${path}`, schema, context, isContinued);
    } catch (error) {
      // A 404 says something of the meter only where the CEMM has confirmed, after it, that it is the one.
      const isFromCemm = isNotFound(error) && this.#locator.isConfirmedCemm;
      throw isFromCemm ? noSuchMeter(this.#locator.peer(), alias, 404) : error;
    }
  }

  /** The answer at `path`, from the CEMM that is wanted, wherever it is now. */
  async #get<S extends z.ZodType>(
    path: string,
    schema: S,
    context: RequestContext,
    isContinued: IsContinued<z.output<S>>,
  ): Promise<LanResponse<z.output<S>>> {
    const start = this.#locator.known ?? (await this.#locator.confirm(context));
    const { response, location } = await this.#getOrFollow(start, path, schema, context);
    const isProven = !this.#locator.wantsUid || isContinued(response.body);
    // Another question may have found out who is there while this one was answered.
    const isConfirmed = isProven && this.#locator.isConfirmed(location);
    const confirmed = (isConfirmed && this.#locator.known) || (await this.#locator.confirm(context));
    if (confirmed.host === location.host) return identified(response, confirmed);
    // Asked, and confirmed, where it is now. It ends: between two moves lies a pause.
    return this.#get(path, schema, context, isContinued);
  }

  /** Asks at `start`; where that may not be the CEMM any more, finds out, and asks where it is. */
  async #getOrFollow<S extends z.ZodType>(
    start: Location,
    path: string,
    schema: S,
    context: RequestContext,
  ): Promise<{ response: LanResponse<z.output<S>>; location: Location }> {
    const { moved, canSearch } = this.#locator;
    const deadline = canSearch ? context.deadline.part(context.deadline.timeout * FIRST_SHARE) : context.deadline;
    const first = { ...context, deadline, signals: [...context.signals, moved] };
    try {
      return { response: await this.#getAt(start, path, schema, first), location: start };
    } catch (error) {
      this.#locator.doubt();
      const isOver = context.deadline.expired || context.signals.some(({ aborted }) => aborted);
      if (isOver || !(moved.aborted || policyOf(error)?.moved)) throw error;
      const location = await this.#whereNow(start, error, context);
      // Silent, but not elsewhere: it may need more time than its first share.
      const isSlow = canSearch && isSilence(error);
      if (location.host === start.host && !isSlow) throw error;
      return { response: await this.#getAt(location, path, schema, context), location };
    }
  }

  /** Where the CEMM is after `error`. Who answers is asked; for who is silent or gone the network is searched. */
  async #whereNow(start: Location, error: unknown, context: RequestContext): Promise<Location> {
    if (!isAnswer(error)) return (await this.#locator.elsewhere(start, context)) ?? start;
    try {
      return await this.#locator.confirm(context);
    } catch (reason) {
      // Who is there says more than what it answered; that it does not answer now says less.
      throw policyOf(reason)?.range === "refused" ? reason : error;
    }
  }

  async #getAt<S extends z.ZodType>(
    { host, uid }: Location,
    path: string,
    schema: S,
    context: RequestContext,
  ): Promise<LanResponse<z.output<S>>> {
    const parsed = await lanTransport.get(addressAt(host, path), schema, this.#locator.peer(host), context);
    // What is spread comes last: first, it costs Node 20 many times as much.
    return { source: "lan", uid, host, ...parsed };
  }
}

function identified<T>(response: LanResponse<T>, { uid }: Location): LanResponse<T> {
  return response.uid === uid ? response : { ...response, uid };
}

/** Somebody is there, and said so, if only that it timed out itself. */
function isAnswer(error: unknown): boolean {
  return error instanceof CemmError && error.code !== "CEMM_UNREACHABLE" && !isSilence(error);
}

function isSilence(error: unknown): boolean {
  return error instanceof CemmError && error.code === "CEMM_TIMEOUT" && error.statusCode === undefined;
}

function isNotFound(error: unknown): boolean {
  return error instanceof CemmError && error.statusCode === 404;
}
