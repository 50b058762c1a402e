/** The trigger's status: `off · -820 W · on in 3 min`. */
import type { NodeAPI, NodeStatus } from "node-red";
import { type Decision, pending, type TriggerRule } from "../../lib/internal.js";

const CATALOGUE = "node-red-contrib-cemm/cemm-trigger:status";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** In the runtime's language, since the editor translates only texts without values. `now`: the monotonic clock. */
export function triggerStatus(
  RED: NodeAPI,
  rule: TriggerRule,
  { state, value }: Decision,
  now: number,
  unit: string,
): NodeStatus {
  const text = (key: string, time = "") => RED._(`${CATALOGUE}.${key}`, { time });
  const compared = value === null ? text("noValue") : `${Math.round(value * 10) / 10}${unit && ` ${unit}`}`;
  const wait = pending(rule, state, now);
  const parts = [text(state.state), compared, ...(wait ? [text(`${wait.state}In`, duration(wait.ms))] : [])];
  return { fill: state.state === "on" ? "green" : "grey", shape: "dot", text: parts.join(" · ") };
}

/** A duration, rounded up: `45 s`, `3 min`, `2 h`. */
function duration(ms: number): string {
  if (ms < MINUTE) return `${Math.ceil(ms / 1000)} s`;
  return ms < 2 * HOUR ? `${Math.ceil(ms / MINUTE)} min` : `${Math.ceil(ms / HOUR)} h`;
}
