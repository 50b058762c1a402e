/** The time fields of history and totals: choices in words, a calendar, and a line that explains them. */

import type { PeriodUnit } from "../lib/data/channel-table.js";
import { t } from "./catalogue.js";
import { checkTimezone, configNode, isBlank, isEnv } from "./checks.js";
import { current, currentText } from "./form.js";
import type { TypedTime } from "./preview.js";
import { MESSAGE_TYPES } from "./typed-input.js";

/** The choices of a time field, in the words of the unit. */
export function timeTypes(
  unit: PeriodUnit | undefined,
  now: PeriodUnit | "any" | "reading" = unit ?? "any",
): TypedInputChoice[] {
  const word = unit ?? "any";
  return [
    { value: "now", label: t(`time.now.${now}`), hasValue: false },
    { value: "previous", label: t(`time.previous.${word}`), hasValue: false },
    { value: "ago", label: t(`time.ago.${word}`), default: "2" },
    { value: "str", label: t("time.date"), expand: datePicker(unit) },
    { value: "num", label: t("time.timestamp"), icon: "red/images/typedInput/09.svg" },
    ...MESSAGE_TYPES,
  ];
}

/** Opens the browser's calendar, and writes the picked date in the format of the period. */
function datePicker(unit: PeriodUnit = "day"): NonNullable<TypedInputType["expand"]> {
  function expand(this: TypedInput) {
    const picker = document.createElement("input");
    picker.type = unit === "day" ? "date" : "month";
    picker.className = "cemm-picker";
    picker.setAttribute("aria-label", t("time.pick"));
    picker.addEventListener("change", () => this.value(picker.value.slice(0, unit === "year" ? 4 : 10)));
    picker.addEventListener("blur", () => picker.remove());
    this.uiSelect.append(picker);
    picker.focus();
    picker.showPicker();
  }
  return Object.assign(expand, { icon: "fa-calendar" });
}

export function timeField(node: EditorNode, name: string): TypedTime {
  return { value: currentText(node, name), type: currentText(node, `${name}Type`) };
}

/** The time zone of the chosen CEMM. */
export function timezoneOf(node: EditorNode): string {
  const timezone = configNode(current(node, "device"))?.timezone;
  const isKnown = !isBlank(timezone) && !isEnv(timezone) && checkTimezone(timezone) === true;
  return isKnown ? String(timezone) : "Europe/Amsterdam";
}

export function showAsked(what: string): void {
  $("#cemm-preview").text(what && t("preview.asks", { what }));
}
