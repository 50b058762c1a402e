import type { Meter } from "../../lib/internal.js";

/** Maximum number of entries in a dialog's list. */
const MAX_METERS = 100;

/** A meter in a dialog's list. */
export type ListedMeter = Pick<Meter, "alias" | "type" | "port">;

export function listed(meters: readonly Meter[]): ListedMeter[] {
  return meters.slice(0, MAX_METERS).map(({ alias, type, port }) => ({ alias, type, port }));
}
