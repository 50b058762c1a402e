/**
 * What the page's browser side gets. All below the node's path (`/energy`), GET only; the browser imports types from here
 * and nothing else.
 *
 * | path | answer |
 * | --- | --- |
 * | `api/house` | {@link House}: its name, meters, and which figures there are at all |
 * | `api/day/2026-11-28` | {@link PeriodView} of that day, with a bar for each hour |
 * | `api/month/2026-11` | {@link PeriodView} of that month, with a bar for each day |
 * | `api/year/2026` | {@link PeriodView} of that year, with a bar for each month |
 * | `api/readings` | {@link Readings}: the meters' own counters, as they are now |
 * | `api/events` | server-sent events: `house` ({@link House}) at the start and when it changes, `live` ({@link Live}) at the start and with each poll, `fill` ({@link Progress}) while past days are being added up, `day` ({@link DayChanged}) when a day's figures have changed |
 *
 * A date, month or year that is none is 404; one in the future, or before the first known day, is a view without figures.
 * No request leads to a question to the CEMM: everything is answered from what the node has.
 *
 * Units everywhere: power W, energy kWh, gas and water m³, money euros, shares % (0 to 100), times epoch ms.
 * null: not known, or this house does not have it; `House.has` tells which.
 * @module
 */
import { z } from "zod";

const Time = z.number().int();
const Amount = z.number().nullable();

/** What a meter is for. `sub-meter`: a part of the consumption, measured apart. `unknown`: shown by itself, in no sum. */
export const Role = z.enum(["grid", "solar", "sub-meter", "gas", "water", "unknown"]);
export type Role = z.infer<typeof Role>;

/** A meter as it is shown. `id` is its alias. `name`: as renamed in the dialog; null: by its role and alias. */
export const MeterView = z.object({ id: z.string(), name: z.string().nullable(), role: Role });
export type MeterView = z.infer<typeof MeterView>;

/**
 * Something the reader should know. `code` is one of the page's own below, or an error code of the package (`CEMM_TIMEOUT`).
 * - `SILENT`: the CEMM has not answered since `since`; `cause` is the error code
 * - `METER_SILENT`: this meter alone cannot be read since `since`; `cause` is the error code
 * - `STALE`: the meter's newest value is of `since`
 * - `NEGATIVE_CONSUMPTION`: more was sold than bought and made: a solar meter is missing, or a meter has the wrong role
 * - `SUSPECT`: a counter of `meter` does not continue from its last trusted reading (replaced, reset, misread): it is not summed
 * - `LIST_REFUSED`: the list of meters cannot be had; what is shown are the usual meters that answer
 * - `NO_METERS`: no meter that the page can show
 * - `GAPS`: of the period's minutes some were not recorded by the CEMM, so sums from minutes are too low
 * - `NO_PRICES`: costs lack the price of some hours
 */
export const Problem = z.object({
  code: z.string(),
  /** A meter's id; null: the CEMM as a whole. */
  meter: z.string().nullable(),
  since: Time.nullable(),
  cause: z.string().nullable(),
});
export type Problem = z.infer<typeof Problem>;

/** Past days that are being added up. `done` of `total` days are known; newest first. */
export const Progress = z.object({ done: z.number().int(), total: z.number().int() });
export type Progress = z.infer<typeof Progress>;

/** `api/house`. */
export const House = z.object({
  /** The CEMM's name in Node-RED. */
  name: z.string(),
  /** IANA name: all days, months and hours are of this zone. */
  timezone: z.string(),
  /** `2026-11-28` */
  today: z.string(),
  /** The first day with data; null while that is not known. */
  firstDay: z.string().nullable(),
  /** What this house has; what it has not is not shown. `grid`: a smart meter. `sold`: it has fed in. */
  has: z.object({
    grid: z.boolean(),
    sold: z.boolean(),
    solar: z.boolean(),
    gas: z.boolean(),
    water: z.boolean(),
    costs: z.boolean(),
  }),
  /** Without the hidden ones; the grid first, then solar, sub-meters, gas, water, unknown ones. */
  meters: z.array(MeterView),
  problems: z.array(Problem),
});
export type House = z.infer<typeof House>;

/** A value of now. `silent`: not to be had since `since`; `stale`: the newest there is, of `time`, too old to be of now; `waiting`: not asked yet. */
export const LiveValue = z.object({
  value: Amount,
  state: z.enum(["fresh", "stale", "silent", "waiting"]),
  /** When it was measured. */
  time: Time.nullable(),
  /** Since when it is silent. */
  since: Time.nullable(),
});
export type LiveValue = z.infer<typeof LiveValue>;

/** Means of one minute, W. `grid` is negative while sold. */
export const PowerPoint = z.object({ time: Time, grid: Amount, solar: Amount, consumption: Amount });
export type PowerPoint = z.infer<typeof PowerPoint>;

/** The `live` event. */
export const Live = z.object({
  time: Time,
  /** W. Null where the house has no such figure. `bought` and `sold` are never both above 0. */
  bought: LiveValue.nullable(),
  sold: LiveValue.nullable(),
  solar: LiveValue.nullable(),
  consumption: LiveValue.nullable(),
  /** Of each meter: power in W, flow in L/min, or a counter in m³ where it tells neither. */
  meters: z.array(z.object({ id: z.string(), unit: z.enum(["W", "L/min", "m³"]).nullable(), reading: LiveValue })),
  /** The last 60 minutes, oldest first. */
  lastHour: z.array(PowerPoint),
  /** The clock quarter that runs: bought kWh so far, and the mean power in W that it will end with at the last minute's pace. */
  quarter: z.object({ start: Time, end: Time, bought: z.number(), expected: z.number() }).nullable(),
  problems: z.array(Problem),
});
export type Live = z.infer<typeof Live>;

/** What a day, month, year or hour comes to. */
export const Figures = z.object({
  bought: Amount,
  sold: Amount,
  solar: Amount,
  /** Bought less sold, plus solar. */
  consumption: Amount,
  /** Of the solar energy the share that the house used itself, %. */
  selfConsumption: Amount,
  /** Of the consumption the share that came from the panels, %. */
  selfSufficiency: Amount,
  gas: Amount,
  water: Amount,
});
export type Figures = z.infer<typeof Figures>;

/** Euros. `sold` is what it brings, above 0; `total` = bought - sold + standing + gas + water. */
export const Costs = z.object({
  bought: Amount,
  sold: Amount,
  standing: Amount,
  gas: Amount,
  water: Amount,
  total: z.number(),
  /** kWh without a price: not in the costs. */
  withoutPrice: z.number(),
});
export type Costs = z.infer<typeof Costs>;

/**
 * A part of a period. `state`: `whole`; `running`: until now; `pending`: not all of its days are added up yet, so that
 * figures are too low; `missing`: nothing was recorded; `future`.
 */
export const Bar = z.object({
  /** What a click opens: `2026-11-28` in a month, `2026-11` in a year; in a day the hour, `13:00`, which opens nothing. The hour that comes twice when the clock goes back does so here. */
  name: z.string(),
  start: Time,
  end: Time,
  state: z.enum(["whole", "running", "pending", "missing", "future"]),
  figures: Figures,
  costs: z.number().nullable(),
});
export type Bar = z.infer<typeof Bar>;

/** The highest mean power bought in a clock quarter of that month, W: what Belgium bills. */
export const Peak = z.object({ month: z.string(), power: z.number(), start: Time, end: Time });
export type Peak = z.infer<typeof Peak>;

/** `api/day/…`, `api/month/…`, `api/year/…`. */
export const PeriodView = z.object({
  unit: z.enum(["day", "month", "year"]),
  /** `2026-11-28`, `2026-11`, `2026` */
  name: z.string(),
  start: Time,
  /** The first instant after it. */
  end: Time,
  /** The period before and after; null: nothing is known there, or it is the future. */
  previous: z.string().nullable(),
  next: z.string().nullable(),
  isRunning: z.boolean(),
  figures: Figures,
  /** Where the electricity sums come from: the meters' registers, the sums of minutes, or some days of each. Null without any. */
  source: z.enum(["registers", "minutes", "both"]).nullable(),
  /** The period before, until the same moment of local time (`until`); of one that is over the whole. Null: not known. */
  before: z.object({ name: z.string(), until: Time, figures: Figures, costs: z.number().nullable() }).nullable(),
  /** Hours of a day, days of a month, months of a year. */
  bars: z.array(Bar),
  /** Of a day: means of quarters, W, oldest first; empty for a month and a year. */
  power: z.array(PowerPoint),
  /** Of the meters with a role `sub-meter` or `unknown`, kWh or m³. */
  meters: z.array(z.object({ id: z.string(), amount: Amount, unit: z.enum(["kWh", "m³"]) })),
  /** Of the month in which the day lies, of the month, or of each month of the year. */
  peaks: z.array(Peak),
  /** Null without a tariff. */
  costs: Costs.nullable(),
  /** Null: all its days are added up. */
  progress: Progress.nullable(),
  problems: z.array(Problem),
});
export type PeriodView = z.infer<typeof PeriodView>;

/** `api/readings`: counters in kWh and m³, as on the meters' displays. */
export const Readings = z.object({
  meters: z.array(
    z.object({
      id: z.string(),
      readings: z.array(
        z.object({
          /** `t1` … `t4`, `gas`, `volume`; `electric_energy` and `electric_energy_high` of a meter that counts net. */
          channel: z.string(),
          value: Amount,
          unit: z.string(),
          time: Time.nullable(),
          isSuspect: z.boolean(),
        }),
      ),
    }),
  ),
});
export type Readings = z.infer<typeof Readings>;

/** The `day` event: the views of this day, its month and its year answer something else now. */
export const DayChanged = z.object({ date: z.string() });
export type DayChanged = z.infer<typeof DayChanged>;
