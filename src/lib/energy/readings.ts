/** The current counters of the meters. */

import type { Answer } from "../data/answer.js";
import { channelsOf } from "../data/meters.js";
import type { Readings } from "./view.js";

/** Registers first; the balances that the CEMM calculates are shown only if there are no registers. */
const ORDER = ["t1", "t2", "t3", "t4", "electric_energy", "electric_energy_high", "gas", "volume"];
const BALANCES = ["electric_energy", "electric_energy_high"];

/** `answers`: those with readings, by alias. */
export function readingsView(answers: ReadonlyMap<string, Answer>): Readings {
  return { meters: [...answers].map(([id, answer]) => ({ id, readings: readingsOf(answer) })) };
}

function readingsOf({ alias, channels, suspects }: Answer): Readings["meters"][number]["readings"] {
  const hasRegisters = channels.t1?.samples.at(-1)?.value != null;
  const isShown = (channel: string) =>
    Object.hasOwn(channels, channel) && !(hasRegisters && BALANCES.includes(channel));
  // Gas is a meter of its own.
  const known = ORDER.filter(
    (channel) => isShown(channel) && (channel !== "gas" || channelsOf(alias, "day").includes("gas")),
  );
  return known.flatMap((channel) => {
    const { unit, samples } = channels[channel] ?? { unit: null, samples: [] };
    const { value, time } = samples.at(-1) ?? { value: null, time: null };
    const isSuspect = suspects.some((suspect) => suspect.channel === channel);
    return value === null && time === null ? [] : [{ channel, value, unit: unit ?? "", time, isSuspect }];
  });
}
