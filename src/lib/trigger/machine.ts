/**
 * The decision: a pure state machine. Two clocks run in it. Delays, windows, quarters and minimum times go by the times of
 * the samples, so that a recorded day gives the same as the day itself. Only the loss of values goes by the clock of
 * this machine, since nothing else moves when no sample comes.
 */
import { z } from "zod";
import { measure, SampleMemory } from "./measure.js";
import type { Forecast } from "./quarter.js";
import type { Thresholds, TriggerRule } from "./rule.js";

export const SwitchState = z.enum(["on", "off"]);
/** What a trigger says. */
export type SwitchState = z.infer<typeof SwitchState>;

/** What is known of a meter. `time`, `since` and `holdsSince` are samples' times; `arrival` and `heardAt` this machine's. Epoch ms. */
export const TriggerState = z.object({
  state: SwitchState,
  since: z.number(),
  time: z.number(),
  arrival: z.number(),
  /** The loss of values counts from here: the last arrival, or the start after it. */
  heardAt: z.number(),
  /** Since when the condition holds to leave `state`. */
  holdsSince: z.number().nullable(),
  isLost: z.boolean(),
  /** Whether a verdict was given since the start. */
  isTold: z.boolean(),
  memory: SampleMemory,
});
export type TriggerState = z.infer<typeof TriggerState>;

/** A fresh value. `used`: t1 + t2 in kWh, null where unknown. The thresholds are those of its message. */
export interface TriggerSample extends Thresholds {
  time: number;
  arrival: number;
  value: number;
  used: number | null;
}

/** What a flow is told. `value` is what was compared, null where values are lost. */
export interface TriggerVerdict extends Partial<Forecast> {
  state: SwitchState;
  since: number;
  value: number | null;
  reason: "condition" | "lost" | "start";
}

/** The next state, what was compared (null: nothing came), and what to tell where the state changes. */
export interface Decision {
  state: TriggerState;
  value: number | null;
  verdict?: TriggerVerdict;
}

/** One step with a fresh value. Without a state nothing is known yet. */
export function decide(rule: TriggerRule, kept: TriggerState | undefined, sample: TriggerSample): Decision {
  const time = timeOf(kept, sample);
  const before = kept ?? unknown(time, sample.arrival);
  const { arrival, on, used } = sample;
  const { memory, value, quarter } = measure(rule, before.memory, { time, value: sample.value, used, on });
  // Written out: on this path, which each message takes, a spread costs more than all the rest.
  const state: TriggerState = {
    state: before.state,
    since: before.since,
    time,
    arrival,
    heardAt: arrival,
    holdsSince: isMet(rule, before.state, value, sample) ? (heldSince(rule, before, arrival) ?? time) : null,
    isLost: false,
    isTold: true,
    memory,
  };
  const isSwitched = state.holdsSince !== null && isDue(rule, state, kept);
  const next = isSwitched ? { ...state, state: other(state.state), since: time, holdsSince: null } : state;
  if (before.isTold && !isSwitched) return { state: next, value };
  const reason = before.isTold ? "condition" : "start";
  return { state: next, value, verdict: { state: next.state, since: next.since, value, reason, ...quarter } };
}

/** One step without a value: `now` is this machine's clock. Nothing changes before {@link dueAt}. */
export function decideLost(rule: TriggerRule, before: TriggerState, now: number): Decision {
  if (now < dueAt(rule, before)) return { state: before, value: null };
  // Nobody knows whether the condition still holds.
  const state = { ...before, isLost: true, holdsSince: null };
  const next = whenLost(rule, state);
  if (next === state.state || now < dueAt(rule, state)) return { state, value: null };
  const since = state.time + Math.max(0, now - state.arrival);
  return {
    state: { ...state, state: next, since, isTold: true },
    value: null,
    verdict: { state: next, since, value: null, reason: "lost" },
  };
}

/** A kept state as it is after a start at `now`: the next fresh value is told, and may take its time. */
export function restarted(state: TriggerState, now: number): TriggerState {
  return { ...state, isTold: false, isLost: false, heardAt: now };
}

/** When a tick is due, by this machine's clock; Infinity: never. */
export function dueAt(rule: TriggerRule, state: TriggerState): number {
  if (!state.isLost) return state.heardAt + rule.lostAfter;
  return whenLost(rule, state) === state.state
    ? Number.POSITIVE_INFINITY
    : leastEnd(rule, state) - state.time + state.arrival;
}

/** The other state, where its condition holds or values are lost, and how long it takes from `now` if that lasts, ms. */
export function pending(
  rule: TriggerRule,
  state: TriggerState,
  now: number,
): { state: SwitchState; ms: number } | undefined {
  const wait = state.holdsSince === null ? dueAt(rule, state) - now : switchTime(rule, state) - state.time;
  const isWaiting = state.holdsSince !== null || (state.isLost && wait < Number.POSITIVE_INFINITY);
  return isWaiting ? { state: other(state.state), ms: Math.max(0, wait) } : undefined;
}

/** Before anything is known it is off. */
function unknown(time: number, arrival: number): TriggerState {
  const times = { since: time, time, arrival, heardAt: arrival, holdsSince: null };
  return { state: "off", ...times, isLost: false, isTold: false, memory: {} };
}

/** A time that does not move on, such as that of a reading seen before, moves as the arrival does. */
function timeOf(state: TriggerState | undefined, { time, arrival }: TriggerSample): number {
  if (!state || time > state.time) return time;
  return state.time + Math.max(0, arrival - state.arrival);
}

function isMet({ direction }: TriggerRule, state: SwitchState, value: number, { on, off }: Thresholds): boolean {
  const isBelow = (direction === "below") === (state === "off");
  const threshold = state === "off" ? on : off;
  return isBelow ? value < threshold : value > threshold;
}

/** A condition that was not seen for so long that values counted as lost did not hold. */
function heldSince({ lostAfter }: TriggerRule, { holdsSince, arrival }: TriggerState, now: number): number | null {
  return now - arrival < lostAfter ? holdsSince : null;
}

/** With the first sample of all, nothing has lasted for too short a time. */
function isDue(rule: TriggerRule, state: TriggerState, kept: TriggerState | undefined): boolean {
  const delay = delayOf(rule, state);
  return kept ? state.time >= switchTime(rule, state) : delay === 0;
}

function switchTime(rule: TriggerRule, state: TriggerState): number {
  return Math.max((state.holdsSince ?? state.time) + delayOf(rule, state), leastEnd(rule, state));
}

/** How long the condition to leave the state must hold. */
function delayOf(rule: TriggerRule, { state }: TriggerState): number {
  return state === "off" ? rule.onDelay : rule.offDelay;
}

/** Until when the state lasts at least. */
function leastEnd(rule: TriggerRule, { state, since }: TriggerState): number {
  return since + (state === "on" ? rule.minOn : rule.minOff);
}

function whenLost({ lost }: TriggerRule, { state }: TriggerState): SwitchState {
  return lost === "keep" ? state : lost;
}

function other(state: SwitchState): SwitchState {
  return state === "on" ? "off" : "on";
}
