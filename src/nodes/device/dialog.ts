import { ask } from "../../editor/admin.js";
import { onAsk } from "../../editor/ask-button.js";
import { t } from "../../editor/catalogue.js";
import { checked, checkHost, checkNumber, checkTimezone, checkUid, configNode } from "../../editor/checks.js";
import { accountForm } from "../../editor/device-form.js";
import type { Dialog } from "../../editor/dialog.js";
import { facts, line } from "../../editor/elements.js";
import { accessOf, current, fieldOf, formOf, setField, showDefault, watch } from "../../editor/form.js";
import { choicesView, unmark } from "../../editor/found-cemms.js";
import { meterText } from "../../editor/meter.js";
import { accountProperty, chooseOnlyAccount, paletteLabel, preparePlain } from "../../editor/shared-fields.js";
import { LIMITS } from "../../lib/data/limits-table.js";
import { prepareDeviceTest } from "./dialog/device-test.js";
import { prepareDiagnostics } from "./dialog/diagnostics.js";
import { prepareNetworkSearch } from "./dialog/network-search.js";

function showAccess(node: EditorNode): void {
  const access = accessOf(node);
  const form = formOf(node);
  form.find(".cemm-cloud").toggle(access !== "lan");
  form.find(".cemm-lan").toggle(access !== "cloud");
  $("#cemm-lookup").prop("disabled", !configNode(current(node, "account")));
  $("#cemm-why-uid").text(t(`lookup.uid.${access}`));
  fieldOf(node, "account").trigger("cemm-check");
}

function prepareAccess(node: EditorNode): void {
  fieldOf(node, "access").on("change", () => {
    if (accessOf(node) !== "lan") chooseOnlyAccount(node);
  });
  watch(node, ["access", "account"], () => showAccess(node));
}

/** A result belongs to the network or account that was searched, its selection to the current fields. */
function prepareFound(node: EditorNode): void {
  const found = $("#cemm-found");
  const asked = () => `${current(node, "access")} ${current(node, "account")}`;
  let before: string | undefined;
  // Node-RED also fires "change" when it fills the form.
  watch(node, ["access", "account"], () => {
    if (before !== undefined && before !== asked()) found.empty();
    before = asked();
  });
  fieldOf(node, "host")
    .add(fieldOf(node, "uid"))
    .on("input", ({ originalEvent }) => {
      if (originalEvent) unmark(found);
    });
}

async function lookUp(node: EditorNode): Promise<JQuery> {
  const account = configNode(current(node, "account"));
  const { cemms } = await ask("account/test", account ? accountForm(account) : {});
  if (cemms.length === 0) return line(t("lookup.noCemms"), "cemm-bad");
  return choicesView(
    cemms.map(({ uid, meters }) => ({
      title: uid,
      detail: facts(...meters.map(meterText)),
      pick: () => setField(node, "uid", uid),
    })),
  );
}

export const dialog: Dialog = {
  defaults: {
    name: { value: "" },
    access: { value: "lan" },
    host: checked("", checkHost),
    uid: checked("", checkUid),
    account: accountProperty((node) => accessOf(node) !== "lan"),
    timezone: checked("Europe/Amsterdam", checkTimezone),
    timeout: checked(LIMITS.timeout.default, checkNumber(LIMITS.timeout)),
  },
  paletteLabel,
  label() {
    return this.name || String(this.host || this.uid || "") || this._("label.palette");
  },
  oneditprepare() {
    preparePlain(this);
    showDefault(this, "timezone");
    showDefault(this, "timeout");
    prepareNetworkSearch(this);
    prepareDeviceTest(this);
    prepareDiagnostics(this);
    onAsk($("#cemm-lookup"), $("#cemm-found"), "lookup.asking", () => lookUp(this));
    prepareAccess(this);
    prepareFound(this);
  },
};
