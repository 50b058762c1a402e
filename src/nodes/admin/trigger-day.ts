import { checkThreshold, checkThresholds, replay, TriggerRule, timesOn, triggerRule } from "../../lib/internal.js";
import type { Form } from "./form.js";
import type { AdminRequest } from "./handler.js";
import { yesterday } from "./yesterday.js";

/** In ms: a CEMM records once a minute, however often the flow asks, so only a missing minute counts as a gap. */
const GAP = 90_000;
const MAX_CHANNELS = 20;

/** A channel of a day, and when a trigger would have been on. Epoch ms. */
export interface ReplayedDay {
  start: number;
  end: number;
  timezone: string;
  /** All channels that the meter recorded. */
  channels: string[];
  samples: [time: number, value: number | null][];
  on: { from: number; to: number }[];
  switchings: number;
}

/** `/cemm/trigger/day`: a channel of yesterday, and when a trigger with the dialog's rule would have been on. */
export async function triggerDay(request: AdminRequest): Promise<ReplayedDay> {
  const { form } = request;
  const rule = ruleOf(form);
  const thresholds = { on: checkThreshold("on", form.text("on")), off: checkThreshold("off", form.text("off")) };
  checkThresholds(rule, thresholds);
  const { period, channels } = await yesterday(request);
  const { start, end, timezone } = period;
  const samples = channels[rule.channel]?.samples ?? [];
  const verdicts = replay(rule, thresholds, samples, end);
  return {
    start,
    end,
    timezone,
    channels: Object.keys(channels).slice(0, MAX_CHANNELS),
    samples: samples.flatMap(({ time, value }) => (time === null ? [] : [[time, value]])),
    on: timesOn(verdicts, end),
    switchings: verdicts.filter(({ state, reason }) => reason !== "start" || state === "on").length,
  };
}

function ruleOf(form: Form): TriggerRule {
  const names = Object.keys(TriggerRule.shape);
  const rule = triggerRule(Object.fromEntries(names.map((name) => [name, form.text(name) || undefined])));
  return { ...rule, lostAfter: Math.max(rule.lostAfter, GAP) };
}
