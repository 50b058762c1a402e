/** What each meter of a CEMM is. Imports no runtime code: the dialogs, the page and the simulator use it too. */
import type { Kind } from "./channel-table.js";

/** The role of a meter in the house. `consumption`: the total use, calculated by the CEMM. */
export type MeterRole = "grid" | "gas" | "water" | "solar" | "sub-meter" | "consumption" | "unknown";

/** An entry of a list of meters; null where the list does not say. */
export interface MeterId {
  alias: string | null;
  type?: string | null | undefined;
}

interface MeterFamily {
  /** Which aliases belong to it. */
  alias: RegExp;
  /** The role that the alias alone implies. */
  role: MeterRole;
  /** Its key in the catalogue: `meter.<name>`. */
  name: MeterName;
  live: readonly string[];
  totals: readonly string[];
  day: readonly string[];
  /** The channels of a month and a year. */
  amounts: readonly string[];
  /** It may send nothing for days: pulses come only with use. */
  isPulsed?: boolean;
}

/** Maximum length of an alias. */
const MAX_ALIAS = 64;

const REGISTERS = ["t1", "t2", "t3", "t4"] as const;
const BALANCES = ["electric_energy", "electric_energy_high"] as const;
const ELECTRICITY = { day: ["electric_power"], amounts: ["electric_energy_low", "electric_energy_high"] } as const;
const SMART_METER = {
  role: "grid",
  live: ["electric_power", ...REGISTERS, "rate", "switch", "gas"],
  totals: [...REGISTERS, ...BALANCES, "gas"],
  ...ELECTRICITY,
} as const;

const FAMILIES: readonly MeterFamily[] = [
  { alias: /^p1(-usb)?$/, name: "p1", ...SMART_METER },
  { alias: /^emucs(-usb)?$/, name: "emucs", ...SMART_METER },
  { alias: /^han$/, name: "han", ...SMART_METER },
  { alias: /^dlms-usb$/, name: "dlms", ...SMART_METER },
  { alias: /-gas$/, name: "gas", role: "gas", live: ["gas"], totals: ["gas"], day: ["gas"], amounts: ["gas"] },
  {
    alias: /^pulse-\d+$/,
    name: "pulse",
    role: "unknown",
    live: ["flow", "volume"],
    totals: ["volume"],
    day: ["flow"],
    amounts: ["volume"],
    isPulsed: true,
  },
  {
    alias: /^s0\d$/,
    name: "electricity",
    role: "unknown",
    live: ["electric_power"],
    totals: BALANCES,
    ...ELECTRICITY,
    isPulsed: true,
  },
  // Its own counter has no tariffs, so live t1 is the total.
  {
    alias: /^mb\d+$/,
    name: "modbus",
    role: "unknown",
    live: ["electric_power", "t1", "t2"],
    totals: [...REGISTERS, ...BALANCES],
    ...ELECTRICITY,
  },
  {
    alias: /^usage$/,
    name: "usage",
    role: "consumption",
    live: ["electric_power"],
    totals: BALANCES,
    ...ELECTRICITY,
  },
];

/** By the type that `io/` lists, such as `water` for a pulse meter, `solar_energy` for a Modbus meter. */
const ROLES = {
  p1: "grid",
  emucs: "grid",
  han: "grid",
  dlms: "grid",
  gas: "gas",
  water: "water",
  solar_energy: "solar",
  usage: "consumption",
} as const satisfies Record<string, MeterRole>;

type MeterType = keyof typeof ROLES;
export type MeterName = MeterType | "electricity" | "pulse" | "modbus";

/** The aliases of the vendor's pages, as the dialogs list them; the pages disagree on s02 and s03. */
export const USUAL_METERS = [
  { alias: "p1", connection: "1.1", cloud: true },
  { alias: "p1-gas", connection: "1.1", cloud: true },
  { alias: "s01", connection: "2", cloud: true },
  { alias: "s02", connection: "either", cloud: true },
  { alias: "s03", connection: "either", cloud: true },
  { alias: "pulse-1", connection: "2" },
  { alias: "pulse-2", connection: "1.1" },
  { alias: "pulse-3", connection: "1.2" },
  { alias: "usage" },
  { alias: "mb1" },
  { alias: "han", connection: "1.1", cloud: true },
  { alias: "p1-usb" },
  { alias: "emucs", connection: "1.1" },
  { alias: "emucs-usb" },
  { alias: "emucs-gas", connection: "1.1" },
  { alias: "dlms-usb" },
] as const satisfies readonly { alias: string; connection?: "1.1" | "1.2" | "2" | "either"; cloud?: boolean }[];

/** By its type, else by its alias. An electricity meter of an unlisted type measures an appliance. */
export function roleOf({ alias, type }: MeterId): MeterRole {
  if (isKnownType(type)) return ROLES[type];
  const family = familyOf(alias);
  const isElectricity = family?.name === "electricity" || family?.name === "modbus";
  return type && isElectricity ? "sub-meter" : (family?.role ?? "unknown");
}

/** What kind of meter it is, as a key of the catalogues; undefined if neither type nor alias is known. */
export function meterName({ alias, type }: MeterId): MeterName | undefined {
  return isKnownType(type) ? type : familyOf(alias)?.name;
}

/** The channels of this alias in an answer of this kind; none for an unknown alias. */
export function channelsOf(alias: string, kind: Kind): readonly string[] {
  const family = familyOf(alias);
  if (!family) return [];
  if (kind === "realtime") return family.live;
  if (kind === "totals" || kind === "day") return family[kind];
  return family.amounts;
}

/** Suggestions for a mistyped `alias`, the most likely first: of the same kind of meter, then by spelling. */
export function nearestFirst(alias: string, aliases: readonly string[]): string[] {
  const name = meterName({ alias });
  const role = roleOf({ alias });
  const distance = (other: string) => {
    const isSameKind = name !== undefined && roleOf({ alias: other }) === role;
    const letters = other.includes(alias) ? 0 : editDistance(alias, other);
    return letters - (isSameKind ? MAX_ALIAS : 0);
  };
  return [...aliases].sort((a, b) => distance(a) - distance(b));
}

/** The number of letters to insert, delete or replace. */
function editDistance(one: string, other: string): number {
  let row = [...other, ""].map((_, n) => n);
  for (const [n, letter] of [...one].entries()) {
    const above = row;
    row = [n + 1];
    for (const [m, otherLetter] of [...other].entries()) {
      const [diagonal = 0, up = 0, left = 0] = [above[m], above[m + 1], row[m]];
      row.push(letter === otherLetter ? diagonal : 1 + Math.min(diagonal, up, left));
    }
  }
  return row.at(-1) ?? 0;
}

export function familyOf(alias: string | null): MeterFamily | undefined {
  return alias === null ? undefined : FAMILIES.find((family) => family.alias.test(alias));
}

function isKnownType(type: string | null | undefined): type is MeterType {
  return typeof type === "string" && Object.hasOwn(ROLES, type);
}
