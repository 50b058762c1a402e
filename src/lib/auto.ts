/** The LAN first; the cloud while the LAN fails; back to the LAN once it answers. */
import type { CemmInfo, Meter } from "./answer.js";
import type { Ask } from "./api.js";
import type { Period } from "./calendar.js";
import type { CloudRoute } from "./cloud.js";
import { CemmError } from "./errors.js";
import type { LanRoute } from "./lan.js";
import type { Reply, Route } from "./route.js";
import type { History, Readings } from "./schemas.js";

/** Of the whole time, what the LAN may take before the cloud is asked. */
const LAN_SHARE = 0.5;
/** While the LAN is down, how long it gets to show that it is back, in ms. */
const PROBE = 1_000;

/** What the cloud would answer no better. */
const FINAL = ["CEMM_INPUT", "CEMM_CONFIG", "CEMM_ALIAS_UNSUPPORTED"];

export class AutoRoute implements Route {
  #down = false;

  constructor(
    private readonly lan: LanRoute,
    private readonly cloud: CloudRoute,
  ) {}

  info(ask: Ask): Promise<CemmInfo> {
    return this.lan.info(ask);
  }

  meters(ask: Ask): Promise<Meter[]> {
    return this.#first((route, ask) => route.meters(ask), ask);
  }

  meter(alias: string, ask: Ask): Promise<Meter> {
    return this.#first((route, ask) => route.meter(alias, ask), ask);
  }

  realtime(alias: string, ask: Ask): Promise<Reply<Readings>> {
    return this.#first((route, ask) => route.realtime(alias, ask), ask);
  }

  history(alias: string, period: Period, ask: Ask): Promise<Reply<History>> {
    return this.#first((route, ask) => route.history(alias, period, ask), ask);
  }

  totals(alias: string, day: Period, ask: Ask): Promise<Reply<Readings>> {
    return this.#first((route, ask) => route.totals(alias, day, ask), ask);
  }

  async #first<T>(question: (route: Route, ask: Ask) => Promise<T>, ask: Ask): Promise<T> {
    try {
      return await this.#overLan(question, ask);
    } catch (error) {
      if (ask.signals.some(({ aborted }) => aborted) || !(error instanceof CemmError) || FINAL.includes(error.code))
        throw error;
      this.#down = error.code !== "CEMM_NOT_SUPPORTED";
      return await question(this.cloud, ask);
    }
  }

  async #overLan<T>(question: (route: Route, ask: Ask) => Promise<T>, ask: Ask): Promise<T> {
    const part = { ...ask, deadline: ask.deadline.atMost(ask.deadline.timeout * LAN_SHARE) };
    if (this.#down) await this.lan.info({ ...part, deadline: part.deadline.atMost(PROBE) });
    const answer = await question(this.lan, part);
    this.#down = false;
    return answer;
  }
}
