/** The meters of a CEMM, asked for at most once a minute. */
import { ask, type ListedMeter } from "./admin.js";
import { deviceForm } from "./device-form.js";

const FRESH = 60_000;
const lastMeters = new Map<string, { at: number; meters: Promise<ListedMeter[]> }>();

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
