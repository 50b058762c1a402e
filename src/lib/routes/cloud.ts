import type { z } from "zod";
import type { CemmAccount } from "../account.js";
import type { CemmInfo, Meter } from "../data/answer.js";
import type { Period } from "../data/calendar.js";
import { History, IoList, Readings } from "../data/schemas.js";
import { configError, problem } from "../errors.js";
import { parse } from "../transport/request.js";
import type { RequestContext } from "../transport/single-flight.js";
import { epochSeconds, noSuchMeter, type Route, type RouteResponse, toMeter } from "./route.js";

export class CloudRoute implements Route {
  #uid: string | undefined;

  /** `wanted`: the uid to ask for; undefined: the account's only CEMM. */
  constructor(
    private readonly account: CemmAccount,
    private readonly name: string,
    private readonly wanted: string | undefined,
  ) {
    this.#uid = wanted;
  }

  /** Called once the LAN has identified the CEMM. */
  useUid(uid: string): void {
    this.#uid = this.wanted ?? uid;
  }

  async info(): Promise<CemmInfo> {
    throw problem(`${this.name}: the cloud`, "noInfo");
  }

  async meters(context: RequestContext): Promise<Meter[]> {
    const { body } = await this.#get("io/", IoList, "", context);
    return body.data.map(toMeter);
  }

  async meter(alias: string, context: RequestContext): Promise<Meter> {
    const { body } = await this.#get(`${alias}/`, IoList, "", context);
    const [io] = body.data;
    if (!io) throw noSuchMeter(this.#label, alias, []);
    return { ...toMeter(io), alias };
  }

  realtime(alias: string, context: RequestContext): Promise<RouteResponse<Readings>> {
    return this.#get(`${alias}/realtime/`, Readings, "", context);
  }

  history(alias: string, period: Period, context: RequestContext): Promise<RouteResponse<History>> {
    return this.#get(`${alias}/data/${period.unit}/`, History, epochSeconds(period), context);
  }

  totals(alias: string, day: Period, context: RequestContext): Promise<RouteResponse<Readings>> {
    return this.#get(`${alias}/totals/`, Readings, epochSeconds(day), context);
  }

  get #label(): string {
    return `${this.name} (${this.#uid} at ${this.account.host})`;
  }

  async #get<S extends z.ZodType>(
    path: string,
    schema: S,
    time: string,
    context: RequestContext,
  ): Promise<RouteResponse<z.output<S>>> {
    this.#uid ??= await this.#onlyCemm(context);
    const [uid, label] = [this.#uid, this.#label];
    const url = `cemm/${encodeURIComponent(uid)}/${path}`;
    const { raw, requestedAt, receivedAt } = await this.account.get(url, time, label, context);
    return { source: "cloud", uid, raw, body: parse(schema, raw, label), requestedAt, receivedAt };
  }

  async #onlyCemm(context: RequestContext): Promise<string> {
    const [uid, ...others] = await this.account.uids(context);
    if (uid !== undefined && others.length === 0) return uid;
    const found = uid === undefined ? "has no CEMM" : `has several CEMMs: ${[uid, ...others].join(", ")}`;
    throw configError(`${this.name}: the account ${found}. Enter the MAC address of the one you mean.`);
  }
}
