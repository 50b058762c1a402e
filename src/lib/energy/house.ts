/** Which meters a house has, and what each is for. */
import { z } from "zod";
import { type MeterId, type MeterRole, roleOf } from "../data/meters.js";
import { isAlias } from "../syntax.js";
import { Role } from "./view.js";

/** What the dialog says of one meter instead of its list: another name or role, or that it is not shown. */
export const MeterOverride = z.object({
  alias: z.string(),
  /** Blank: by its role. */
  name: z.string().optional(),
  /** Blank: by its type or alias. */
  role: z.union([Role, z.literal("")]).optional(),
  shown: z.boolean().optional(),
});
export type MeterOverride = z.infer<typeof MeterOverride>;
export const MeterOverrides = z.array(MeterOverride);
export type MeterOverrides = z.infer<typeof MeterOverrides>;

/** As the CEMM listed them. */
export const ListedMeters = z.array(z.object({ alias: z.string().nullable(), type: z.string().nullish() }));
export type ListedMeters = z.infer<typeof ListedMeters>;

/** A meter that the page shows. */
export interface HouseMeter {
  alias: string;
  role: Role;
  /** As renamed; null: by its role. */
  name: string | null;
}

/** Each is asked with every poll. */
const MAX_METERS = 50;
/** The order in which meters are shown. */
const ORDER: readonly Role[] = Role.options;

/**
 * The meters of the house: those that the CEMM lists, changed as `overrides` say. One that only the overrides name is
 * added: a cloud lists no aliases, so that a Modbus meter is not found there.
 */
export function houseMeters(listed: readonly MeterId[], overrides: readonly MeterOverride[]): HouseMeter[] {
  const changes = new Map(overrides.map((each) => [each.alias, each]));
  const types = new Map<string, MeterId>(overrides.map(({ alias }) => [alias, { alias }]));
  for (const meter of listed) if (meter.alias !== null) types.set(meter.alias, meter);
  const meters = [...types].flatMap(([alias, meter]) => {
    const { name, role, shown = true } = changes.get(alias) ?? {};
    const ownRole = role || pageRole(roleOf(meter));
    // A list may hold anything.
    return ownRole && shown && isAlias(alias) ? [{ alias, role: ownRole, name: name || null }] : [];
  });
  return meters
    .slice(0, MAX_METERS)
    .sort((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role) || a.alias.localeCompare(b.alias));
}

/** The consumption that the CEMM works out is not shown beside the page's own. */
function pageRole(role: MeterRole): Role | undefined {
  return role === "consumption" ? undefined : role;
}

export const withRole = (meters: readonly HouseMeter[], role: Role): HouseMeter[] =>
  meters.filter((meter) => meter.role === role);
