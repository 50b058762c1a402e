import type { ListedMeter } from "./admin.js";
import { t, textAt } from "./catalogue.js";

/** `smart meter, port 3` */
export function meterText({ type, port }: Pick<ListedMeter, "type" | "port">): string {
  const name = textAt("meter", type ?? "") ?? type ?? "";
  return port === null || type === "usage" ? name : t("meter.atPort", { name, port });
}

const ICONS: [RegExp, string][] = [
  [/gas/, "fa-fire"],
  [/^pulse-/, "fa-tint"],
  [/^(s\d\d|mb\d+)$/, "fa-sun-o"],
  [/^usage$/, "fa-home"],
];

/** An icon for the meter, else the node's own. */
export function meterIcon({ alias, aliasType }: EditorNode, own: string): string {
  const known = aliasType === "str" ? ICONS.find(([pattern]) => pattern.test(String(alias))) : undefined;
  return known ? `font-awesome/${known[1]}` : own;
}
