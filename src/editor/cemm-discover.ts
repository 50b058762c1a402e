import { LIMITS } from "../lib/data/limits-table.js";
import { t } from "./catalogue.js";
import { checkBroadcast, checkNumber, checkUdpPort } from "./checks.js";
import type { Dialog } from "./dialog.js";
import { current, fieldOf, formOf } from "./form.js";
import { literal } from "./literal.js";
import { checked } from "./property.js";
import { sampleCemm } from "./sample-cemm.js";
import {
  accountProperty,
  chooseOnlyAccount,
  labelStyle,
  messageProperties,
  paletteLabel,
  preparePlain,
} from "./shared-fields.js";

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
  category: "CEMM",
  color: "#CFCBE6",
  icon: "cemm-discover.svg",
  inputs: 1,
  outputs: 1,
  defaults: {
    source: { value: "lan" },
    account: accountProperty(isCloud),
    timeout: checked(LIMITS.searchTime.usual, checkNumber(LIMITS.searchTime)),
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
