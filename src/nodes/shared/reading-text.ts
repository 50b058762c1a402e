import type { Answer, Channel, Sample } from "../../lib/internal.js";

/** The channels that a person looks for first, in this order; any other comes after them. */
const PREFERRED = ["electric_power", "flow", "t1", "electric_energy", "gas", "volume"];

/** The reading in a few characters, for a status: `193 W`, and whether that is stale. Undefined: no channel has a value yet. */
export function readingText({ channels }: Answer): { text: string; stale: boolean } | undefined {
  const hasValue = (name: string) => newestValue(channels[name]) !== null;
  const name = PREFERRED.find(hasValue) ?? Object.keys(channels).find(hasValue);
  const channel = name === undefined ? undefined : channels[name];
  const value = newestValue(channel);
  if (!channel || value === null) return undefined;
  return { text: `${Math.round(value * 1000) / 1000} ${channel.unit ?? name}`, stale: channel.stale };
}

function newestValue(channel: Channel | undefined): Sample["value"] {
  return channel?.samples.at(-1)?.value ?? null;
}
