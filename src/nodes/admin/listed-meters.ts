import type { Meter } from "../../lib/internal.js";
import { shortText } from "./form.js";

/** That a dialog lists. */
const MAX_METERS = 100;

/** A meter as the dialogs list it. */
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
