/** If there is no CEMM in the flows yet, offers those on the network, so that the page needs no other dialog. */
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
  // A picked CEMM stays visible; if another one is chosen, there is nothing left to pick.
  fieldOf(node, "device").on("change", () => row.toggle(needsCemm() || isPicked(node)));
}

const isPicked = (node: EditorNode): boolean => [...added.values()].includes(String(current(node, "device")));

/** If only one is found, it is chosen. */
async function search(node: EditorNode): Promise<JQuery> {
  const { cemms } = await ask("search", {});
  if (cemms.length === 0) return line(t("lookup.nothing"), "cemm-bad");
  const view = foundView(cemms, (cemm) => pick(node, cemm));
  if (cemms.length === 1) view.find("button").trigger("click");
  return view;
}

function pick(node: EditorNode, cemm: FoundCemm): void {
  const field = fieldOf(node, "device");
  // The dialog was closed during the search.
  if (field.length === 0) return;
  const id = added.get(cemm.uid) ?? addDevice(cemm);
  if (field.find(`option[value="${id}"]`).length === 0) field.prepend($("<option>", { value: id }).text(nameOf(cemm)));
  field.val(id).trigger("change");
}

/** The config nodes that this dialog made, by uid. On *Done* only the chosen one stays. */
const added = new Map<string, string>();

function addDevice({ uid, host, ...cemm }: FoundCemm): string {
  const id = RED.nodes.id();
  const { defaults } = RED.nodes.getType("cemm-device");
  const values = Object.fromEntries(Object.entries(defaults).map(([name, { value }]) => [name, value]));
  const name = nameOf({ uid, host, ...cemm });
  RED.nodes.import([{ id, type: "cemm-device", z: "", ...values, name, host, uid }]);
  added.set(uid, id);
  return id;
}

/** Does what the editor does when a config node is added with its own button. */
export function keepFirstCemm(node: EditorNode): void {
  const chosen = String(fieldOf(node, "device").val());
  if (drop((id) => id !== chosen) === 0) return;
  RED.history.push({ t: "add", nodes: [chosen], dirty: RED.nodes.dirty() });
  RED.nodes.dirty(true);
}

export function dropFirstCemms(): void {
  drop(() => true);
}

/** Returns how many are left. */
function drop(isUnwanted: (id: string) => boolean): number {
  const unwanted = [...added.values()].filter(isUnwanted);
  for (const id of unwanted) RED.nodes.remove(id);
  const left = added.size - unwanted.length;
  added.clear();
  return left;
}
