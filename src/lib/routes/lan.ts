/** The route over the local network, to the CEMM's own web server. */
import type { z } from "zod";
import type { CemmInfo, Meter } from "../data/answer.js";
import type { Period } from "../data/calendar.js";
import { countersOf } from "../data/channels.js";
import { type CounterStand, counterStand, isSameMeter } from "../data/counters.js";
import { LIMITS } from "../data/limits-table.js";
import { DeviceInfo, History, IoList, Readings } from "../data/schemas.js";
import { CemmError, problem } from "../errors.js";
import { parse } from "../transport/request.js";
import type { RequestContext } from "../transport/single-flight.js";
import { LanLocator, type LanRouteOptions } from "./lan-locator.js";
import { LAN_API, type Location, lanApi } from "./lan-search.js";
import { epochSeconds, noSuchMeter, type Route, type RouteResponse, toMeter } from "./route.js";

type LanResponse<T> = RouteResponse<T> & { host: string };

interface GetOptions<T> {
  /** Maximum size of the answer, in bytes. */
  maxBody?: number | undefined;
  /** Whether the data alone proves that an answer comes from the same CEMM as earlier ones. */
  isSame?: (body: T) => boolean;
}

export class LanRoute implements Route {
  readonly #locator: LanLocator;
  readonly #maxBody: number | undefined;
  /** The last answer passed on for each alias, if a uid is set. */
  readonly #counters = new Map<string, CounterStand>();

  constructor(options: LanRouteOptions & { maxBody?: number | undefined }) {
    this.#locator = new LanLocator(options);
    this.#maxBody = options.maxBody;
  }

  get uid(): string | null {
    return this.#locator.location?.uid ?? null;
  }

  /** Whether a CEMM (with a uid: the right one) was identified since the last error. */
  get isUp(): boolean {
    return this.#locator.isConfirmedCemm;
  }

  async info(context: RequestContext): Promise<CemmInfo> {
    const { body, uid, host } = await this.#get("", DeviceInfo, context, { maxBody: LIMITS.details.bytes });
    const { name, type, version, core } = body.data;
    return { uid, host, name: name ?? null, type: type ?? null, firmware: version ?? null, core: core ?? null };
  }

  async meters(context: RequestContext): Promise<Meter[]> {
    const { body } = await this.#get("io/", IoList, context, { maxBody: this.#maxBody });
    return body.data.map(toMeter);
  }

  async meter(alias: string, context: RequestContext): Promise<Meter> {
    const meters = await this.meters(context);
    const meter = meters.find((meter) => meter.alias === alias);
    if (!meter) throw noSuchMeter(this.#locator.label(), alias, meters);
    return meter;
  }

  async realtime(alias: string, context: RequestContext): Promise<LanResponse<Readings>> {
    const before = this.#counters.get(alias);
    const isSame = (body: Readings) => before !== undefined && isSameMeter(before, counterStand(body));
    const response = await this.#getOfMeter(alias, "realtime/", Readings, context, { isSame });
    if (this.#locator.uid) this.#counters.set(alias, counterStand(response.body));
    return response;
  }

  history(alias: string, period: Period, context: RequestContext): Promise<LanResponse<History>> {
    return this.#getOfMeter(alias, `data/${period.unit}/?time=${epochSeconds(period)}`, History, context);
  }

  async totals(alias: string, day: Period, context: RequestContext): Promise<LanResponse<Readings>> {
    if (day.end <= Date.now() || day.start > Date.now()) throw problem(this.#locator.label(), "pastReadings");
    const response = await this.realtime(alias, context);
    const { totals = {}, data: live } = response.body;
    const data = Object.keys(totals).length > 0 ? totals : countersOf(live);
    if (Object.keys(data).length > 0) return { ...response, body: { ...response.body, data } };
    throw problem(this.#locator.label(), "noReadings", alias);
  }

  async #getOfMeter<S extends z.ZodType>(
    alias: string,
    path: string,
    schema: S,
    context: RequestContext,
    options?: GetOptions<z.output<S>>,
  ): Promise<LanResponse<z.output<S>>> {
    try {
      return await this.#get(`${alias}/${path}`, schema, context, options);
    } catch (error) {
      // A 404 is about the meter only if the device was identified as the CEMM after it.
      const isNotFound = error instanceof CemmError && error.statusCode === 404;
      if (!isNotFound || !this.#locator.isConfirmedCemm) throw error;
      const meters = await this.meters(context).catch(() => []);
      throw noSuchMeter(this.#locator.label(), alias, meters, 404);
    }
  }

  /** The answer at `path`, from the right CEMM, at its current address. */
  async #get<S extends z.ZodType>(
    path: string,
    schema: S,
    context: RequestContext,
    { maxBody, isSame }: GetOptions<z.output<S>> = {},
  ): Promise<LanResponse<z.output<S>>> {
    const locator = this.#locator;
    let location = locator.location ?? (await locator.confirm(context));
    // This loop ends, since there is a pause between two moves.
    for (;;) {
      let response: LanResponse<z.output<S>>;
      try {
        response = await this.#getAt(location, path, schema, locator.at(location, context), maxBody);
      } catch (error) {
        // The CEMM may have another address now.
        location = await locator.follow(error, location, context);
        response = await this.#getAt(location, path, schema, context, maxBody);
      }
      const isProven = !locator.uid || isSame?.(response.body);
      // Another request may have identified the device meanwhile.
      const isConfirmed = isProven && locator.isConfirmed(response);
      location = (isConfirmed && locator.location) || (await locator.confirm(context));
      if (location.host === response.host) return Object.assign(response, { uid: location.uid });
    }
  }

  async #getAt<S extends z.ZodType>(
    { host, uid }: Location,
    path: string,
    schema: S,
    context: RequestContext,
    maxBody: number | undefined,
  ): Promise<LanResponse<z.output<S>>> {
    const label = this.#locator.label(host);
    const address = { origin: `http://${host}`, path: LAN_API + path };
    const { raw, requestedAt, receivedAt } = await lanApi.get(address, label, context, { maxBody });
    return { source: "lan", uid, host, raw, body: parse(schema, raw, label), requestedAt, receivedAt };
  }
}
