import { ask } from "../../editor/admin.js";
import { onAsk } from "../../editor/ask-button.js";
import { t } from "../../editor/catalogue.js";
import { checkBaseUrl, checked, checkKey, checkNumber } from "../../editor/checks.js";
import { accountForm } from "../../editor/device-form.js";
import type { Dialog } from "../../editor/dialog.js";
import { duration, facts, headline, line } from "../../editor/elements.js";
import { clearOnInput, showDefault } from "../../editor/form.js";
import { meterText } from "../../editor/meter.js";
import { paletteLabel, preparePlain } from "../../editor/shared-fields.js";
import { LIMITS } from "../../lib/data/limits-table.js";

async function test(node: EditorNode): Promise<JQuery> {
  const { cemms, ms } = await ask("account/test", accountForm(node));
  const works = facts(t("lookup.keyWorks", { number: cemms.length }), duration(ms));
  const items = cemms.map(({ uid, meters }) =>
    $("<li>").append($("<b>").text(uid), line(facts(...meters.map(meterText)), "cemm-detail")),
  );
  return $("<div>").append(headline("check", works, "good"), $("<ul>").append(items));
}

export const dialog: Dialog = {
  defaults: {
    name: { value: "" },
    baseUrl: checked("https://open-api.cemm.nl/v1/", checkBaseUrl),
    concurrency: checked(LIMITS.concurrency.default, checkNumber(LIMITS.concurrency)),
  },
  credentials: { apiKey: { ...checked("", checkKey), type: "password" } },
  paletteLabel,
  label() {
    return this.name || this._("label.palette");
  },
  oneditprepare() {
    preparePlain(this);
    showDefault(this, "concurrency");
    onAsk($("#cemm-test"), $("#cemm-result"), "lookup.testing", () => test(this));
    clearOnInput(this, $("#cemm-result"));
  },
};
