/**
 * The decision: a pure state machine with two clocks. Delays, windows, quarters and minimum times go by the times of the
 * samples, so that a recorded day gives the same as the day itself. The loss of values goes by this machine's steady clock,
 * since without samples nothing else moves.
 */
import { z } from "zod";
import { measure, SampleMemory } from "./measure.js";
import type { Forecast } from "./quarter.js";
import type { Thresholds, TriggerRule } from "./rule.js";
import { type ClockReading, isOnClock, onNewClock, type Timed, timeOn } from "./sample-time.js";

export const SwitchState = z.enum(["on", "off"]);
/** The state of a switch. */
export type SwitchState = z.infer<typeof SwitchState>;

/** What outlives the process. Times are those of the samples, epoch ms: a steady clock begins anew with each process. */
export const KeptState = z.object({
  state: SwitchState,
  since: z.number(),
  ownTime: z.number(),
  time: z.number(),
  /** Since when the condition to leave `state` holds. */
  holdsSince: z.number().nullable(),
  memory: SampleMemory,
});
export type KeptState = z.infer<typeof KeptState>;

/** What is known of a meter. `arrival` and `heardAt` are readings of this machine's steady clock, ms. */
export interface TriggerState extends KeptState, ClockReading {
  /** The loss of values counts from here: the last fresh value, or the start after it. */
  heardAt: number;
  /** It was kept by an earlier process, and no value has come since. */
  isResumed: boolean;
  isLost: boolean;
  /** A verdict was given since the start. */
  isReported: boolean;
  /** A sample that was skipped because its time does not follow: with the next one that agrees, the clock was set. */
  doubt: ClockReading | null;
}

/** A fresh value. `used`: t1 + t2 in kWh, null where unknown. The thresholds are those of its message. */
export interface TriggerSample extends Thresholds, Timed {
  value: number;
  used: number | null;
}

/** What a flow gets. `value` is what was compared, null where values are lost. */
export interface TriggerVerdict extends Partial<Forecast> {
  state: SwitchState;
  since: number;
  value: number | null;
  reason: "condition" | "lost" | "start";
}

/** The next state, what was compared (null: nothing), and the verdict where there is one. */
export interface Decision {
  state: TriggerState;
  value: number | null;
  verdict?: TriggerVerdict;
}

/** One step with a fresh value. Without a state nothing is known yet. */
export function decide(rule: TriggerRule, last: TriggerState | undefined, sample: TriggerSample): Decision {
  if (!last) return weigh(rule, unknown(sample), sample, true);
  if (isOnClock(last, sample)) return weigh(rule, last, sample);
  // How long the process was down is not known: what was measured before it is too old.
  if (last.isResumed) return weigh(rule, onNewClock({ ...last, memory: {} }, sample), sample);
  const { time, arrival } = sample;
  if (last.doubt && isOnClock(last.doubt, sample)) return weigh(rule, onNewClock(last, sample), sample);
  // A value came, though its time is in doubt; where times never agree, values are lost.
  const heardAt = last.doubt ? last.heardAt : arrival;
  return { state: { ...last, heardAt, doubt: { ownTime: time, time, arrival } }, value: null };
}

/** The decision with a sample that is on the clock of the state before it. */
function weigh(rule: TriggerRule, before: TriggerState, sample: TriggerSample, isFirst = false): Decision {
  const { arrival, on, used } = sample;
  const time = timeOn(before, sample);
  const { memory, value, quarter } = measure(rule, before.memory, { time, value: sample.value, used, on });
  // Written out: on this path, which each message takes, a spread costs more than all the rest.
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
  // With the first sample of all, nothing has lasted for too short a time.
  const isDue = isFirst ? delayOf(rule, state) === 0 : time >= switchTime(rule, state);
  const isSwitched = state.holdsSince !== null && isDue;
  const next = isSwitched ? { ...state, state: other(state.state), since: time, holdsSince: null } : state;
  if (before.isReported && !isSwitched) return { state: next, value };
  const reason = before.isReported ? "condition" : "start";
  return { state: next, value, verdict: { state: next.state, since: next.since, value, reason, ...quarter } };
}

/** One step without a value: `now` is this machine's steady clock. Nothing changes before {@link dueAt}. */
export function decideLost(rule: TriggerRule, before: TriggerState, now: number): Decision {
  if (now < dueAt(rule, before)) return { state: before, value: null };
  // Nobody knows whether the condition still holds.
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

/** What of a state outlives the process. */
export function keptOf({ state, since, ownTime, time, holdsSince, memory }: TriggerState): KeptState {
  return { state, since, ownTime, time, holdsSince, memory };
}

/** A kept state as it is after a start at `now`, by the steady clock: the next fresh value is reported, and may take its time. */
export function restarted(kept: KeptState, now: number): TriggerState {
  const session = { arrival: now, heardAt: now, isResumed: true, isLost: false, isReported: false, doubt: null };
  return { ...kept, ...session };
}

/** When a tick is due, by this machine's steady clock; Infinity: never. */
export function dueAt(rule: TriggerRule, state: TriggerState): number {
  if (!state.isLost) return state.heardAt + rule.lostAfter;
  return whenLost(rule, state) === state.state
    ? Number.POSITIVE_INFINITY
    : minEnd(rule, state) - state.time + state.arrival;
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
function unknown({ time, arrival }: TriggerSample): TriggerState {
  const times = { since: time, ownTime: time, time, arrival, heardAt: arrival, holdsSince: null };
  const nothing = { isResumed: false, isLost: false, isReported: false, doubt: null, memory: {} };
  return { state: "off", ...times, ...nothing };
}

/** The loss of values switches by this machine's clock: with the next sample that time is put into the samples' own. */
function sinceOn(before: TriggerState, time: number, arrival: number): number {
  const isSwitchedByLoss = before.since > before.time;
  return isSwitchedByLoss ? before.since + time - (before.time + arrival - before.arrival) : before.since;
}

function isMet({ direction }: TriggerRule, state: SwitchState, value: number, { on, off }: Thresholds): boolean {
  const isBelow = (direction === "below") === (state === "off");
  const threshold = state === "off" ? on : off;
  return isBelow ? value < threshold : value > threshold;
}

/** A condition that nobody saw for as long as it takes to lose values did not hold. Over a start, only samples know how long. */
function heldSince({ lostAfter }: TriggerRule, before: TriggerState, time: number, arrival: number): number | null {
  const unseen = before.isResumed ? time - before.time : arrival - before.heardAt;
  return unseen < lostAfter ? before.holdsSince : null;
}

function switchTime(rule: TriggerRule, state: TriggerState): number {
  return Math.max((state.holdsSince ?? state.time) + delayOf(rule, state), minEnd(rule, state));
}

/** How long the condition to leave the state must hold. */
function delayOf(rule: TriggerRule, { state }: TriggerState): number {
  return state === "off" ? rule.onDelay : rule.offDelay;
}

/** Until when the state lasts at least. */
function minEnd(rule: TriggerRule, { state, since }: TriggerState): number {
  return since + (state === "on" ? rule.minOn : rule.minOff);
}

function whenLost({ lost }: TriggerRule, { state }: TriggerState): SwitchState {
  return lost === "keep" ? state : lost;
}

function other(state: SwitchState): SwitchState {
  return state === "on" ? "off" : "on";
}
