import type { Period } from "./calendar.js";
import type { Kind } from "./channel-table.js";
import type { Channels } from "./channels.js";
import type { Suspect } from "./counter-guard.js";
import type { Freshness } from "./freshness.js";

/** How a CEMM is reached. */
export type RouteName = "lan" | "cloud";

/** `lan`, `cloud`, or `auto`: the LAN first, the cloud while the LAN fails. */
export type Access = RouteName | "auto";

/**
 * What a CEMM answered, in one shape for both routes. Times are epoch ms.
 * - `uid`: as `00-1E-C0-85-96-CC`; null only if a CEMM on the LAN does not report its MAC address
 * - `host`: where it was reached on the LAN
 * - `ioId`: the device's number for the meter, null if the answer does not have it
 * - `unusable`: channels with invalid pairs; they are null or incomplete in `channels`
 * - `badNames`: names of channels that are left out because the name is invalid
 * - `age`, `stale`: for live values and current readings, judged by the clocks; else null and false. `MeterWatch`
 *   refines them with earlier answers
 * - `suspects`: counters that do not continue from the last trusted reading, as `MeterWatch` finds them
 * - `raw`: the body as it came
 */
export interface Answer extends Omit<Freshness, "clockAhead"> {
  kind: Kind;
  source: RouteName;
  uid: string | null;
  host?: string;
  alias: string;
  ioId: number | null;
  requestedAt: number;
  receivedAt: number;
  channels: Channels;
  period?: Period;
  unusable: string[];
  badNames: string[];
  suspects: readonly Suspect[];
  raw: unknown;
}

/** A meter or sensor that is connected to a CEMM. Only the LAN names the `alias`. */
export interface Meter {
  ioId: number;
  port: number | null;
  type: string;
  portOption: string | null;
  unitId: number | null;
  alias: string | null;
}

/** A CEMM, as it describes itself on the LAN. */
export interface CemmInfo {
  uid: string | null;
  host: string;
  name: string | null;
  /** Its model, as the device spells it. */
  type: string | null;
  firmware: string | null;
  core: string | null;
}

/** Whether the answer describes the present: live values, or readings of a day that is not over. */
export function isOfNow({ kind, period, receivedAt }: Answer): boolean {
  return kind === "realtime" || (kind === "totals" && (period?.end ?? Number.POSITIVE_INFINITY) > receivedAt);
}

/** The newest time of any channel, epoch ms, or null. */
export function newestTime({ channels }: Answer): number | null {
  let newest = 0;
  for (const { samples } of Object.values(channels)) newest = Math.max(newest, samples.at(-1)?.time ?? 0);
  return newest || null;
}
