/** The times of a rule: the dialog shows `15 min`, the node stores seconds. */
import { fieldOf } from "../../../editor/form.js";
import { parseDuration, writeDuration } from "./durations.js";
import { secondsText, TIME_NAMES } from "./rule-fields.js";

/** Formats the times, now and after each change, to show how they were understood. */
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
