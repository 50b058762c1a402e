import { decide, decideLost, dueAt, type TriggerState, type TriggerVerdict } from "../../../src/lib/trigger/machine.js";
import { type Thresholds, type TriggerRule, triggerRule } from "../../../src/lib/trigger/rule.js";

/** 12:00:00 UTC, the start of a quarter. */
export const NOON = Date.UTC(2026, 5, 1, 12);

/** On below -1000, off above -200, as in most of these rules. */
export const SURPLUS: Thresholds = { on: -1000, off: -200 };

export interface TimedVerdict extends TriggerVerdict {
  /** Seconds since noon, by the samples' clock. */
  at: number;
}

/** A trigger's decision with a rule, for samples that a test enters. Times are seconds since noon. */
export class Machine {
  readonly rule: TriggerRule;
  readonly verdicts: TimedVerdict[] = [];
  state: TriggerState | undefined;
  value: number | null = null;

  constructor(
    properties: object,
    readonly thresholds = SURPLUS,
  ) {
    this.rule = triggerRule(properties);
  }

  /** `arrival`: by this machine's clock, if it differs from the sample's own time. */
  sample(
    at: number,
    value: number,
    {
      arrival = at,
      used = null,
      inRecord = false,
    }: { arrival?: number; used?: number | null; inRecord?: boolean } = {},
  ): this {
    const sample = { time: NOON + at * 1000, arrival: NOON + arrival * 1000, value, used, inRecord };
    return this.#take(decide(this.rule, this.state, { ...sample, ...this.thresholds }));
  }

  /** The same value from one time up to, but not including, another. */
  hold(from: number, to: number, value: number, step = 10): this {
    for (let at = from; at < to; at += step) this.sample(at, value);
    return this;
  }

  /** No samples until then. */
  silence(until: number): this {
    const now = NOON + until * 1000;
    for (let last = this.state; last && dueAt(this.rule, last) <= now; last = this.state) {
      this.#take(decideLost(this.rule, last, dueAt(this.rule, last)));
    }
    return this;
  }

  /** Such as `on@120`, without the start. */
  switched(): string[] {
    return this.verdicts.filter(({ reason }) => reason !== "start").map(({ state, at }) => `${state}@${at}`);
  }

  #take({ state, value, verdict }: ReturnType<typeof decide>): this {
    this.state = state;
    this.value = value;
    if (verdict) this.verdicts.push({ ...verdict, at: (verdict.since - NOON) / 1000 });
    return this;
  }
}
