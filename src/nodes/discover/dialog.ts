import { t } from "../../editor/catalogue.js";
import { checkBroadcast, checked, checkNumber, checkUdpPort } from "../../editor/checks.js";
import type { Dialog } from "../../editor/dialog.js";
import { current, fieldOf, formOf } from "../../editor/form.js";
import { literal } from "../../editor/literal.js";
import {
  accountProperty,
  chooseOnlyAccount,
  labelStyle,
  messageProperties,
  paletteLabel,
  preparePlain,
} from "../../editor/shared-fields.js";
import { LIMITS } from "../../lib/data/limits-table.js";
import { sampleCemm } from "./dialog/sample-cemm.js";

const isCloud = (node: EditorNode) => current(node, "source") === "cloud";

function showSource(node: EditorNode): void {
  formOf(node).find(".cemm-cloud").toggle(isCloud(node));
  formOf(node).find(".cemm-lan").toggle(!isCloud(node));
  fieldOf(node, "account").trigger("cemm-check");
}

function showExample(node: EditorNode): void {
  const cemm = sampleCemm(isCloud(node) ? "cloud" : "lan", current(node, "details") === true);
  $("#cemm-example").text(literal(current(node, "deliver") === "each" ? cemm : [cemm]));
}

export const dialog: Dialog = {
  defaults: {
    source: { value: "lan" },
    account: accountProperty(isCloud),
    timeout: checked(LIMITS.searchTime.default, checkNumber(LIMITS.searchTime)),
    broadcast: checked("", checkBroadcast),
    port: checked(9777, checkUdpPort),
    details: { value: false },
    deliver: { value: "one" },
    ...messageProperties,
  },
  paletteLabel,
  label() {
    return this.name || this._("label.palette");
  },
  labelStyle,
  outputLabels() {
    return t(this.deliver === "each" ? "output.cemm" : "output.cemms");
  },
  oneditprepare() {
    preparePlain(this);
    $("#node-input-source").on("change", () => {
      if (isCloud(this)) chooseOnlyAccount(this);
      showSource(this);
    });
    $("#node-input-source, #node-input-details, #node-input-deliver").on("change", () => showExample(this));
    showSource(this);
    showExample(this);
  },
};
