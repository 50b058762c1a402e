import { t } from "../../editor/catalogue.js";
import { checkTime, configNode } from "../../editor/checks.js";
import { todayIn } from "../../editor/dates.js";
import type { Dialog } from "../../editor/dialog.js";
import { formatLabel, prepareReadingExample } from "../../editor/example.js";
import { afterNodeRed, current } from "../../editor/form.js";
import { askedPeriod } from "../../editor/preview.js";
import { checked } from "../../editor/property.js";
import {
  messageProperties,
  meterLabel,
  meterNode,
  meterProperties,
  prepareMeter,
  readingProperties,
} from "../../editor/shared-fields.js";
import { showAsked, showPreview, timeField, timeTypes, timezoneOf } from "../../editor/time-fields.js";
import { makeTypedInput } from "../../editor/typed-input.js";

function prepareTime(node: EditorNode): void {
  makeTypedInput("time", timeTypes("day", "reading"), "now");
  const show = () => {
    const [from, timezone] = [timeField(node, "time"), timezoneOf(node)];
    if (from.type === "now") showAsked(t("preview.now"));
    else showPreview({ unit: "day", from, deliver: "one", timezone });
    $("#cemm-limit").text(isPast(node) && isOnLan(node) ? t("preview.lanReadings") : "");
  };
  $("#node-input-device, #node-input-time").on("change keyup", show);
  afterNodeRed(show);
}

function isPast(node: EditorNode): boolean {
  const timezone = timezoneOf(node);
  const { date } = askedPeriod(timeField(node, "time"), "day", timezone);
  return date !== undefined && date < todayIn(timezone);
}

/** On the LAN a CEMM has only current readings. */
function isOnLan(node: EditorNode): boolean {
  return configNode(current(node, "device"))?.access === "lan";
}

export const dialog: Dialog = {
  ...meterNode,
  defaults: {
    ...meterProperties,
    time: checked("", (value, node) => checkTime(value, current(node, "timeType"))),
    timeType: { value: "now" },
    ...readingProperties,
    ...messageProperties,
  },
  label() {
    return meterLabel(this, t("label.readings"));
  },
  outputLabels() {
    return formatLabel(this);
  },
  oneditprepare() {
    prepareMeter(this);
    prepareReadingExample(this, "totals");
    prepareTime(this);
  },
};
