/** The presets: a button for each, shown as pressed while the fields match it, and the appliance's power. */
import { afterNodeRed, fieldOf, setField } from "../../../editor/form.js";
import {
  APPLIANCE_FIELDS,
  applianceOf,
  PRESETS,
  type Preset,
  type PresetName,
  type PresetRule,
  USUAL_APPLIANCE,
} from "../../../lib/trigger/presets-table.js";
import { fieldsOf } from "./rule-fields.js";
import { triggerText } from "./texts.js";

/** The inputs of a rule. */
const MEASURED = ["channel", "measure", "direction"] as const;

/** Makes the buttons. Returns a function that shows which of them match the fields. */
export function preparePresets(node: EditorNode): () => void {
  const buttons = PRESETS.map((preset) => ({ preset, button: buttonFor(node, preset) }));
  $("#cemm-presets").append(buttons.map(({ button }) => button));
  $("#cemm-appliance").on("input", () => fitAppliance(node));
  afterNodeRed(() => showAppliance(node));
  return () => {
    for (const { preset, button } of buttons) button.attr("aria-pressed", String(isFilled(node, preset)));
    $(".cemm-appliance").toggle(presetOfAppliance(node) !== undefined);
  };
}

/** It is not saved, but derived from the thresholds. */
function showAppliance(node: EditorNode): void {
  const [field, preset] = [fieldsOf(node), presetOfAppliance(node)];
  const limits = { on: Number(field("on")), off: Number(field("off")) };
  $("#cemm-appliance").val(String((preset && applianceOf(preset, limits)) ?? ""));
}

function buttonFor(node: EditorNode, preset: Preset & { name: PresetName }): JQuery {
  const { name } = preset;
  const button = $("<button>", { type: "button", class: "cemm-choice", title: triggerText(`preset.${name}.hint`) });
  return button.text(triggerText(`preset.${name}.name`)).on("click", () => {
    $("#cemm-appliance").val((_, text) => (Number(text) > 0 ? text : String(USUAL_APPLIANCE)));
    fill(node, ruleFor(preset));
  });
}

/** Sets the thresholds and minimum times for the appliance; other changes stay. */
function fitAppliance(node: EditorNode): void {
  const preset = presetOfAppliance(node);
  if (!preset || !(typedWatts() > 0)) return;
  const rule = ruleFor(preset);
  fill(node, Object.fromEntries(APPLIANCE_FIELDS.map((name) => [name, rule[name]])));
}

/** The preset for an appliance with the inputs of the fields. */
function presetOfAppliance(node: EditorNode): Preset | undefined {
  const field = fieldsOf(node);
  return PRESETS.find((preset) => {
    const rule = preset.rule(USUAL_APPLIANCE);
    return preset.hasAppliance && MEASURED.every((name) => field(name) === rule[name]);
  });
}

/** W; NaN or 0 if there is no power. */
function typedWatts(): number {
  return Number($("#cemm-appliance").val());
}

function ruleFor({ rule }: Preset): PresetRule {
  return rule(typedWatts() || USUAL_APPLIANCE);
}

function fill(node: EditorNode, values: object): void {
  for (const [name, value] of Object.entries(values)) {
    if (name === "on" || name === "off") fillLimit(fieldOf(node, name), String(value));
    else setField(node, name, String(value));
  }
}

function fillLimit(field: JQuery, value: string): void {
  field.typedInput("type", "num");
  field.typedInput("value", value);
}

function isFilled(node: EditorNode, preset: Preset): boolean {
  const field = fieldsOf(node);
  const isNumber = field("onType") === "num" && field("offType") === "num";
  return isNumber && Object.entries(ruleFor(preset)).every(([name, value]) => field(name) === String(value));
}
