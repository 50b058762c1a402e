/** Rules to start from: a button for each, pressed while the fields are as it would fill them. */

import { currentText, fieldOf, setField } from "../../../editor/form.js";
import { STARTING_POINTS } from "../../../lib/trigger/starting-points-table.js";
import { triggerText } from "./texts.js";

const NAMES = ["surplus", "peak", "night", "idle"] as const;
type Name = (typeof NAMES)[number];

/** Makes the buttons. What is returned shows which of them the fields agree with. */
export function prepareStartingPoints(node: EditorNode): () => void {
  const buttons = NAMES.map((name) => ({ name, button: buttonFor(node, name) }));
  $("#cemm-start").append(buttons.map(({ button }) => button));
  return () => {
    for (const { name, button } of buttons) button.attr("aria-pressed", String(isFilled(node, name)));
  };
}

function buttonFor(node: EditorNode, name: Name): JQuery {
  const button = $("<button>", {
    type: "button",
    class: "cemm-choice",
    title: triggerText(`start.${name}.hint`),
  });
  return button.text(triggerText(`start.${name}.name`)).on("click", () => fill(node, name));
}

function fill(node: EditorNode, name: Name): void {
  for (const [field, value] of Object.entries(STARTING_POINTS[name])) {
    if (field === "on" || field === "off") fillLimit(fieldOf(node, field), value);
    else setField(node, field, String(value));
  }
}

function fillLimit(field: JQuery, value: string | number): void {
  field.typedInput("type", "num");
  field.typedInput("value", String(value));
}

function isFilled(node: EditorNode, name: Name): boolean {
  const isNumber = currentText(node, "onType") === "num" && currentText(node, "offType") === "num";
  return (
    isNumber &&
    Object.entries(STARTING_POINTS[name]).every(([field, value]) => currentText(node, field) === String(value))
  );
}
