/** The way through the cloud's Open API. */
import type { z } from "zod";
import type { CemmAccount } from "../account.js";
import type { CemmInfo, Meter } from "../data/answer.js";
import type { Period } from "../data/calendar.js";
import { History, IoList, Readings } from "../data/schemas.js";
import { CemmError } from "../errors.js";
import type { Ask } from "../transport/transport.js";
import { epochSeconds, noSuchMeter, type Reply, type Route, toMeter } from "./route.js";

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

  /** The CEMM that is meant, learnt on another way. */
  meant(uid: string): void {
    this.#uid ??= uid;
  }

  async info(): Promise<CemmInfo> {
    throw new CemmError(
      "CEMM_NOT_SUPPORTED",
      `${this.#name}: the cloud does not tell a CEMM's name and firmware; only the LAN does.`,
    );
  }

  async meters(ask: Ask): Promise<Meter[]> {
    const { body } = await this.#get("io/", IoList, {}, ask);
    return body.data.map(toMeter);
  }

  async meter(alias: string, ask: Ask): Promise<Meter> {
    const { body, peer } = await this.#get(`${alias}/`, IoList, {}, ask);
    const [io] = body.data;
    if (!io) throw noSuchMeter(peer, alias);
    return { ...toMeter(io), alias };
  }

  realtime(alias: string, ask: Ask): Promise<Reply<Readings>> {
    return this.#get(`${alias}/realtime/`, Readings, {}, ask);
  }

  history(alias: string, period: Period, ask: Ask): Promise<Reply<History>> {
    return this.#get(`${alias}/data/${period.unit}/`, History, { time: epochSeconds(period) }, ask);
  }

  totals(alias: string, day: Period, ask: Ask): Promise<Reply<Readings>> {
    return this.#get(`${alias}/totals/`, Readings, { time: epochSeconds(day) }, ask);
  }

  async #get<S extends z.ZodType>(
    path: string,
    schema: S,
    query: { time?: string },
    ask: Ask,
  ): Promise<Reply<z.output<S>> & { peer: string }> {
    this.#uid ??= await this.#onlyCemm(ask);
    const peer = `${this.#name} (${this.#uid} at ${this.#account.host})`;
    const parsed = await this.#account.get(`cemm/${encodeURIComponent(this.#uid)}/${path}`, schema, peer, query, ask);
    // What is spread comes last: first, it costs Node 20 many times as much.
    return { source: "cloud", uid: this.#uid, peer, ...parsed };
  }

  async #onlyCemm(ask: Ask): Promise<string> {
    const [uid, ...others] = await this.#account.uids(ask);
    if (uid !== undefined && others.length === 0) return uid;
    const found = uid === undefined ? "has no CEMM" : `has several CEMMs: ${[uid, ...others].join(", ")}`;
    throw new CemmError("CEMM_CONFIG", `${this.#name}: the account ${found}. Enter the uid of the one you mean.`);
  }
}
