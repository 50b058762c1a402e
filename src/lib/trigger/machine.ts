/**
 * The trigger's state machine: pure, with two clocks. A recorded day gives the same result as the day itself, since
 * times are those of the samples; only the loss of values uses this machine's monotonic clock.
 */
import { z } from "zod";
import { measure, SampleMemory } from "./measure.js";
import type { Forecast } from "./quarter.js";
import type { Thresholds, TriggerRule } from "./rule.js";
import { type ClockReading, isOnClock, onNewClock, type Timed, timeOn } from "./sample-time.js";

export const SwitchState = z.enum(["on", "off"]);
export type SwitchState = z.infer<typeof SwitchState>;

/** What survives a restart. Times are those of the samples, epoch ms, since a monotonic clock restarts too. */
export const KeptState = z.object({
  state: SwitchState,
  since: z.number(),
  ownTime: z.number(),
  time: z.number(),
  /** Since when the condition to leave `state` has been true. */
  holdsSince: z.number().nullable(),
  memory: SampleMemory,
});
export type KeptState = z.infer<typeof KeptState>;

/** The state of a meter. `arrival` and `heardAt` are readings of this machine's monotonic clock, ms. */
export interface TriggerState extends KeptState, ClockReading {
  /** Where the time limit for values starts: at the last fresh value, or at the start of the process after it. */
  heardAt: number;
  /** Whether it was restored from an earlier process, and no value has come since. */
  isResumed: boolean;
  isLost: boolean;
  /** Whether there was a verdict since the start of the process. */
  isReported: boolean;
  /** A sample that was skipped because its time does not follow; if the next one agrees with it, the clock was set. */
  doubt: ClockReading | null;
}

/** A fresh value. `used`: t1 + t2 in kWh, null if unknown. The thresholds are those of its message. */
export interface TriggerSample extends Thresholds, Timed {
  value: number;
  used: number | null;
}

/** The result for the flow. `value` is the compared value, null if values are lost. */
export interface TriggerVerdict extends Partial<Forecast> {
  state: SwitchState;
  since: number;
  value: number | null;
  reason: "condition" | "lost" | "start";
}

/** The next state, the compared value (null: none), and the verdict, if any. */
export interface Decision {
  state: TriggerState;
  value: number | null;
  verdict?: TriggerVerdict;
}

/** One step with a fresh value. `state` is undefined at first. */
export function decide(rule: TriggerRule, last: TriggerState | undefined, sample: TriggerSample): Decision {
  if (!last) return weigh(rule, unknown(sample), sample, true);
  if (isOnClock(last, sample)) return weigh(rule, last, sample);
  // The downtime of the process is unknown, so a measurement from before it is too old.
  if (last.isResumed) return weigh(rule, onNewClock({ ...last, memory: {} }, sample), sample);
  const { time, arrival } = sample;
  if (last.doubt && isOnClock(last.doubt, sample)) return weigh(rule, onNewClock(last, sample), sample);
  // A value came, though its time is doubtful; if times never agree, values are lost.
  const heardAt = last.doubt ? last.heardAt : arrival;
  return { state: { ...last, heardAt, doubt: { ownTime: time, time, arrival } }, value: null };
}

function weigh(rule: TriggerRule, before: TriggerState, sample: TriggerSample, isFirst = false): Decision {
  const { arrival, on, used } = sample;
  const time = timeOn(before, sample);
  const { memory, value, quarter } = measure(rule, before.memory, { time, value: sample.value, used, on });
  // No spread: for each message, one costs more than the rest of this path.
  const state: TriggerState = {
    state: before.state,
    since: sinceOn(before, time, arrival),
    ownTime: sample.time,
    time,
    arrival,
    heardAt: arrival,
    holdsSince: isMet(rule, before.state, value, sample) ? (heldSince(rule, before, time, arrival) ?? time) : null,
    isResumed: false,
    isLost: false,
    isReported: true,
    doubt: null,
    memory,
  };
  // Minimum times do not apply to the very first sample.
  const isDue = isFirst ? delayOf(rule, state) === 0 : time >= switchTime(rule, state);
  const isSwitched = state.holdsSince !== null && isDue;
  const next = isSwitched ? { ...state, state: other(state.state), since: time, holdsSince: null } : state;
  if (before.isReported && !isSwitched) return { state: next, value };
  const reason = before.isReported ? "condition" : "start";
  return { state: next, value, verdict: { state: next.state, since: next.since, value, reason, ...quarter } };
}

/** One step without a value: `now` is this machine's monotonic clock. Nothing changes before {@link dueAt}. */
export function decideLost(rule: TriggerRule, before: TriggerState, now: number): Decision {
  if (now < dueAt(rule, before)) return { state: before, value: null };
  // Without values it is unknown whether the condition is still true.
  const state = { ...before, isLost: true, holdsSince: null };
  const next = whenLost(rule, state);
  if (next === state.state || now < dueAt(rule, state)) return { state, value: null };
  const since = state.time + now - state.arrival;
  return {
    state: { ...state, state: next, since, isReported: true },
    value: null,
    verdict: { state: next, since, value: null, reason: "lost" },
  };
}

export function keptOf({ state, since, ownTime, time, holdsSince, memory }: TriggerState): KeptState {
  return { state, since, ownTime, time, holdsSince, memory };
}

/** A restored state at `now` (monotonic clock): the next fresh value is reported, and has the full time limit. */
export function restarted(kept: KeptState, now: number): TriggerState {
  const session = { arrival: now, heardAt: now, isResumed: true, isLost: false, isReported: false, doubt: null };
  return { ...kept, ...session };
}

/** When a tick is due, by this machine's monotonic clock; Infinity: never. */
export function dueAt(rule: TriggerRule, state: TriggerState): number {
  if (!state.isLost) return state.heardAt + rule.lostAfter;
  return whenLost(rule, state) === state.state
    ? Number.POSITIVE_INFINITY
    : minEnd(rule, state) - state.time + state.arrival;
}

/** The state it will switch to, if the condition is true or values are lost, and in how many ms from `now`. */
export function pending(
  rule: TriggerRule,
  state: TriggerState,
  now: number,
): { state: SwitchState; ms: number } | undefined {
  const wait = state.holdsSince === null ? dueAt(rule, state) - now : switchTime(rule, state) - state.time;
  const isWaiting = state.holdsSince !== null || (state.isLost && wait < Number.POSITIVE_INFINITY);
  return isWaiting ? { state: other(state.state), ms: Math.max(0, wait) } : undefined;
}

/** The initial state is off. */
function unknown({ time, arrival }: TriggerSample): TriggerState {
  const times = { since: time, ownTime: time, time, arrival, heardAt: arrival, holdsSince: null };
  const nothing = { isResumed: false, isLost: false, isReported: false, doubt: null, memory: {} };
  return { state: "off", ...times, ...nothing };
}

/** Lost values switch by this machine's clock; with the next sample that time is moved to the samples' clock. */
function sinceOn(before: TriggerState, time: number, arrival: number): number {
  const isSwitchedByLoss = before.since > before.time;
  return isSwitchedByLoss ? before.since + time - (before.time + arrival - before.arrival) : before.since;
}

function isMet({ direction }: TriggerRule, state: SwitchState, value: number, { on, off }: Thresholds): boolean {
  const isBelow = (direction === "below") === (state === "off");
  const threshold = state === "off" ? on : off;
  return isBelow ? value < threshold : value > threshold;
}

/** After a gap that counts as lost values, the condition begins anew; across a restart only samples show the gap. */
function heldSince({ lostAfter }: TriggerRule, before: TriggerState, time: number, arrival: number): number | null {
  const unseen = before.isResumed ? time - before.time : arrival - before.heardAt;
  return unseen < lostAfter ? before.holdsSince : null;
}

function switchTime(rule: TriggerRule, state: TriggerState): number {
  return Math.max((state.holdsSince ?? state.time) + delayOf(rule, state), minEnd(rule, state));
}

function delayOf(rule: TriggerRule, { state }: TriggerState): number {
  return state === "off" ? rule.onDelay : rule.offDelay;
}

function minEnd(rule: TriggerRule, { state, since }: TriggerState): number {
  return since + (state === "on" ? rule.minOn : rule.minOff);
}

function whenLost({ lost }: TriggerRule, { state }: TriggerState): SwitchState {
  return lost === "keep" ? state : lost;
}

function other(state: SwitchState): SwitchState {
  return state === "on" ? "off" : "on";
}
