/** The times of a rule: the dialog shows `15 min`, the node keeps seconds. */
import { fieldOf } from "../../../editor/form.js";
import { parseDuration, writeDuration } from "./durations.js";
import { secondsText, TIME_NAMES } from "./rule-fields.js";

/** Writes the times out, now and after each change: what was typed shows as it is understood. */
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

/** Before Node-RED reads the fields. */
export function saveTimes(node: EditorNode): void {
  for (const name of TIME_NAMES) fieldOf(node, name).val((_, text) => secondsText(text));
}
