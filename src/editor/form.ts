/** The form of a node's open dialog. */

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
  // Where the window is too narrow for a dialog's usual width, Node-RED would cut its right side off.
  afterNodeRed(() => form.closest(".red-ui-tray-body").css("min-width", 0));
}

/** A property as the open dialog shows it, else as the node has it. */
export function current(node: EditorNode, name: string): unknown {
  const form = formOf(node);
  const field = form.data("cemm-node") === node.id ? form.find(fieldOf(node, name)) : $();
  if (field.length === 0) return node[name];
  return field.is(":checkbox") ? field.prop("checked") : field.val();
}

/** As {@link current}, as text; blank where there is none. */
export function currentText(node: EditorNode, name: string): string {
  return String(current(node, name) ?? "");
}

export function setField(node: EditorNode, name: string, value: string): void {
  fieldOf(node, name).val(value).trigger("input").trigger("change");
}

/** Shows what holds where the field is blank, or not in the flow file at all. */
export function showDefault(node: EditorNode, name: string): void {
  fieldOf(node, name).attr("placeholder", String(node._def.defaults[name]?.value ?? ""));
}

/** Node-RED fills selects and translates labels after it has called `oneditprepare`. */
export function afterNodeRed(work: () => void): void {
  setTimeout(work);
}

/** A result belongs to the fields as they were. */
export function clearOnInput(node: EditorNode, area: JQuery): void {
  formOf(node).on("input", () => area.empty());
}
