import { z } from "zod";
import { describeValue, inputError } from "../errors.js";
import { LONGEST, TIMES, type TimeName } from "./times-table.js";

/** The values at which a trigger switches, in the unit of its channel. */
export interface Thresholds {
  on: number;
  off: number;
}

const seconds = (name: TimeName) => {
  const { min, default: fallback } = TIMES[name];
  const range = z.number().min(min).max(LONGEST);
  return z.preprocess((text) => (isBlank(text) ? fallback : Number(text)), range).transform((s) => s * 1000);
};

/** Parses a node's properties: times in seconds as text or number become ms. */
export const TriggerRule = z.object({
  channel: z.preprocess((text) => (isBlank(text) ? "electric_power" : text), z.string()),
  measure: z.enum(["value", "average", "quarter"]).default("value"),
  window: seconds("window"),
  direction: z.enum(["below", "above"]).default("below"),
  onDelay: seconds("onDelay"),
  offDelay: seconds("offDelay"),
  minOn: seconds("minOn"),
  minOff: seconds("minOff"),
  lost: z.enum(["off", "on", "keep"]).default("off"),
  lostAfter: seconds("lostAfter"),
});
export type TriggerRule = z.infer<typeof TriggerRule>;
export type Measure = TriggerRule["measure"];

/** The window is ignored without an average. @throws CemmError `CEMM_INPUT`, naming the first invalid property. */
export function triggerRule(properties: object): TriggerRule {
  const hasWindow = "measure" in properties && properties.measure === "average";
  const used = hasWindow ? properties : { ...properties, window: undefined };
  const { data, error } = TriggerRule.safeParse(used);
  if (data) return data;
  const [issue] = error.issues;
  throw inputError(`The field "${issue?.path.join(".")}" of the trigger cannot be used: ${issue?.message}`);
}

/** A threshold from a field or property: a number, or numeric text. @throws CemmError `CEMM_INPUT` */
export function checkThreshold(name: keyof Thresholds, value: unknown): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw inputError(`The threshold "${name}" is ${describeValue(value)}, not a number.`);
}

/** @throws CemmError `CEMM_INPUT` if a value could be both on and off. */
export function checkThresholds({ direction }: TriggerRule, { on, off }: Thresholds): void {
  if (direction === "below" ? off >= on : off <= on) return;
  const [side, other] = direction === "below" ? ["below", "or above it"] : ["above", "or below it"];
  throw inputError(`On ${side} ${on} and off at ${off} overlap; "off" must be equal to "on" ${other}.`);
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}
