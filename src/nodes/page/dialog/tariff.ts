/** What energy costs: the fields of the chosen kind of contract. */
import { pageText } from "./page-texts.js";

/** Each field, and the kinds of contract that have it. Prices are euros per kWh or m³, standing charges euros a day. */
const FIELDS = {
  buy: ["fixed", "two"],
  buyLow: ["two"],
  sell: ["fixed", "two"],
  sellLow: ["two"],
  standing: ["fixed", "two", "hourly"],
  gas: ["fixed", "two", "hourly"],
  gasStanding: ["fixed", "two", "hourly"],
  water: ["fixed", "two", "hourly"],
  waterStanding: ["fixed", "two", "hourly"],
} as const;
type FieldName = keyof typeof FIELDS;

const NAMES: readonly FieldName[] = [
  "buy",
  "buyLow",
  "sell",
  "sellLow",
  "standing",
  "gas",
  "gasStanding",
  "water",
  "waterStanding",
];

type Tariff = Record<string, unknown>;

const kindInDialog = (): string => String($("#cemm-tariff-kind").val() ?? "none");

export function prepareTariff({ tariff }: EditorNode): void {
  const kept: Tariff = typeof tariff === "object" && tariff !== null ? { ...tariff } : {};
  const area = $("#cemm-prices").append(
    NAMES.map((name) => priceField(name, kept)),
    lowField(kept),
    nettingField(kept),
  );
  const show = () => {
    const kind = kindInDialog();
    for (const name of NAMES) area.find(`[data-row=${name}]`).toggle(FIELDS[name].some((each) => each === kind));
    area.find("[data-row=lowRegister]").toggle(kind === "two");
    area.find("[data-row=netting]").toggle(kind !== "none");
    area.find("[data-row=hourly]").toggle(kind === "hourly");
  };
  area.append($("<div>", { class: "cemm-detail", "data-row": "hourly" }).text(pageText("tariff.byMessage")));
  $("#cemm-tariff-kind")
    .val(String(kept.kind ?? "none"))
    .on("change", show);
  show();
}

/** As the node keeps it. A price with a comma is one, too. */
export function tariffInDialog(): Tariff {
  const value = (name: string) => String($(`#cemm-tariff-${name}`).val() ?? "").trim();
  const tariff: Tariff = { kind: kindInDialog() };
  for (const name of NAMES) {
    const price = Number(value(name).replace(",", "."));
    if (value(name) !== "" && Number.isFinite(price)) tariff[name] = price;
  }
  tariff.lowRegister = value("lowRegister");
  tariff.netting = $("#cemm-tariff-netting").prop("checked") === true;
  return tariff;
}

function row(name: string, label: string, field: JQuery): JQuery {
  const id = `cemm-tariff-${name}`;
  return $("<div>", { "data-row": name }).append($("<label>", { for: id }).text(label), " ", field.attr("id", id));
}

function priceField(name: FieldName, kept: Tariff): JQuery {
  const input = $("<input>", { type: "text", inputmode: "decimal", class: "cemm-number" }).val(
    String(kept[name] ?? ""),
  );
  return row(name, pageText(`tariff.${name}`), input);
}

/** In the Netherlands register 1 counts the low tariff, in Belgium register 2. */
function lowField(kept: Tariff): JQuery {
  const options = (["t1", "t2"] as const).map((each) =>
    $("<option>", { value: each }).text(pageText(`tariff.low.${each}`)),
  );
  return row(
    "lowRegister",
    pageText("tariff.lowRegister"),
    $("<select>")
      .append(options)
      .val(String(kept.lowRegister ?? "t1")),
  );
}

function nettingField(kept: Tariff): JQuery {
  return row(
    "netting",
    pageText("tariff.netting"),
    $("<input>", { type: "checkbox" }).prop("checked", kept.netting === true),
  );
}
