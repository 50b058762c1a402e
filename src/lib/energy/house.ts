/** The meters of a house and their roles. */
import { z } from "zod";
import { type MeterId, type MeterRole, roleOf } from "../data/meters.js";
import { isAlias } from "../syntax.js";
import { Role } from "./view.js";

/** The dialog's override for one meter: another name or role, or hidden. */
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

/** The meters that the CEMM listed. */
export const ListedMeters = z.array(z.object({ alias: z.string().nullable(), type: z.string().nullish() }));
export type ListedMeters = z.infer<typeof ListedMeters>;

/** A meter that the page shows. */
export interface HouseMeter {
  alias: string;
  role: Role;
  /** The name from the dialog; null: by its role. */
  name: string | null;
}

/** Maximum number of meters, since each is asked with every poll. */
const MAX_METERS = 50;
/** The order in which meters are shown. */
const ORDER: readonly Role[] = Role.options;

/**
 * The meters that the CEMM lists, changed by `overrides`. A meter that only the overrides name is added: the cloud
 * lists no aliases, so a Modbus meter is not found there.
 */
export function houseMeters(listed: readonly MeterId[], overrides: readonly MeterOverride[]): HouseMeter[] {
  const changes = new Map(overrides.map((each) => [each.alias, each]));
  const types = new Map<string, MeterId>(overrides.map(({ alias }) => [alias, { alias }]));
  for (const meter of listed) if (meter.alias !== null) types.set(meter.alias, meter);
  const meters = [...types].flatMap(([alias, meter]) => {
    const { name, role, shown = true } = changes.get(alias) ?? {};
    const ownRole = role || pageRole(roleOf(meter));
    // A list may contain anything.
    return ownRole && shown && isAlias(alias) ? [{ alias, role: ownRole, name: name || null }] : [];
  });
  return meters
    .slice(0, MAX_METERS)
    .sort((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role) || a.alias.localeCompare(b.alias));
}

/** The CEMM's own consumption is hidden, because the page calculates it. */
function pageRole(role: MeterRole): Role | undefined {
  return role === "consumption" ? undefined : role;
}

export const withRole = (meters: readonly HouseMeter[], role: Role): HouseMeter[] =>
  meters.filter((meter) => meter.role === role);
