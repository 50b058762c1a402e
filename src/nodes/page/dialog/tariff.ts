/** The fields of the chosen kind of contract. */
import { pageText } from "./page-texts.js";

/** Each field, and the kinds of contract that have it. Prices are euros per kWh or m³, standing charges euros a day. */
const FIELDS = {
  buy: ["fixed", "two"],
  buyLow: ["two"],
  sell: ["fixed", "two"],
  sellLow: ["two"],
  lowRegister: ["two"],
  standing: ["fixed", "two", "hourly"],
  gas: ["fixed", "two", "hourly"],
  gasStanding: ["fixed", "two", "hourly"],
  water: ["fixed", "two", "hourly"],
  waterStanding: ["fixed", "two", "hourly"],
  netting: ["fixed", "two", "hourly"],
  byMessage: ["hourly"],
} as const;
const PRICES = [
  "buy",
  "buyLow",
  "sell",
  "sellLow",
  "standing",
  "gas",
  "gasStanding",
  "water",
  "waterStanding",
] as const;
type FieldName = keyof typeof FIELDS;

type Tariff = Record<string, unknown>;

export function prepareTariff({ tariff }: EditorNode): void {
  const kept: Tariff = typeof tariff === "object" && tariff !== null ? { ...tariff } : {};
  const prices = PRICES.map((name) => row(name, priceField(kept[name])));
  const netting = $("<input>", { type: "checkbox" }).prop("checked", kept.netting === true);
  const byMessage = $("<div>", { class: "cemm-detail", "data-row": "byMessage" }).text(pageText("tariff.byMessage"));
  const area = $("#cemm-prices").append(byMessage, prices, row("netting", netting));
  area.find("[data-row=sellLow]").after(row("lowRegister", lowField(kept.lowRegister)));
  const show = () => {
    const kind = kindInDialog();
    area.find("[data-row]").each((_, each) => {
      $(each).prop("hidden", !isOf(kind, String($(each).data("row"))));
    });
  };
  $("#cemm-tariff-kind")
    .val(String(kept.kind ?? "none"))
    .on("change", show);
  show();
}

/** The stored tariff, only with the fields of this kind of contract. */
export function tariffInDialog(): Tariff {
  const kind = kindInDialog();
  const tariff: Tariff = { kind };
  for (const name of PRICES) {
    const price = priceIn(fieldOf(name));
    if (isOf(kind, name) && price !== undefined && Number.isFinite(price)) tariff[name] = price;
  }
  if (isOf(kind, "lowRegister")) tariff.lowRegister = fieldOf("lowRegister").val();
  if (isOf(kind, "netting") && fieldOf("netting").prop("checked") === true) tariff.netting = true;
  return tariff;
}

const kindInDialog = (): string => String($("#cemm-tariff-kind").val() ?? "none");
const fieldOf = (name: FieldName): JQuery => $(`#cemm-tariff-${name}`);
const isOf = (kind: string, name: string): boolean =>
  Object.entries(FIELDS).some(([each, kinds]) => each === name && kinds.some((own) => own === kind));

/** Accepts a decimal comma. Undefined: blank. */
function priceIn(field: JQuery): number | undefined {
  const text = String(field.val() ?? "").trim();
  return text === "" ? undefined : Number(text.replace(",", "."));
}

function row(name: Exclude<FieldName, "byMessage">, field: JQuery): JQuery {
  const id = `cemm-tariff-${name}`;
  const label = $("<label>", { for: id }).text(pageText(`tariff.${name}`));
  return $("<div>", { "data-row": name }).append(label, field.attr("id", id));
}

function priceField(kept: unknown): JQuery {
  const field = $("<input>", { type: "text", inputmode: "decimal", class: "cemm-number" }).val(String(kept ?? ""));
  // Marked like Node-RED's own invalid fields.
  return field.on("input", () => field.toggleClass("input-error", Number.isNaN(priceIn(field) ?? 0)));
}

/** In the Netherlands register 1 counts the low tariff, in Belgium register 2. */
function lowField(kept: unknown): JQuery {
  const options = (["t1", "t2"] as const).map((each) =>
    $("<option>", { value: each }).text(pageText(`tariff.low.${each}`)),
  );
  return $("<select>")
    .append(options)
    .val(String(kept ?? "t1"));
}
