import { t, textAt } from "../../editor/catalogue.js";
import { checked, checkTime } from "../../editor/checks.js";
import type { Dialog } from "../../editor/dialog.js";
import { formatLabel, showHistoryExample } from "../../editor/example.js";
import { current, fieldOf, watch } from "../../editor/form.js";
import { describe } from "../../editor/preview.js";
import { messageProperties, meterLabel, meterNode, meterProperties, prepareMeter } from "../../editor/shared-fields.js";
import { showAsked, timeField, timeTypes, timezoneOf } from "../../editor/time-fields.js";
import { MESSAGE_TYPES, makeTypedInput } from "../../editor/typed-input.js";
import { PERIOD_UNITS, type PeriodUnit } from "../../lib/data/channel-table.js";

const periodType = (): TypedInputType => ({
  value: "str",
  label: t("type.period"),
  icon: "fa fa-calendar",
  options: PERIOD_UNITS.map((value) => ({ value, label: t(`period.${value}`) })),
});

const noEnd = (): TypedInputType => ({ value: "none", label: t("time.none"), hasValue: false });

/** The chosen unit; undefined if it comes with the message. */
function unitOf(node: EditorNode): PeriodUnit | undefined {
  if (current(node, "periodType") !== "str") return undefined;
  return PERIOD_UNITS.find((unit) => unit === current(node, "period"));
}

function prepareTimes(node: EditorNode): void {
  let known = unitOf(node) ?? PERIOD_UNITS.find((unit) => unit === node.period);
  makeTypedInput("period", [periodType(), ...MESSAGE_TYPES], "str");
  makeTypedInput("time", timeTypes(known), "now");
  makeTypedInput("to", [noEnd(), ...timeTypes(known)], "none");
  watch(node, ["device", "period", "time", "to", "deliver"], () => {
    const unit = unitOf(node);
    if (unit !== known) {
      known = unit;
      $("#node-input-time").typedInput("types", timeTypes(unit));
      $("#node-input-to").typedInput("types", [noEnd(), ...timeTypes(unit)]);
    }
    showTimes(node, unit);
  });
}

function showTimes(node: EditorNode, unit: PeriodUnit | undefined): void {
  const to = timeField(node, "to");
  const deliver = current(node, "deliver") === "each" ? "each" : "one";
  showAsked(describe({ unit, from: timeField(node, "time"), to, deliver, timezone: timezoneOf(node) }));
  fieldOf(node, "deliver")
    .parent()
    .toggle(to.type !== "none");
}

function timeProperty(name: "time" | "to"): Property {
  return checked("", (value, node) => checkTime(value, current(node, `${name}Type`)));
}

export const dialog: Dialog = {
  ...meterNode,
  defaults: {
    ...meterProperties,
    period: { value: "day" },
    periodType: { value: "str" },
    time: timeProperty("time"),
    timeType: { value: "now" },
    to: timeProperty("to"),
    toType: { value: "none" },
    format: { value: "series" },
    deliver: { value: "one" },
    ...messageProperties,
  },
  label() {
    const period = this.periodType === "str" ? textAt("period", String(this.period)) : undefined;
    return period === undefined ? meterLabel(this) : meterLabel(this, period);
  },
  outputLabels() {
    return formatLabel(this);
  },
  oneditprepare() {
    prepareMeter(this);
    watch(this, ["format", "period", "alias", "device"], () => showHistoryExample(this, unitOf(this) ?? "day"));
    prepareTimes(this);
  },
};
