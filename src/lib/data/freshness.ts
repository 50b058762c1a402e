import type { Channels } from "./channels.js";
import { silenceLimit } from "./meters.js";

/** How old an answer's newest value is. */
export interface Freshness {
  /** Ms from the measurement to its arrival, negative where this machine's clock is slow; null where no time is known. */
  age: number | null;
  /** Whether the newest of the channels that have a limit is older than it. */
  stale: boolean;
}

export function freshnessOf(channels: Channels, alias: string, receivedAt: number): Freshness {
  let newest = 0;
  let limited = { time: 0, limit: Number.POSITIVE_INFINITY };
  for (const channel of Object.keys(channels)) {
    const time = channels[channel]?.samples.at(-1)?.time ?? 0;
    const limit = silenceLimit(alias, channel);
    newest = Math.max(newest, time);
    if (limit !== undefined && time > limited.time) limited = { time, limit };
  }
  const stale = limited.time > 0 && receivedAt - limited.time > limited.limit;
  return { age: newest === 0 ? null : receivedAt - newest, stale };
}
