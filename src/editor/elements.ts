/** Elements that the dialogs are made of. Foreign text is only ever set with `.text()`. */
import { t } from "./catalogue.js";

function icon(name: string): JQuery {
  return $("<i>", { class: `fa fa-${name}`, "aria-hidden": true });
}

export function line(text: string, style?: "cemm-detail" | "cemm-bad" | "cemm-now"): JQuery {
  return $("<div>", style && { class: style }).text(text);
}

export function withIcon(element: JQuery, name: string, text: string): JQuery {
  return element.text(` ${text}`).prepend(icon(name));
}

export function plainButton(): JQuery {
  return $("<button>", { type: "button", class: "red-ui-button" });
}

/** The first line of a result, behind an icon. */
export function headline(iconName: string, text: string, result?: "good"): JQuery {
  const style = result === "good" ? "cemm-head cemm-good" : "cemm-head";
  return withIcon($("<div>", { class: style }), iconName, text);
}

export function versionOf({ firmware, core }: { firmware: string | null; core: string | null }): string {
  return facts(firmware && t("lookup.firmware", { firmware }), core && t("lookup.core", { core }));
}

/** Several facts in one line, without unknown ones. */
export function facts(...all: (string | null | undefined | false)[]): string {
  return all.filter(Boolean).join(" · ");
}

/** `40 ms`, `1.2 s` */
export function duration(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  return `${(ms / 1000).toLocaleString(undefined, { maximumFractionDigits: 1 })} s`;
}
