import type { Answer, Channel, Sample } from "../../lib/internal.js";

/** The most important channels, in this order; all others come after them. */
const PREFERRED = ["electric_power", "flow", "t1", "electric_energy", "gas", "volume"];

/** A short reading for the status, such as `193 W`, and whether it is stale. Undefined: no channel has a value yet. */
export function readingText({ channels }: Answer): { text: string; stale: boolean } | undefined {
  const power = newestValue(channels.electric_power);
  const counters = power === null ? countersText(channels) : undefined;
  if (counters !== undefined) return { text: counters, stale: channels.t1?.stale ?? false };
  const hasValue = (name: string) => newestValue(channels[name]) !== null;
  const name = PREFERRED.find(hasValue) ?? Object.keys(channels).find(hasValue);
  const channel = name === undefined ? undefined : channels[name];
  const value = newestValue(channel);
  if (!channel || value === null) return undefined;
  return { text: `${shortNumber(value)} ${channel.unit ?? name}`, stale: channel.stale };
}

/** Import and export, both tariffs added. Undefined if the meter has no such counters. */
function countersText(channels: Answer["channels"]): string | undefined {
  const sum = (...names: string[]) => {
    const values = names.flatMap((name) => newestValue(channels[name]) ?? []);
    return values.length > 0 ? values.reduce((total, value) => total + value) : undefined;
  };
  const [imported, exported] = [sum("t1", "t2"), sum("t3", "t4")];
  if (imported === undefined || channels.t2 === undefined) return undefined;
  return exported === undefined
    ? `${shortNumber(imported)} kWh`
    : `↓ ${shortNumber(imported)} kWh ↑ ${shortNumber(exported)} kWh`;
}

function shortNumber(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function newestValue(channel: Channel | undefined): Sample["value"] {
  return channel?.samples.at(-1)?.value ?? null;
}
