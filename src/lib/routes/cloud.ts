/** The route through the cloud's Open API. */
import type { z } from "zod";
import type { CemmAccount } from "../account.js";
import type { CemmInfo, Meter } from "../data/answer.js";
import type { Period } from "../data/calendar.js";
import { History, IoList, Readings } from "../data/schemas.js";
import { CemmError } from "../errors.js";
import type { RequestContext } from "../transport/single-flight.js";
import { epochSeconds, noSuchMeter, type Route, type RouteResponse, toMeter } from "./route.js";

export class CloudRoute implements Route {
  readonly #account: CemmAccount;
  readonly #name: string;
  #uid: string | undefined;

  /** Without a `uid`: the account's only CEMM. */
  constructor(account: CemmAccount, name: string, uid: string | undefined) {
    this.#account = account;
    this.#name = name;
    this.#uid = uid;
  }

  /** The LAN has named the CEMM that is wanted. */
  useUid(uid: string): void {
    this.#uid ??= uid;
  }

  async info(): Promise<CemmInfo> {
    throw new CemmError(
      "CEMM_NOT_SUPPORTED",
      `${this.#name}: the cloud does not tell a CEMM's name and firmware; only the LAN does.`,
    );
  }

  async meters(context: RequestContext): Promise<Meter[]> {
    const { body } = await this.#get("io/", IoList, {}, context);
    return body.data.map(toMeter);
  }

  async meter(alias: string, context: RequestContext): Promise<Meter> {
    const { body, peer } = await this.#get(`${alias}/`, IoList, {}, context);
    const [io] = body.data;
    if (!io) throw noSuchMeter(peer, alias);
    return { ...toMeter(io), alias };
  }

  realtime(alias: string, context: RequestContext): Promise<RouteResponse<Readings>> {
    return this.#get(`${alias}/realtime/`, Readings, {}, context);
  }

  history(alias: string, period: Period, context: RequestContext): Promise<RouteResponse<History>> {
    return this.#get(`${alias}/data/${period.unit}/`, History, { time: epochSeconds(period) }, context);
  }

  totals(alias: string, day: Period, context: RequestContext): Promise<RouteResponse<Readings>> {
    return this.#get(`${alias}/totals/`, Readings, { time: epochSeconds(day) }, context);
  }

  async #get<S extends z.ZodType>(
    path: string,
    schema: S,
    query: { time?: string },
    context: RequestContext,
  ): Promise<RouteResponse<z.output<S>> & { peer: string }> {
    this.#uid ??= await this.#onlyCemm(context);
    const peer = `${this.#name} (${this.#uid} at ${this.#account.host})`;
    const url = `cemm/${encodeURIComponent(this.#uid)}/${path}`;
    const { raw, body, requestedAt, receivedAt } = await this.#account.get(url, schema, peer, query, context);
    // Written out: what is spread costs as much as the rest of this.
    return { source: "cloud", uid: this.#uid, peer, raw, body, requestedAt, receivedAt };
  }

  async #onlyCemm(context: RequestContext): Promise<string> {
    const [uid, ...others] = await this.#account.uids(context);
    if (uid !== undefined && others.length === 0) return uid;
    const found = uid === undefined ? "has no CEMM" : `has several CEMMs: ${[uid, ...others].join(", ")}`;
    throw new CemmError(
      "CEMM_CONFIG",
      `${this.#name}: the account ${found}. Enter the MAC address of the one you mean.`,
    );
  }
}
