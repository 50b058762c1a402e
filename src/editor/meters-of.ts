/** The meters of a CEMM, as the dialogs need them. */
import { ask, type ListedMeter } from "./admin.js";
import { deviceForm } from "./device-form.js";

/** How long an answer is reused, in ms. */
const FRESH = 60_000;
const lastMeters = new Map<string, { at: number; meters: Promise<ListedMeter[]> }>();

/** Requested at most once a minute. */
export function metersOf(device: EditorNode): Promise<ListedMeter[]> {
  const values = deviceForm(device);
  const key = JSON.stringify(values);
  const known = lastMeters.get(key);
  if (known && Date.now() - known.at < FRESH) return known.meters;
  const meters = ask("device/meters", values).then((answer) => answer.meters);
  lastMeters.set(key, { at: Date.now(), meters });
  meters.catch(() => lastMeters.delete(key));
  return meters;
}
