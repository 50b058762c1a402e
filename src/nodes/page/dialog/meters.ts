/** The meters of the chosen CEMM, a row each: its name on the page, its role, and whether it is shown. */

import { line } from "../../../editor/elements.js";
import { currentText } from "../../../editor/form.js";
import { meterText } from "../../../editor/meter.js";
import { metersOf } from "../../../editor/meters-of.js";
import { pageText } from "./page-texts.js";

const ROLES = ["grid", "solar", "sub-meter", "gas", "water", "unknown"] as const;

/** A stored override; values equal to the CEMM's are left out. */
interface Override {
  alias: string;
  name?: string;
  role?: string;
  shown?: boolean;
}

interface Row {
  override: Override;
  detail: string;
}

/** Fills the table, now and when another CEMM is chosen. */
export function prepareMeters(node: EditorNode): void {
  const area = $("#cemm-meters");
  const kept = overridesOf(node);
  const show = () => {
    rowsOf(node, kept).then(
      (rows) => area.empty().append(rows.length > 0 ? table(rows) : line(pageText("meters.none"), "cemm-detail")),
      () => area.empty().append(line(pageText("meters.unknown"), "cemm-detail"), table(kept.map(unasked))),
    );
  };
  $("#node-input-device").on("change", show);
}

/** The overrides of the open dialog's table, without values equal to the CEMM's. */
export function metersInDialog(): Override[] {
  return $("#cemm-meters tbody tr")
    .get()
    .flatMap((row) => {
      const field = (name: string) => String($(row).find(`[data-field=${name}]`).val() ?? "").trim();
      const shown = $(row).find("[data-field=shown]").prop("checked") === true;
      const [name, role] = [field("name"), field("role")];
      const override: Override = { alias: String($(row).data("alias")) };
      if (name) override.name = name;
      if (role) override.role = role;
      if (!shown) override.shown = false;
      return name || role || !shown ? [override] : [];
    });
}

async function rowsOf(node: EditorNode, kept: readonly Override[]): Promise<Row[]> {
  const device = RED.nodes.node(currentText(node, "device"));
  const listed = device ? await metersOf(device) : [];
  const rows = listed.flatMap((meter) => {
    const { alias } = meter;
    const override = kept.find((each) => each.alias === alias);
    return alias ? [{ override: override ?? { alias }, detail: meterText(meter) }] : [];
  });
  const others = kept.filter(({ alias }) => !rows.some((row) => row.override.alias === alias));
  return [...rows, ...others.map(unlisted)];
}

const unlisted = (override: Override): Row => ({ override, detail: pageText("meters.unlisted") });
/** Without the list, it is not known whether the CEMM has the meter. */
const unasked = (override: Override): Row => ({ override, detail: "" });

function overridesOf({ meters }: EditorNode): Override[] {
  const isOverride = (each: unknown): each is Override =>
    typeof each === "object" && each !== null && "alias" in each && typeof each.alias === "string";
  return Array.isArray(meters) ? meters.filter(isOverride) : [];
}

function table(rows: readonly Row[]): JQuery {
  const heads = (["meter", "name", "role", "shown"] as const).map((key) => $("<th>").text(pageText(`meters.${key}`)));
  const body = $("<tbody>").append(rows.map(tableRow));
  return $("<table>", { class: "cemm-meters" }).append($("<thead>").append($("<tr>").append(heads)), body);
}

function tableRow({ override, detail }: Row): JQuery {
  const { alias, name = "", role = "", shown = true } = override;
  const label = (key: "name" | "role" | "shown") => `${alias}: ${pageText(`meters.${key}`)}`;
  const select = $("<select>", { "data-field": "role", "aria-label": label("role") }).append(
    $("<option>", { value: "" }).text(pageText("role.own")),
    ROLES.map((each) => $("<option>", { value: each }).text(pageText(`role.${each}`))),
  );
  const cells = [
    $("<b>").text(alias).add(line(detail, "cemm-detail")),
    $("<input>", { type: "text", "data-field": "name", "aria-label": label("name") }).val(name),
    select.val(role),
    $("<input>", { type: "checkbox", "data-field": "shown", "aria-label": label("shown") }).prop("checked", shown),
  ];
  return $("<tr>")
    .data("alias", alias)
    .append(cells.map((cell) => $("<td>").append(cell)));
}
