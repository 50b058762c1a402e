/** Says in plain words what a trigger will do. */

import { isEnv } from "../../../editor/checks.js";
import type { TimeName } from "../../../lib/trigger/times-table.js";
import { inUnits, inWords } from "./durations.js";
import { directionIn, limitText, type RuleFields, secondsIn } from "./rule-fields.js";
import { triggerText } from "./texts.js";

export function describeRule(field: RuleFields): string {
  const direction = directionIn(field);
  const parts = [
    clause(field, "on", direction),
    clause(field, "off", direction === "below" ? "above" : "below"),
    ...(["minOn", "minOff"] as const)
      .filter((name) => isTime(field, name))
      .map((name) => triggerText(`sentence.${name}`, { time: timeIn(field, name) })),
    triggerText(`sentence.lost.${lostIn(field)}`, { time: timeIn(field, "lostAfter") }),
  ];
  return `${parts.join("; ")}.`;
}

function clause(field: RuleFields, name: "on" | "off", side: "below" | "above"): string {
  const delay = `${name}Delay` as const;
  const values = { what: whatIn(field), limit: limitText(field, name), time: timeIn(field, delay) };
  return triggerText(`sentence.${name}.${side}${isTime(field, delay) ? "For" : ""}`, values);
}

function whatIn(field: RuleFields): string {
  const measure = field("measure");
  if (measure === "average") return averageIn(field);
  return triggerText(measure === "quarter" ? "sentence.what.quarter" : "sentence.what.value");
}

/** A language may put the duration into the word: `10-Minuten-Mittelwert`. */
function averageIn(field: RuleFields): string {
  if (!isLength(field, "window")) return triggerText("sentence.what.average", { time: field("window") });
  const [number, unit] = inUnits(secondsIn(field, "window"));
  return triggerText(`sentence.what.averageOf.${unit}`, { number });
}

function lostIn(field: RuleFields): "on" | "off" | "keep" {
  const lost = field("lost");
  return lost === "on" || lost === "keep" ? lost : "off";
}

/** Whether the time is not 0. */
function isTime(field: RuleFields, name: TimeName): boolean {
  return secondsIn(field, name) !== 0;
}

function timeIn(field: RuleFields, name: TimeName): string {
  return isLength(field, name) ? inWords(secondsIn(field, name)) : field(name);
}

/** Whether the field has a valid time, not an environment variable. */
function isLength(field: RuleFields, name: TimeName): boolean {
  return !isEnv(field(name)) && Number.isFinite(secondsIn(field, name));
}
