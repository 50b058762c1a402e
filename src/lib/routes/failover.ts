/** Failover from the LAN to the cloud, with a circuit breaker: the cloud is used while the LAN fails. */
import { setTimeout as delay } from "node:timers/promises";
import type { CemmInfo, Meter } from "../data/answer.js";
import type { Period } from "../data/calendar.js";
import type { History, Readings } from "../data/schemas.js";
import { CemmError, policyOf } from "../errors.js";
import { Deadline, type RequestContext } from "../transport/single-flight.js";
import type { CloudRoute } from "./cloud.js";
import type { LanRoute } from "./lan.js";
import type { Route, RouteResponse } from "./route.js";

/** One request to a route. */
type Question<T> = (route: Route, context: RequestContext) => Promise<T>;

/** Share of the time limit for the LAN before the cloud is asked. */
const LAN_SHARE = 0.5;
/** While the circuit is open: the interval of the probes of the LAN, and the time limit of one, in ms. */
const PROBE_INTERVAL = 10_000;
const PROBE_TIMEOUT = 5_000;
/** After this time without a request the probes stop, in ms. */
const IDLE = 120_000;

export interface FailoverOptions {
  name: string;
  log: (line: string) => void;
  /** Ends the probes. */
  closing: AbortSignal;
}

/**
 * Closed: the LAN is asked first. Open: the cloud is asked, while one probe at a time checks the LAN in the background.
 */
export class FailoverRoute implements Route {
  readonly #lan: LanRoute;
  readonly #cloud: CloudRoute;
  readonly #options: FailoverOptions;
  /** Aborts when it opens, with the LAN's error, so that requests stop waiting for the LAN. */
  #circuit = new AbortController();
  #isProbing = false;
  #askedAt = 0;

  constructor(lan: LanRoute, cloud: CloudRoute, options: FailoverOptions) {
    this.#lan = lan;
    this.#cloud = cloud;
    this.#options = options;
  }

  get #isOpen(): boolean {
    return this.#circuit.signal.aborted;
  }

  info(context: RequestContext): Promise<CemmInfo> {
    return this.#ask((route, context) => route.info(context), context);
  }

  meters(context: RequestContext): Promise<Meter[]> {
    return this.#ask((route, context) => route.meters(context), context);
  }

  meter(alias: string, context: RequestContext): Promise<Meter> {
    return this.#ask((route, context) => route.meter(alias, context), context);
  }

  realtime(alias: string, context: RequestContext): Promise<RouteResponse<Readings>> {
    return this.#ask((route, context) => route.realtime(alias, context), context);
  }

  history(alias: string, period: Period, context: RequestContext): Promise<RouteResponse<History>> {
    return this.#ask((route, context) => route.history(alias, period, context), context);
  }

  totals(alias: string, day: Period, context: RequestContext): Promise<RouteResponse<Readings>> {
    return this.#ask((route, context) => route.totals(alias, day, context), context);
  }

  /** Asks by whichever route answers. */
  async #ask<T>(question: Question<T>, context: RequestContext): Promise<T> {
    this.#askedAt = performance.now();
    if (this.#isOpen) {
      this.#probe();
      return this.#askCloud(question, context, () => question(this.#lan, context));
    }
    const { timeout } = context.deadline;
    const lanDeadline = new Deadline(timeout * LAN_SHARE);
    const signals = [...context.signals, this.#circuit.signal];
    try {
      return await question(this.#lan, { ...context, deadline: lanDeadline, signals });
    } catch (error) {
      if (!policyOf(error)?.otherRoute || context.signals.some(({ aborted }) => aborted)) throw error;
      this.#open(error);
      const deadline = new Deadline(timeout - lanDeadline.timeout + lanDeadline.answerTime);
      // A request that only the LAN can answer fails with the LAN's error.
      return this.#askCloud(question, { ...context, deadline }, () => Promise.reject(error));
    }
  }

  async #askCloud<T>(question: Question<T>, context: RequestContext, otherwise: () => Promise<T>): Promise<T> {
    // The cloud must be asked for the same CEMM, even after it was replaced.
    if (this.#lan.uid) this.#cloud.useUid(this.#lan.uid);
    try {
      return await question(this.#cloud, context);
    } catch (error) {
      if (error instanceof CemmError && error.code === "CEMM_NOT_SUPPORTED") return otherwise();
      throw error;
    }
  }

  #open(error: unknown): void {
    // If the CEMM still identifies itself, only this request failed.
    if (this.#isOpen || this.#lan.isUp || !policyOf(error)?.lanDown) return;
    this.#circuit.abort(error);
    const reason = error instanceof Error ? error.message : "";
    this.#options.log(`${this.#options.name}: the LAN fails, so the cloud is asked until it is back. ${reason}`);
  }

  #probe(): void {
    if (this.#isProbing) return;
    this.#isProbing = true;
    // Not awaited: it stops on its own, or with the client.
    this.#probeUntilBack()
      .catch(() => {})
      .finally(() => {
        this.#isProbing = false;
      });
  }

  async #probeUntilBack(): Promise<void> {
    const { closing, name, log } = this.#options;
    while (this.#isOpen && performance.now() - this.#askedAt < IDLE) {
      if (await this.#isBack()) {
        this.#circuit = new AbortController();
        log(`${name}: the LAN answers again.`);
      } else {
        await delay(PROBE_INTERVAL, undefined, { signal: closing, ref: false });
      }
    }
  }

  async #isBack(): Promise<boolean> {
    try {
      await this.#lan.info({ deadline: new Deadline(PROBE_TIMEOUT), signals: [this.#options.closing] });
      return true;
    } catch {
      return false;
    }
  }
}
