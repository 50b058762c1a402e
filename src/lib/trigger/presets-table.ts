/** Presets of the rule, as node properties. Each has a button; its texts are under `preset`. Imports no code. */
import type { Thresholds, TriggerRule } from "./rule.js";

/** Thresholds in the channel's unit, times in seconds. */
export type PresetRule = TriggerRule & Thresholds;

export interface Preset {
  name: string;
  /** Whether {@link APPLIANCE_FIELDS} depend on the appliance's power. */
  hasAppliance: boolean;
  rule: (watts: number) => PresetRule;
}

export const APPLIANCE_FIELDS = ["on", "off", "minOn", "minOff"] as const;
/** W: a boiler, a heat pump, a slow charger. */
export const USUAL_APPLIANCE = 2000;

/** W: three phases of 25 A. */
const LARGEST_APPLIANCE = 17_000;

export const PRESETS = [
  /** An appliance on solar surplus. Its own power must fit between the thresholds: the meter includes it. */
  {
    name: "surplus",
    hasAppliance: true,
    rule: (watts) => ({
      channel: "electric_power",
      measure: "average",
      window: 600,
      direction: "below",
      on: -tens(0.65 * watts),
      off: tens(0.65 * watts),
      onDelay: 300,
      offDelay: 900,
      minOn: minutesOn(watts) * 60,
      minOff: fives((minutesOn(watts) * 2) / 3) * 60,
      lost: "off",
      lostAfter: 120,
    }),
  },
  /**
   * On means: switch the appliance off, to keep the quarter-hour average below 2.5 kW. A little below the limit, since
   * the last minutes cannot be predicted; off again when there is room for most of the appliance.
   */
  {
    name: "peak",
    hasAppliance: true,
    rule: (watts) => ({
      channel: "electric_power",
      measure: "quarter",
      window: 300,
      direction: "above",
      on: 2200,
      // Above 0: export counts as 0, which is not below a threshold of 0.
      off: Math.max(100, 2200 - tens(0.6 * watts)),
      onDelay: 0,
      offDelay: 120,
      minOn: 600,
      minOff: 0,
      lost: "keep",
      lostAfter: 120,
    }),
  },
  /** Water or gas for longer than a toilet or a night setback takes. Above 0, since a stopped flow is 0. */
  {
    name: "night",
    hasAppliance: false,
    rule: () => ({
      channel: "flow",
      measure: "value",
      window: 300,
      direction: "above",
      on: 0.05,
      off: 0.05,
      onDelay: 3600,
      offDelay: 0,
      minOn: 0,
      minOff: 0,
      lost: "off",
      lostAfter: 600,
    }),
  },
  /** An appliance that has finished: its power has fallen. */
  {
    name: "finished",
    hasAppliance: false,
    rule: () => ({
      channel: "electric_power",
      measure: "value",
      window: 300,
      direction: "below",
      on: 5,
      off: 10,
      onDelay: 300,
      offDelay: 10,
      minOn: 0,
      minOff: 0,
      lost: "keep",
      lostAfter: 120,
    }),
  },
] as const satisfies readonly Preset[];

export type PresetName = (typeof PRESETS)[number]["name"];

export function presetRule(name: PresetName, watts = USUAL_APPLIANCE): PresetRule {
  const preset: Preset | undefined = PRESETS.find((preset) => preset.name === name);
  if (!preset) throw new RangeError(name);
  return preset.rule(watts);
}

/** The roundest power, W, that gives these thresholds; undefined if none does. */
export function applianceOf({ rule }: Preset, { on, off }: Pick<PresetRule, "on" | "off">): number | undefined {
  for (const step of [500, 100, 50, 10]) {
    for (let watts = step; watts <= LARGEST_APPLIANCE; watts += step) {
      const fitting = rule(watts);
      if (fitting.on === on && fitting.off === off) return watts;
    }
  }
  return undefined;
}

/** 45 min for 2 kW: larger appliances wear more with each switching. */
function minutesOn(watts: number): number {
  return Math.min(60, Math.max(15, fives((watts * 45) / 2000)));
}

function tens(watts: number): number {
  return Math.round(watts / 10) * 10;
}

function fives(minutes: number): number {
  return Math.round(minutes / 5) * 5;
}
