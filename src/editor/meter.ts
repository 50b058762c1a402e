import type { ListedMeter } from "./admin.js";
import { t, textAt } from "./catalogue.js";

/** The connections as they are numbered in the meter cupboard. The vendor's pages disagree on s02 and s03. */
const CONNECTIONS: [RegExp, () => string][] = [
  [/^(p1(-gas)?|han|emucs(-gas)?|pulse-2)$/, () => "1.1"],
  [/^pulse-3$/, () => "1.2"],
  [/^(s01|pulse-1)$/, () => "2"],
  [/^s0[23]$/, () => t("meter.either")],
];

/** `smart meter, connection 1.1 (port 3)` */
export function meterText({ alias, type, port }: ListedMeter): string {
  const name = textAt("meter", type ?? "") ?? type ?? "";
  if (port === null || type === "usage") return name;
  const [, connection] = CONNECTIONS.find(([pattern]) => pattern.test(alias ?? "")) ?? [];
  return connection ? t("meter.at", { name, connection: connection(), port }) : t("meter.atPort", { name, port });
}

const ICONS: [RegExp, string][] = [
  [/gas/, "fa-fire"],
  [/^pulse-/, "fa-tint"],
  [/^(s\d\d|mb\d+)$/, "fa-sun-o"],
  [/^usage$/, "fa-home"],
];

/** An icon for the meter, where it is known what it measures. */
export function meterIcon({ alias, aliasType }: EditorNode): string | undefined {
  const known = aliasType === "str" ? ICONS.find(([pattern]) => pattern.test(String(alias))) : undefined;
  return known && `font-awesome/${known[1]}`;
}
