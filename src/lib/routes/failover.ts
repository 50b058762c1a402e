/** Failover from the LAN to the cloud, with a circuit breaker: the cloud is used while the LAN fails. */
import { setTimeout as delay } from "node:timers/promises";
import { CemmError, policyOf } from "../errors.js";
import { lastingController } from "../transport/cancel-token.js";
import { Deadline, type RequestContext } from "../transport/single-flight.js";
import type { CloudRoute } from "./cloud.js";
import type { LanRoute } from "./lan.js";
import type { Question } from "./route.js";

/** Share of the time limit for the LAN before the cloud is asked. */
const LAN_SHARE = 0.5;
/** While the circuit is open: the interval of the probes of the LAN, and the time limit of one, in ms. */
const PROBE_INTERVAL = 10_000;
const PROBE_TIMEOUT = 5_000;
/** After this time without a request the probes stop, in ms. */
const IDLE = 120_000;

/** Closed: the LAN is asked first. Open: the cloud is asked, while one probe at a time checks the LAN. */
export class Failover {
  /** Aborted with the LAN's error when the circuit opens, so that requests stop waiting for the LAN. */
  #circuit = lastingController();
  #isProbing = false;
  #askedAt = 0;

  constructor(
    private readonly lan: LanRoute,
    private readonly cloud: CloudRoute,
    private readonly log: (line: string) => void,
    private readonly closing: AbortSignal,
  ) {}

  get #isOpen(): boolean {
    return this.#circuit.signal.aborted;
  }

  async ask<T>(question: Question<T>, context: RequestContext): Promise<T> {
    this.#askedAt = performance.now();
    if (this.#isOpen) {
      this.#probe();
      return this.#askCloud(question, context, () => question(this.lan, context));
    }
    const { timeout } = context.deadline;
    const lanDeadline = new Deadline(timeout * LAN_SHARE);
    const signals = [...context.signals, this.#circuit.signal];
    try {
      return await question(this.lan, { ...context, deadline: lanDeadline, signals });
    } catch (error) {
      const policy = policyOf(error);
      if (!policy || policy.callerError || context.signals.some(({ aborted }) => aborted)) throw error;
      this.#open(error);
      const deadline = new Deadline(timeout - lanDeadline.timeout + lanDeadline.answerTime);
      // A request that only the LAN can answer fails with the LAN's error.
      return this.#askCloud(question, { ...context, deadline }, () => Promise.reject(error));
    }
  }

  async #askCloud<T>(question: Question<T>, context: RequestContext, otherwise: () => Promise<T>): Promise<T> {
    // The cloud must be asked for the CEMM that the LAN found last, also after it was replaced.
    if (this.lan.uid) this.cloud.useUid(this.lan.uid);
    try {
      return await question(this.cloud, context);
    } catch (error) {
      if (error instanceof CemmError && error.code === "CEMM_NOT_SUPPORTED") return otherwise();
      throw error;
    }
  }

  #open(error: unknown): void {
    // If the CEMM still identifies itself, only this request failed.
    if (this.#isOpen || this.lan.isUp || !policyOf(error)?.deviceFails) return;
    this.#circuit.abort(error);
    const reason = error instanceof Error ? error.message : "";
    this.log(`the LAN fails, so the cloud is asked until it is back. ${reason}`);
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
    while (this.#isOpen && performance.now() - this.#askedAt < IDLE) {
      if (await this.#isBack()) {
        this.#circuit = lastingController();
        this.log("the LAN answers again.");
      } else {
        await delay(PROBE_INTERVAL, undefined, { signal: this.closing, ref: false });
      }
    }
  }

  async #isBack(): Promise<boolean> {
    try {
      await this.lan.info({ deadline: new Deadline(PROBE_TIMEOUT), signals: [this.closing] });
      return true;
    } catch {
      return false;
    }
  }
}
