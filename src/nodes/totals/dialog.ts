import { t } from "../../editor/catalogue.js";
import { checked, checkTime, configNode } from "../../editor/checks.js";
import { todayIn } from "../../editor/dates.js";
import type { Dialog } from "../../editor/dialog.js";
import { formatLabel, prepareReadingExample } from "../../editor/example.js";
import { current, watch } from "../../editor/form.js";
import { askedPeriod, describe } from "../../editor/preview.js";
import {
  messageProperties,
  meterLabel,
  meterNode,
  meterProperties,
  prepareMeter,
  readingProperties,
} from "../../editor/shared-fields.js";
import { showAsked, timeField, timeTypes, timezoneOf } from "../../editor/time-fields.js";
import { makeTypedInput } from "../../editor/typed-input.js";

function prepareTime(node: EditorNode): void {
  makeTypedInput("time", timeTypes("day", "reading"), "now");
  watch(node, ["device", "time"], () => {
    const [from, timezone] = [timeField(node, "time"), timezoneOf(node)];
    if (from.type === "now") showAsked(t("preview.now"));
    else showAsked(describe({ unit: "day", from, deliver: "one", timezone }));
    $("#cemm-limit").text(isPast(node) && isOnLan(node) ? t("preview.lanReadings") : "");
  });
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
