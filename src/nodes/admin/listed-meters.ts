import type { Meter } from "../../lib/internal.js";
import { shortText } from "./form.js";

/** Maximum number of entries in a dialog's list. */
const MAX_METERS = 100;

/** A meter in a dialog's list. */
export interface ListedMeter {
  alias: string | null;
  type: string | null;
  port: number | null;
}

export function listed(meters: readonly Meter[]): ListedMeter[] {
  return meters
    .slice(0, MAX_METERS)
    .map(({ alias, type, port }) => ({ alias: shortText(alias), type: shortText(type), port }));
}
