/** The properties of several nodes with their checks, and the behaviour of their rows. */

import { aliasType } from "./alias-field.js";
import { t } from "./catalogue.js";
import { checkAlias, checkChannel, checkConfigNode, checked, checkTarget, checkTyped, configNode } from "./checks.js";
import type { Dialog } from "./dialog.js";
import { afterNodeRed, current, openForm, setField } from "./form.js";
import { meterIcon } from "./meter.js";
import { chooseSmartMeter, watchMeter } from "./meter-check.js";
import { showProblems } from "./problems.js";
import { MESSAGE_TYPES, makeTypedInput, textType } from "./typed-input.js";

export const deviceProperty: Property = {
  ...checked("", (value, node) => checkConfigNode(value, node.device, "device")),
  type: "cemm-device",
  required: true,
};

export const meterProperties: Record<string, Property> = {
  device: deviceProperty,
  alias: checked("p1", (value, node) => checkTyped(value, current(node, "aliasType"), checkAlias)),
  aliasType: { value: "str" },
  target: checked("", (value, node) => checkTyped(value, current(node, "targetType"), checkTarget)),
  targetType: { value: "str" },
};

export const messageProperties: Record<string, Property> = { topic: { value: "" }, name: { value: "" } };

/** The account of a node that needs one only if `isNeeded` is true. */
export function accountProperty(isNeeded: (node: EditorNode) => boolean): Property {
  return {
    ...checked("", (value, node) => !isNeeded(node) || checkConfigNode(value, value, "account")),
    type: "cemm-account",
    required: false,
  };
}

/** Sets up the dialog of a node with plain fields only. */
export function preparePlain(node: EditorNode): void {
  openForm(node);
  afterNodeRed(() => showProblems(node));
}

export const readingProperties: Record<string, Property> = {
  format: { value: "values" },
  channel: checked("", (value, node) => checkChannel(value, current(node, "format"))),
  split: { value: false },
};

/** A new node takes the CEMM if there is only one. Not a pasted node, which Node-RED would not add to its users. */
export function chooseOnlyCemm(node: EditorNode): void {
  if (node.device || RED.nodes.node(node.id)) return;
  const only = onlyConfig("cemm-device");
  if (only) Object.assign(node, { device: only.id });
}

/** Called when a dialog needs an account: takes it if there is only one. */
export function chooseOnlyAccount(node: EditorNode): void {
  const only = onlyConfig("cemm-account");
  if (only && !configNode(current(node, "account"))) setField(node, "account", only.id);
}

function onlyConfig(type: string): EditorNode | undefined {
  const all: EditorNode[] = [];
  RED.nodes.eachConfig((config) => {
    if (config.type === type && !config.z) all.push(config);
  });
  return all.length === 1 ? all[0] : undefined;
}

/** The common properties of the nodes that ask a meter. */
export const meterNode: Pick<Dialog, "iconOf" | "paletteLabel" | "labelStyle" | "onadd"> = {
  iconOf: meterIcon,
  paletteLabel,
  labelStyle,
  onadd() {
    chooseOnlyCemm(this);
    chooseSmartMeter(this).catch(() => {});
  },
};

/** Sets up the rows of {@link meterProperties}. */
export function prepareMeter(node: EditorNode): void {
  preparePlain(node);
  makeTypedInput("alias", [aliasType(node), ...MESSAGE_TYPES], "str");
  makeTypedInput("target", [textType(), ...MESSAGE_TYPES], "str");
  watchMeter(node);
}

/** The browser offers these names while a channel is typed. */
export function suggestChannels(names: () => readonly string[]): void {
  const list = $("#cemm-channels");
  $("#node-input-channel").on("focus", () => {
    list.empty().append(names().map((value) => $("<option>", { value })));
  });
}

/** `House · p1`, or what is missing, followed by `more`. */
export function meterLabel(node: EditorNode, ...more: string[]): string {
  if (node.name) return node.name;
  if (!node.device) return node._("label.palette");
  const device = RED.nodes.node(String(node.device));
  const name = device ? RED.utils.getNodeLabel(device, device.id) : t("label.missing");
  return [name, aliasLabel(node), ...more].join(" · ");
}

function aliasLabel({ alias, aliasType }: EditorNode): string {
  if (!aliasType || aliasType === "str") return String(alias);
  return aliasType === "jsonata" ? "(…)" : `${aliasType}.${alias}`;
}

export function labelStyle(this: EditorNode): string {
  return this.name ? "node_label_italic" : "";
}

export function paletteLabel(this: EditorNode): string {
  return this._("label.palette");
}
