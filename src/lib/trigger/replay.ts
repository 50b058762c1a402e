/** What a trigger would have done on a recorded day. */
import { type Decision, decide, decideLost, dueAt, type TriggerState, type TriggerVerdict } from "./machine.js";
import type { Thresholds, TriggerRule } from "./rule.js";

/** A recorded sample, epoch ms; null: nothing was measured. `used`: t1 + t2 in kWh, where recorded. */
export interface RecordedSample {
  time: number | null;
  value: number | null;
  used?: number | null;
}

/** The verdicts up to `end`, epoch ms, in order. A gap in the record counts as loss of values. */
export function replay(
  rule: TriggerRule,
  thresholds: Thresholds,
  samples: Iterable<RecordedSample>,
  end: number,
): TriggerVerdict[] {
  const verdicts: TriggerVerdict[] = [];
  let state: TriggerState | undefined;
  const take = (decision: Decision) => {
    state = decision.state;
    if (decision.verdict) verdicts.push(decision.verdict);
    return decision.state;
  };
  const passTo = (time: number) => {
    for (let last = state; last && dueAt(rule, last) < time; ) {
      last = take(decideLost(rule, last, dueAt(rule, last)));
    }
  };
  for (const { time, value, used = null } of samples) {
    if (time === null || value === null) continue;
    passTo(time);
    take(decide(rule, state, { time, arrival: time, value, used, ...thresholds }));
  }
  passTo(end);
  return verdicts;
}

/** From when to when it was on, up to `end`. */
export function timesOn(verdicts: readonly TriggerVerdict[], end: number): { from: number; to: number }[] {
  return verdicts.flatMap(({ state, since }, n) =>
    state === "on" ? [{ from: since, to: verdicts[n + 1]?.since ?? end }] : [],
  );
}
