/** Failover from the LAN to the cloud, by a circuit breaker: the cloud is asked while the LAN fails. */
import { setTimeout as delay } from "node:timers/promises";
import { CemmError, policyOf } from "../errors.js";
import { Deadline } from "../transport/deadline.js";
import type { RequestContext } from "../transport/single-flight.js";
import type { CloudRoute } from "./cloud.js";
import type { LanRoute } from "./lan.js";
import type { Question } from "./route.js";

/** Of the whole time, what the LAN may take before the cloud is asked. */
const LAN_SHARE = 0.5;
/** While the circuit is open: how often a probe looks for the LAN, and how long one may take, in ms. */
const PROBE_INTERVAL = 10_000;
const PROBE_TIMEOUT = 5_000;
/** Nobody asks any more, so nobody needs to know that the LAN is back. */
const IDLE = 120_000;

export interface FailoverOptions {
  name: string;
  log: (line: string) => void;
  /** Ends the probes. */
  closing: AbortSignal;
}

/** Closed: the LAN is asked first. Open: the cloud, while one probe at a time looks for the LAN in the background. */
export class FailoverRoute {
  readonly #lan: LanRoute;
  readonly #cloud: CloudRoute;
  readonly #options: FailoverOptions;
  /** Aborts as it opens, with the LAN's error: who still waits for the LAN then need not. */
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

  /** Asks by whichever route answers. */
  async ask<T>(question: Question<T>, context: RequestContext): Promise<T> {
    this.#askedAt = performance.now();
    if (this.#isOpen) {
      this.#probe();
      return this.#askCloud(question, context, () => question(this.#lan, context));
    }
    try {
      return await this.#askLan(question, context);
    } catch (error) {
      if (!policyOf(error)?.otherRoute || context.signals.some(({ aborted }) => aborted)) throw error;
      this.#open(error);
      // What only the LAN can answer fails for the LAN's reason.
      return this.#askCloud(question, context, () => Promise.reject(error));
    }
  }

  async #askCloud<T>(question: Question<T>, context: RequestContext, otherwise: () => Promise<T>): Promise<T> {
    try {
      return await question(this.#cloud, context);
    } catch (error) {
      if (error instanceof CemmError && error.code === "CEMM_NOT_SUPPORTED") return otherwise();
      throw error;
    }
  }

  async #askLan<T>(question: Question<T>, context: RequestContext): Promise<T> {
    const { deadline } = context;
    const signals = [...context.signals, this.#circuit.signal];
    const part = deadline.part(deadline.timeout * LAN_SHARE);
    const answer = await question(this.#lan, { ...context, deadline: part, signals });
    // The cloud must mean the same CEMM.
    if (this.#lan.uid) this.#cloud.useUid(this.#lan.uid);
    return answer;
  }

  #open(error: unknown): void {
    // Where the CEMM still says who it is, it was this one question.
    if (this.#isOpen || this.#lan.isUp || !policyOf(error)?.lanDown) return;
    this.#circuit.abort(error);
    const reason = error instanceof Error ? error.message : "";
    this.#options.log(`${this.#options.name}: the LAN fails, so the cloud is asked until it is back. ${reason}`);
  }

  #probe(): void {
    if (this.#isProbing) return;
    this.#isProbing = true;
    // It ends by itself, or with the client.
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
