/** The LAN first; the cloud while the LAN fails; back to the LAN once it answers. */
import { setTimeout as delay } from "node:timers/promises";
import type { CemmInfo, Meter } from "../data/answer.js";
import type { Period } from "../data/calendar.js";
import type { History, Readings } from "../data/schemas.js";
import { CemmError } from "../errors.js";
import { Deadline } from "../transport/deadline.js";
import type { Ask } from "../transport/transport.js";
import type { CloudRoute } from "./cloud.js";
import type { LanRoute } from "./lan.js";
import type { Reply, Route } from "./route.js";

/** Of the whole time, what the LAN may take before the cloud is asked. */
const LAN_SHARE = 0.5;
/** While the LAN is down: how long it may take to show that it is back, and how long a question waits for that, in ms. */
const PROBE = 5_000;
const PROBE_WAIT = 500;

/** What the cloud would answer no better. */
const FINAL = ["CEMM_INPUT", "CEMM_CONFIG", "CEMM_ALIAS_UNSUPPORTED"];

export class AutoRoute implements Route {
  #down = false;
  #probe: Promise<boolean> | undefined;

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
    if (this.#down && !(await this.#isBack(ask))) return question(this.cloud, ask);
    try {
      return await this.#overLan(question, ask);
    } catch (error) {
      const isFinal = !(error instanceof CemmError) || FINAL.includes(error.code);
      if (isFinal || ask.signals.some(({ aborted }) => aborted)) throw error;
      this.#down = error.code !== "CEMM_NOT_SUPPORTED";
      return question(this.cloud, ask);
    }
  }

  async #overLan<T>(question: (route: Route, ask: Ask) => Promise<T>, ask: Ask): Promise<T> {
    const deadline = ask.deadline.atMost(ask.deadline.timeout * LAN_SHARE);
    const answer = await question(this.lan, { ...ask, deadline });
    // The stand-in must mean the same CEMM.
    if (this.lan.uid) this.cloud.meant(this.lan.uid);
    return answer;
  }

  /** Whether the LAN answers again. Looks for longer than a question waits for it: a slow CEMM is seen the next time. */
  #isBack({ signals }: Ask): Promise<boolean> {
    this.#probe ??= this.lan
      .info({ deadline: new Deadline(PROBE), signals })
      .then(
        () => {
          this.#down = false;
          return true;
        },
        () => false,
      )
      .finally(() => {
        this.#probe = undefined;
      });
    return Promise.race([this.#probe, delay(PROBE_WAIT, false, { ref: false })]);
  }
}
