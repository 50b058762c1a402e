import type { Meter } from "../../lib/internal.js";

const MAX_METERS = 100;

export type ListedMeter = Pick<Meter, "alias" | "type" | "port">;

export function listed(meters: readonly Meter[]): ListedMeter[] {
  return meters.slice(0, MAX_METERS).map(({ alias, type, port }) => ({ alias, type, port }));
}
