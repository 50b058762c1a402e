/** Shows the runtime's text for a report about the CEMM as typed, to read and to copy. */
import { ask } from "../../../editor/admin.js";
import { onAsk } from "../../../editor/ask-button.js";
import { t } from "../../../editor/catalogue.js";
import { deviceForm } from "../../../editor/device-form.js";
import { line, plainButton, withIcon } from "../../../editor/elements.js";

export function prepareDiagnostics(node: EditorNode): void {
  onAsk($("#cemm-diagnostics"), $("#cemm-result"), "lookup.diagnosing", async () => {
    const { text } = await ask("device/diagnostics", deviceForm(node));
    return reportView(text);
  });
}

function reportView(text: string): JQuery {
  const report = $("<textarea>", { class: "cemm-report", readonly: true, rows: 10, "aria-label": t("lookup.report") });
  const copy = withIcon(plainButton(), "clipboard", t("lookup.copy"));
  copy.on("click", () => RED.clipboard.copyText(text, copy, t("lookup.copied")));
  return $("<div>").append(line(t("lookup.report")), report.text(text), copy);
}
