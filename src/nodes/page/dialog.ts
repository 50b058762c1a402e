import { checked, checkNumber } from "../../editor/checks.js";
import type { Dialog } from "../../editor/dialog.js";
import { current, currentText } from "../../editor/form.js";
import { chooseOnlyCemm, deviceProperty, labelStyle, paletteLabel, preparePlain } from "../../editor/shared-fields.js";
import { LIMITS } from "../../lib/data/limits-table.js";
import { parsePath } from "../../lib/syntax.js";
import { dropFirstCemms, keepFirstCemm, prepareFirstCemm } from "./dialog/first-cemm.js";
import { metersInDialog, prepareMeters } from "./dialog/meters.js";
import { pageText } from "./dialog/page-texts.js";
import { prepareTariff, tariffInDialog } from "./dialog/tariff.js";

/** In seconds. */
const LONGEST = 3600;

const checkPath = (path: unknown): Verdict => parsePath(String(path ?? "")) !== undefined || pageText("wrong.path");

/** The page's address, by the browser's address of Node-RED. */
function addressOf(path: string): string {
  return new URL(path.trim().replace(/^\/+/, ""), new URL(pageRoot(), location.href)).href;
}

function prepareLink(node: EditorNode): void {
  const show = () => {
    const address = addressOf(currentText(node, "path"));
    $("#cemm-page-link").attr("href", address).text(address);
  };
  $("#node-input-path").on("input", show);
  show();
}

/** The path of the runtime's own pages. */
function pageRoot(): string {
  return `${RED.settings.httpNodeRoot || "/"}/`.replace(/\/+$/, "/");
}

export const dialog: Dialog = {
  defaults: {
    device: deviceProperty,
    path: checked("/energy", checkPath),
    repeat: checked(10, checkNumber({ min: LIMITS.interval.lan, max: LONGEST })),
    meters: { value: [] },
    tariff: { value: { kind: "none" } },
    name: { value: "" },
  },
  paletteLabel,
  label() {
    return this.name || `${this._("label.palette")} · ${current(this, "path") ?? ""}`;
  },
  labelStyle,
  outputLabels() {
    return pageText("label.output");
  },
  onadd() {
    chooseOnlyCemm(this);
  },
  /** Opens the page, once it is deployed. */
  button: {
    enabled() {
      return !this.changed;
    },
    onclick() {
      window.open(addressOf(String(this.path)), "_blank", "noopener");
    },
  },
  oneditprepare() {
    preparePlain(this);
    prepareFirstCemm(this);
    prepareLink(this);
    prepareMeters(this);
    prepareTariff(this);
  },
  oneditsave() {
    keepFirstCemm(this);
    Object.assign(this, { meters: metersInDialog(), tariff: tariffInDialog() });
  },
  oneditcancel() {
    dropFirstCemms();
  },
};
