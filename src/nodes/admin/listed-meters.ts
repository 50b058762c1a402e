import type { Meter } from "../../lib/index.js";
import { shortText } from "./form.js";

/** That a dialog lists. */
const MAX_METERS = 100;

/** The meters as the dialogs list them. */
export function listed(meters: readonly Meter[]): object[] {
  return meters
    .slice(0, MAX_METERS)
    .map(({ alias, type, port }) => ({ alias: shortText(alias), type: shortText(type), port }));
}
