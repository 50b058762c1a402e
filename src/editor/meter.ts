import { type MeterName, meterName, USUAL_METERS } from "../lib/data/meters.js";
import type { ListedMeter } from "./admin.js";
import { t } from "./catalogue.js";

/** `smart meter, connection 1.1 (port 3)` */
export function meterText(meter: ListedMeter): string {
  const { alias, type, port } = meter;
  const known = meterName(meter);
  const name = known ? t(`meter.${known}`) : (type ?? "");
  if (port === null || known === "usage") return name;
  const connection = connectionOf(alias);
  return connection ? t("meter.at", { name, connection, port }) : t("meter.atPort", { name, port });
}

/** The connection as it is numbered on the device. */
function connectionOf(alias: string | null): string | undefined {
  const usual = USUAL_METERS.find((meter) => meter.alias === alias);
  if (!usual || !("connection" in usual)) return undefined;
  return usual.connection === "either" ? t("meter.either") : usual.connection;
}

const ICONS: Readonly<Partial<Record<MeterName, string>>> = {
  gas: "fa-fire",
  pulse: "fa-tint",
  electricity: "fa-sun-o",
  modbus: "fa-sun-o",
  usage: "fa-home",
};

/** An icon for the meter, if its kind is known. */
export function meterIcon({ alias, aliasType }: EditorNode): string | undefined {
  const name = aliasType === "str" ? meterName({ alias: String(alias) }) : undefined;
  const icon = name && ICONS[name];
  return icon && `font-awesome/${icon}`;
}
