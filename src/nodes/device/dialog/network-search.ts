/** The results of a network search, to pick from; or why there may be none, and a way to search elsewhere. */
import { ask, type FoundCemm } from "../../../editor/admin.js";
import { onAsk } from "../../../editor/ask-button.js";
import { t } from "../../../editor/catalogue.js";
import { headline, line, plainButton } from "../../../editor/elements.js";
import { afterNodeRed, fieldOf, setField } from "../../../editor/form.js";
import { foundView, nameOf } from "../../../editor/found-cemms.js";

export function prepareNetworkSearch(node: EditorNode): void {
  const button = $("#cemm-search");
  onAsk(button, $("#cemm-found"), "lookup.searching", () => search(node, {}));
  // A new CEMM is searched for automatically.
  if (!RED.nodes.node(node.id)) afterNodeRed(() => button.trigger("click"));
}

async function search(node: EditorNode, question: { broadcast?: string }): Promise<JQuery> {
  const { cemms, tried, port } = await ask("search", question);
  return cemms.length === 0 ? nothingView(node, tried, port) : foundView(cemms, (cemm) => pick(node, cemm));
}

function pick(node: EditorNode, cemm: FoundCemm): void {
  setField(node, "host", cemm.host);
  setField(node, "uid", cemm.uid);
  if (!fieldOf(node, "name").val()) setField(node, "name", nameOf(cemm));
  $("#cemm-test").trigger("click");
}

function nothingView(node: EditorNode, tried: string[], port: number): JQuery {
  const reasons = (["off", "vlan", "docker", "core"] as const).map((reason) =>
    $("<li>").text(t(`lookup.why.${reason}`)),
  );
  return $("<div>", { class: "cemm-bad" }).append(
    headline("search", t("lookup.nothing")),
    line(t("lookup.reasons")),
    $("<ul>").append(reasons),
    line(t("lookup.tried", { addresses: tried.join(", ") || "–", port }), "cemm-detail"),
    line(t("lookup.byHand")),
    elsewhereRow(node),
  );
}

function elsewhereRow(node: EditorNode): JQuery {
  const id = "cemm-broadcast";
  const address = $("<input>", { type: "text", id, placeholder: "192.168.1.255" });
  const again = plainButton().attr("id", "cemm-search-again").text(t("lookup.again"));
  address.on("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    // Node-RED still reads the field, which the search would remove.
    afterNodeRed(() => again.trigger("click"));
  });
  onAsk(again, $("#cemm-found"), "lookup.searching", () => search(node, { broadcast: String(address.val()) }));
  const label = $("<label>", { for: id }).text(t("lookup.elsewhere"));
  return $("<div>", { class: "cemm-elsewhere" }).append(label, address, again);
}
