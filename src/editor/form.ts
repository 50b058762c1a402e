/** The form of a node's open dialog. */
import type { Access } from "../lib/data/answer.js";

function isConfig(node: EditorNode): boolean {
  return node._def.category === "config";
}

export function formOf(node: EditorNode): JQuery {
  return $(isConfig(node) ? "#node-config-dialog-edit-form" : "#dialog-form");
}

export function fieldOf(node: EditorNode, name: string): JQuery {
  return $(`#node-${isConfig(node) ? "config-" : ""}input-${name}`);
}

/** Marks the open form as this node's, so that {@link current} reads it. */
export function openForm(node: EditorNode): void {
  const form = formOf(node).data("cemm-node", node.id).addClass("cemm-form");
  // In a window narrower than a dialog's default width, Node-RED would cut off its right side.
  afterNodeRed(() => form.closest(".red-ui-tray-body").css("min-width", 0));
}

/** A property from the open dialog, else from the node. */
export function current(node: EditorNode, name: string): unknown {
  const form = formOf(node);
  const field = form.data("cemm-node") === node.id ? form.find(fieldOf(node, name)) : $();
  if (field.length === 0) return node[name];
  return field.is(":checkbox") ? field.prop("checked") : field.val();
}

/** As {@link current}, as text; blank if undefined. */
export function currentText(node: EditorNode, name: string): string {
  return String(current(node, name) ?? "");
}

/** The access of the config node, from its open dialog if any; without a node, the default. */
export function accessOf(device: EditorNode | null): Access {
  const access = device && current(device, "access");
  return access === "cloud" || access === "auto" ? access : "lan";
}

export function setField(node: EditorNode, name: string, value: string): void {
  fieldOf(node, name).val(value).trigger("input").trigger("change");
}

/** Shows the default for a field that is blank or missing in the flow file. */
export function showDefault(node: EditorNode, name: string): void {
  fieldOf(node, name).attr("placeholder", String(node._def.defaults[name]?.value ?? ""));
}

/** Node-RED fills selects and translates labels after it has called `oneditprepare`. */
export function afterNodeRed(work: () => void): void {
  setTimeout(work);
}

/** Calls `show` once Node-RED has filled these fields, and whenever one of them changes. */
export function watch(node: EditorNode, names: readonly string[], show: () => void): void {
  for (const name of names) fieldOf(node, name).on("change keyup", show);
  afterNodeRed(show);
}

export function clearOnInput(node: EditorNode, area: JQuery): void {
  formOf(node).on("input", () => area.empty());
}
