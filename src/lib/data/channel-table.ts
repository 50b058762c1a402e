/** What each channel of a meter means. Imports nothing, because the dialogs use it too. */

/** The periods that a history can have. */
export const PERIOD_UNITS = ["day", "month", "year"] as const;
/** `day` holds samples of minutes or hours, `month` of days, `year` of months. */
export type PeriodUnit = (typeof PERIOD_UNITS)[number];

/** What was asked for: live values, meter readings, or the samples of a period. */
export const KINDS = ["realtime", "totals", ...PERIOD_UNITS] as const;
/** What an answer is: live values, meter readings, or the history of a period. */
export type Kind = (typeof KINDS)[number];

/** The classes are Home Assistant's; null for an unknown channel. */
export interface ChannelMeaning {
  /** Its name for people: "Power". */
  name: string;
  unit: string | null;
  deviceClass: string | null;
  stateClass: string | null;
}

/** A row of the table: what a channel means, in which answers, and when it is stale. */
export interface ChannelRow extends ChannelMeaning {
  kinds: readonly Kind[];
  /** How old a live value may be, in ms, before it is stale; undefined if the meter may be silent for days. */
  staleAfter?: number;
  /** For a counter: the maximum that a house can use in an hour, in its unit. */
  perHour?: number;
  /** A counter may rise in steps: one step may hold the use of this many ms. */
  step?: number;
}

const MINUTE = 60_000;
const LIVE: readonly Kind[] = ["realtime"];
const READING: readonly Kind[] = ["realtime", "totals"];
const AMOUNT: readonly Kind[] = ["month", "year"];

type Limits = Pick<ChannelRow, "staleAfter" | "perHour" | "step">;

const row = (
  kinds: readonly Kind[],
  name: string,
  unit: string | null,
  deviceClass: string | null,
  stateClass: string | null,
  limits: Limits = {},
): ChannelRow => ({ kinds, name, unit, deviceClass, stateClass, ...limits });

/** A smart meter sends at least every 10 s. */
const SMART_METER = { staleAfter: 5 * MINUTE };
/** A connection of 3 x 80 A. */
const REGISTER = { ...SMART_METER, perHour: 55, step: MINUTE };
/** With DSMR 3 and 4 the gas meter reports once an hour, and its reading may carry the electricity's time. */
const GAS_METER = { staleAfter: 130 * MINUTE, perHour: 25, step: 60 * MINUTE };
const VOLUME_METER = { perHour: 10, step: 5 * MINUTE };

const energy = (name: string) => row(READING, name, "kWh", "energy", "total_increasing", REGISTER);
// Balances fall while the sun shines, and may be negative.
const balance = (kinds: readonly Kind[], name: string) => row(kinds, name, "kWh", "energy", "total");

/** By channel. A channel can mean something else in another kind of answer, so it has a row for each meaning. */
export const CHANNELS: ReadonlyMap<string, readonly ChannelRow[]> = new Map([
  ["electric_power", [row(["realtime", "day"], "Power", "W", "power", "measurement", SMART_METER)]],
  ["t1", [energy("Import, low tariff (or single counter)")]],
  ["t2", [energy("Import, normal tariff")]],
  ["t3", [energy("Export, low tariff (or single counter)")]],
  ["t4", [energy("Export, normal tariff")]],
  ["electric_energy", [balance(READING, "Net import, low tariff")]],
  ["electric_energy_low", [balance(AMOUNT, "Net import, low tariff")]],
  [
    "electric_energy_high",
    [balance(READING, "Net import, normal tariff"), balance(AMOUNT, "Net import, normal tariff")],
  ],
  [
    "gas",
    [
      row(READING, "Gas", "m³", "gas", "total_increasing", GAS_METER),
      // With DSMR 3 and 4; from DSMR 5 on it is a flow rate.
      row(["day", ...AMOUNT], "Gas", "m³", "gas", "total"),
    ],
  ],
  // Water or gas: the alias does not say which, so the class is not "water".
  [
    "volume",
    [
      row(READING, "Volume", "m³", "volume", "total_increasing", VOLUME_METER),
      row(AMOUNT, "Volume", "m³", "volume", "total"),
    ],
  ],
  ["flow", [row(["realtime", "day"], "Flow rate", "L/min", "volume_flow_rate", "measurement")]],
  ["rate", [row(LIVE, "Tariff", null, null, null)]],
  ["switch", [row(LIVE, "Breaker", null, null, null)]],
]);

const ROWS = new Map(
  KINDS.map((kind) => {
    const rows = [...CHANNELS].flatMap(([channel, rows]) =>
      rows.filter(({ kinds }) => kinds.includes(kind)).map((row) => [channel, row] as const),
    );
    return [kind, new Map(rows)];
  }),
);

/** What `channel` means in an answer of this kind; an unknown channel keeps its own name. */
export function meaningOf(channel: string, kind: Kind): ChannelMeaning {
  const { name, unit, deviceClass, stateClass } = ROWS.get(kind)?.get(channel) ?? unknown(channel);
  return { name, unit, deviceClass, stateClass };
}

/** How old a live value of `channel` may be, in ms; undefined without a limit. */
export function staleAfter(channel: string): number | undefined {
  return ROWS.get("realtime")?.get(channel)?.staleAfter;
}

function unknown(name: string): ChannelMeaning {
  return { name, unit: null, deviceClass: null, stateClass: null };
}
