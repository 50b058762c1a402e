/** What the rule in the dialog would have done yesterday, drawn over what a meter recorded. */

import { ask, type ReplayedDay } from "../../../editor/admin.js";
import { problemView } from "../../../editor/ask-button.js";
import { configNode } from "../../../editor/checks.js";
import { deviceForm, placeOf } from "../../../editor/device-form.js";
import { facts, line } from "../../../editor/elements.js";
import { dayDrawing, type Limit } from "./day-drawing.js";
import { inShort } from "./durations.js";
import { liveNodeBefore } from "./live-node.js";
import { channelIn, isRecorded, limitIn, limitText, type RuleFields, TIME_NAMES, unitOf } from "./rule-fields.js";
import { triggerText } from "./texts.js";

/** A meter whose values of yesterday can be requested. */
export interface WiredMeter {
  name: string;
  /** The form for the admin routes. */
  form: Record<string, unknown>;
  /** The channel of a live node that sends only one value: that is compared, not the rule's channel. */
  channel?: string | undefined;
}

const RULE_FIELDS = ["measure", "direction", "on", "off", "lost", ...TIME_NAMES];

/** The meter of the live node before this one; undefined if there is none, or it comes with each message. */
export function wiredMeter(node: EditorNode): WiredMeter | undefined {
  const live = liveNodeBefore(node);
  const device = live && configNode(live.device);
  if (!device || !isText(live.aliasType) || (live.target && !isText(live.targetType))) return undefined;
  const meter = meterOf(device, String(live.alias), String(live.target ?? ""));
  const form = { ...placeOf(live), ...meter.form };
  return { ...meter, form, channel: live.format === "value" ? String(live.channel) : undefined };
}

export function meterOf(device: EditorNode, alias: string, target = ""): WiredMeter {
  const name = target || RED.utils.getNodeLabel(device, device.id);
  return { name: facts(name, alias), form: { alias, target, device: deviceForm(device) } };
}

function isText(type: unknown): boolean {
  return !type || type === "str";
}

interface View {
  drawing?: SVGElement;
  words: JQuery;
}

export async function yesterdayView(node: EditorNode, field: RuleFields, meter: WiredMeter | undefined): Promise<View> {
  const channel = channelIn(field);
  if (!meter) return { words: detail("day.choose") };
  if (!isRecorded(channel)) return { words: detail("day.counter", { channel }) };
  const limits = limitsIn(field);
  if (!limits) return { words: detail("day.later") };
  const rule = Object.fromEntries(RULE_FIELDS.map((name) => [name, field(name)]));
  try {
    return dayView(
      await ask("trigger/day", { ...placeOf(node), ...rule, channel, meter: meter.form }),
      meter.name,
      channel,
      limits,
    );
  } catch (error) {
    return { words: problemView(error) };
  }
}

/** Undefined if a threshold comes with each message. */
function limitsIn(field: RuleFields): Limit[] | undefined {
  const [on, off] = [limitIn(field, "on"), limitIn(field, "off")];
  if (on === undefined || off === undefined) return undefined;
  return [
    { value: on, text: triggerText("day.on", { limit: limitText(field, "on") }) },
    { value: off, text: triggerText("day.off", { limit: limitText(field, "off") }) },
  ];
}

function dayView(day: ReplayedDay, meter: string, channel: string, limits: Limit[]): View {
  const values = day.samples.flatMap(([, value]) => value ?? []);
  if (values.length === 0) {
    const known = { meter, channel, channels: day.channels.join(", ") };
    return { words: detail(day.channels.includes(channel) ? "day.nothing" : "day.noChannel", known) };
  }
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const range = triggerText("day.range", { meter, min, max, unit: unitOf(channel) });
  const time = inShort(day.on.reduce((sum, { from, to }) => sum + to - from, 0));
  const switched = triggerText(day.switchings === 1 ? "day.once" : "day.switched", { number: day.switchings });
  const result = triggerText(day.on.length > 0 ? "day.summary" : "day.never", { time, switched });
  const times = timesOf(day);
  const description = facts(range, result, times.length > 0 && triggerText("day.times", { times: times.join(", ") }));
  return {
    drawing: dayDrawing(day, limits, { title: triggerText("day.title", { meter, channel }), description, times }),
    words: $("<div>").append(line(`${range} ${result}`), detail("day.note")),
  };
}

/** In the CEMM's time zone: `09:42–12:10`. */
function timesOf({ on, timezone }: ReplayedDay): string[] {
  const clock = new Intl.DateTimeFormat("en", { timeStyle: "short", hourCycle: "h23", timeZone: timezone });
  return on.map(({ from, to }) => `${clock.format(from)}–${clock.format(to)}`);
}

function detail(key: Parameters<typeof triggerText>[0], values?: Record<string, unknown>): JQuery {
  return line(triggerText(key, values), "cemm-detail");
}
