/** The fields of a trigger's rule in the dialog. */

import { isBlank, isEnv } from "../../../editor/checks.js";
import { currentText, fieldOf } from "../../../editor/form.js";
import { CHANNELS, type ChannelRow, type Kind, meaningOf } from "../../../lib/data/channel-table.js";
import { LONGEST, TIMES, type TimeName } from "../../../lib/trigger/times-table.js";
import { parseDuration, writeDuration } from "./durations.js";
import { triggerText } from "./texts.js";

/** The value of a field by its name; for a time in seconds. */
export type RuleFields = (name: string) => string;

export const fieldsOf =
  (node: EditorNode): RuleFields =>
  (name) =>
    isTime(name) ? secondsText(currentText(node, name)) : currentText(node, name);

const isTime = (name: string): name is TimeName => Object.hasOwn(TIMES, name);
export const TIME_NAMES = Object.keys(TIMES).filter(isTime);

/** An invalid duration stays as it is. */
function secondsText(text: string): string {
  return String(parseDuration(text) ?? text);
}

/** Shows them as `15 min`, now and after each change, so that the user sees how they were understood. */
export function showTimes(node: EditorNode): void {
  for (const name of TIME_NAMES) {
    const field = fieldOf(node, name);
    const write = () => {
      const seconds = parseDuration(String(field.val()));
      if (seconds !== undefined) field.val(writeDuration(seconds));
    };
    field.on("change", write);
    write();
  }
}

/** The node stores seconds. Called before Node-RED reads the fields. */
export function saveTimes(node: EditorNode): void {
  for (const name of TIME_NAMES) fieldOf(node, name).val((_, text) => secondsText(text));
}

export const LIVE_CHANNELS = [...CHANNELS].filter(([, rows]) => isIn("realtime", rows)).map(([name]) => name);

export function channelIn(field: RuleFields): string {
  return isBlank(field("channel")) ? "electric_power" : field("channel").trim();
}

/** Seconds; NaN if invalid. */
export function secondsIn(field: RuleFields, name: TimeName): number {
  return isBlank(field(name)) ? TIMES[name].default : Number(field(name));
}

export function unitOf(channel: string): string {
  return meaningOf(channel, "realtime").unit ?? "";
}

/** Whether the channel means the same in a day's samples as live, which a counter does not. */
export function isRecorded(channel: string): boolean {
  const rows = CHANNELS.get(channel);
  return !rows || rows.some((row) => isIn("realtime", [row]) && isIn("day", [row]));
}

function isIn(kind: Kind, rows: readonly ChannelRow[]): boolean {
  return rows.some(({ kinds }) => kinds.includes(kind));
}

/** A constant threshold as a number; undefined if it comes with each message or is invalid. */
export function limitIn(field: RuleFields, name: "on" | "off"): number | undefined {
  const isNumber = isPlain(field(`${name}Type`)) && !isBlank(field(name)) && Number.isFinite(Number(field(name)));
  return isNumber ? Number(field(name)) : undefined;
}

/** A threshold in words: `-1300 W`, `msg.limit`. */
export function limitText(field: RuleFields, name: "on" | "off"): string {
  const [value, type] = [field(name).trim(), field(`${name}Type`)];
  if (!isPlain(type)) return `${type}.${value}`;
  return `${value} ${unitOf(channelIn(field))}`.trim();
}

function isPlain(type: string): boolean {
  return isBlank(type) || type === "num";
}

export function checkLimit(field: RuleFields, name: "on" | "off"): Verdict {
  const [value, type] = [field(name), field(`${name}Type`)];
  if (!isPlain(type)) return RED.utils.validateTypedProperty(value, type, {});
  return isEnv(value) || limitIn(field, name) !== undefined || triggerText("wrong.limit");
}

/** A value beyond both thresholds would be on and off at once. */
export function checkSides(field: RuleFields): Verdict {
  const [on, off] = [limitIn(field, "on"), limitIn(field, "off")];
  if (on === undefined || off === undefined) return true;
  const direction = directionIn(field);
  return (direction === "below" ? off >= on : off <= on) || triggerText(`wrong.off.${direction}`, { on });
}

/** The window applies only if an average is compared. */
export function checkTime(field: RuleFields, name: TimeName): Verdict {
  const [text, seconds] = [field(name), secondsIn(field, name)];
  if (isEnv(text) || (name === "window" && field("measure") !== "average")) return true;
  if (!(seconds <= LONGEST)) return triggerText("wrong.time");
  return seconds >= TIMES[name].min || triggerText("wrong.noTime");
}

export function directionIn(field: RuleFields): "below" | "above" {
  return field("direction") === "above" ? "above" : "below";
}
