/** Elements that the dialogs are made of. Text from a device or a person is only ever set with `.text()`. */

export function icon(name: string): JQuery {
  return $("<i>", { class: `fa fa-${name}`, "aria-hidden": true });
}

export function line(text: string, style?: "cemm-detail" | "cemm-bad" | "cemm-now"): JQuery {
  return $("<div>", style && { class: style }).text(text);
}

/** The first line of a result, behind an icon. */
export function headline(iconName: string, text: string, result?: "good"): JQuery {
  const style = result === "good" ? "cemm-head cemm-good" : "cemm-head";
  return $("<div>", { class: style }).append(icon(iconName), document.createTextNode(` ${text}`));
}

/** Several facts in one line; those that are not known are left out. */
export function facts(...all: (string | null | undefined | false)[]): string {
  return all.filter((fact) => typeof fact === "string" && fact !== "").join(" · ");
}

/** `40 ms`, `1.2 s` */
export function duration(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  return `${(ms / 1000).toLocaleString(undefined, { maximumFractionDigits: 1 })} s`;
}
