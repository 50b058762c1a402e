/** Where there is no CEMM in the flows yet, those on the network are found and offered: the page needs no other dialog. */
import { ask, type FoundCemm } from "../../../editor/admin.js";
import { onAsk } from "../../../editor/ask-button.js";
import { t } from "../../../editor/catalogue.js";
import { configNode } from "../../../editor/checks.js";
import { line } from "../../../editor/elements.js";
import { afterNodeRed, current, fieldOf } from "../../../editor/form.js";
import { foundView, nameOf } from "../../../editor/found-cemms.js";

export function prepareFirstCemm(node: EditorNode): void {
  const row = $("#cemm-first");
  const needsCemm = () => !configNode(current(node, "device"));
  onAsk($("#cemm-first-search"), $("#cemm-first-found"), "lookup.searching", () => search(node));
  afterNodeRed(() => {
    row.toggle(needsCemm());
    if (needsCemm()) $("#cemm-first-search").trigger("click");
  });
  fieldOf(node, "device").on("change", () => {
    // What was picked stays in sight; where another was chosen there is nothing to pick any more.
    if (row.find("[aria-pressed=true]").length === 0) row.toggle(needsCemm());
  });
}

async function search(node: EditorNode): Promise<JQuery> {
  const { cemms } = await ask("search", {});
  if (cemms.length === 0) return line(t("lookup.nothing"), "cemm-bad");
  return foundView(cemms, (cemm) => pick(node, cemm));
}

function pick(node: EditorNode, cemm: FoundCemm): void {
  const id = existing(cemm)?.id ?? addDevice(cemm);
  const field = fieldOf(node, "device");
  if (field.find(`option[value="${id}"]`).length === 0) field.prepend($("<option>", { value: id }).text(nameOf(cemm)));
  field.val(id).trigger("change");
}

/** Picked before, and then another: it is there already. */
function existing({ uid }: FoundCemm): EditorNode | undefined {
  let found: EditorNode | undefined;
  RED.nodes.eachConfig((config) => {
    if (config.type === "cemm-device" && config.uid === uid) found = config;
  });
  return found;
}

/** As the editor's own button for a new config node leaves it behind. */
function addDevice(cemm: FoundCemm): string {
  const id = RED.nodes.id();
  const { defaults } = RED.nodes.getType("cemm-device");
  const values = Object.fromEntries(Object.entries(defaults).map(([name, { value }]) => [name, value]));
  const wasDirty = RED.nodes.dirty();
  RED.nodes.import([{ id, type: "cemm-device", z: "", ...values, name: nameOf(cemm), host: cemm.host, uid: cemm.uid }]);
  RED.history.push({ t: "add", nodes: [id], dirty: wasDirty });
  RED.nodes.dirty(true);
  return id;
}
