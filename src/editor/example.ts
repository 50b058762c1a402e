/** What a format's payload looks like, below the format's field. */
import { type KeyIn, t, textAt } from "./catalogue.js";
import { current, currentText } from "./form.js";

/** Formats with an entry for each channel, which can be split. */
const SPLITTABLE = ["values", "measurements"];

export function isSplit(node: EditorNode): boolean {
  return SPLITTABLE.includes(currentText(node, "format")) && current(node, "split") === true;
}

/** What comes out, in a few words. */
export function formatLabel(node: EditorNode): string {
  const format = String(node.format);
  const split = node.split && SPLITTABLE.includes(format) ? "Split" : "";
  return textAt("output", `${format}${split}`) ?? format;
}

export function showExample(key: KeyIn<"example">): void {
  $("#cemm-example").text(t(`example.${key}`));
}

/** Shows the example of the chosen format, and whether its channels may be split. */
export function prepareReadingExample(node: EditorNode): void {
  const show = () => {
    const format = currentText(node, "format");
    $(".cemm-split").toggle(SPLITTABLE.includes(format));
    $("#cemm-example").text(textAt("example", `${format}${isSplit(node) ? "Split" : ""}`) ?? "");
  };
  $("#node-input-format, #node-input-split").on("change", show);
  show();
}
