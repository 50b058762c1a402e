/**
 * The API for the page's browser side. All paths are below the node's own (`/energy`), GET only; the browser imports
 * only types from here.
 *
 * | path | answer |
 * | --- | --- |
 * | `api/house` | {@link House}: its name, meters, and which figures it has |
 * | `api/day/2026-11-28` | {@link PeriodView} of that day, with a bar for each hour |
 * | `api/month/2026-11` | {@link PeriodView} of that month, with a bar for each day |
 * | `api/year/2026` | {@link PeriodView} of that year, with a bar for each month |
 * | `api/readings` | {@link Readings}: the current counters of the meters |
 * | `api/events` | server-sent events: `house` ({@link House}) at the start and when it changes, `live` ({@link Live}) at the start and with each poll, `day` ({@link DayChanged}) when a day's figures have changed |
 *
 * An invalid date, month or year gives 404; one in the future, or before the first known day, a view without figures.
 * No request reaches the CEMM: everything is answered from the node's own data.
 *
 * Units everywhere: power W, energy kWh, gas and water m³, money euros, shares % (0 to 100), times epoch ms.
 * null: unknown, or this house does not have it; `House.has` says which.
 * @module
 */
import { z } from "zod";

const Time = z.number().int();
const Amount = z.number().nullable();

/** The role of a meter. `sub-meter`: a separately measured part of the consumption. `unknown`: shown, but in no sum. */
export const Role = z.enum(["grid", "solar", "sub-meter", "gas", "water", "unknown"]);
export type Role = z.infer<typeof Role>;

/** A shown meter. `id` is its alias. `name`: as renamed in the dialog; null: by its role and alias. */
export const MeterView = z.object({ id: z.string(), name: z.string().nullable(), role: Role });
export type MeterView = z.infer<typeof MeterView>;

/**
 * A notice for the reader. `code` is one of the page's own below, or an error code of the package (`CEMM_TIMEOUT`).
 * - `SILENT`: the CEMM has not answered since `since`; `cause` is the error code
 * - `METER_SILENT`: only this meter has not answered since `since`; `cause` is the error code
 * - `STALE`: the meter's newest value is from `since`
 * - `NEGATIVE_CONSUMPTION`: more was sold than bought and made: a solar meter is missing, or a meter has the wrong role
 * - `SUSPECT`: a counter of `meter` does not continue from its last trusted reading (replaced, reset, misread): it is not summed
 * - `LIST_REFUSED`: the list of meters is not available; the default meters that answer are shown
 * - `NO_METERS`: there is no meter that the page can show
 * - `GAPS`: the CEMM did not record some minutes of the period, so sums of minutes are too low
 * - `NO_PRICES`: prices of some hours are missing
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
  /** IANA name: of all days, months and hours. */
  timezone: z.string(),
  /** `2026-11-28` */
  today: z.string(),
  /** The first day with data; null while unknown. */
  firstDay: z.string().nullable(),
  /** What this house has; the rest is hidden. `grid`: a smart meter. `sold`: it has exported. */
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

/**
 * A current value. `silent`: not available since `since`; `stale`: the newest value, of `time`, is too old; `waiting`:
 * not asked yet.
 */
export const LiveValue = z.object({
  value: Amount,
  state: z.enum(["fresh", "stale", "silent", "waiting"]),
  /** When it was measured. */
  time: Time.nullable(),
  /** Since when it is silent. */
  since: Time.nullable(),
});
export type LiveValue = z.infer<typeof LiveValue>;

/** Averages of one minute, W. `grid` is negative while sold. */
export const PowerPoint = z.object({ time: Time, grid: Amount, solar: Amount, consumption: Amount });
export type PowerPoint = z.infer<typeof PowerPoint>;

/** The `live` event. */
export const Live = z.object({
  time: Time,
  /** W. Null if the house has no such figure. `bought` and `sold` are never both above 0. */
  bought: LiveValue.nullable(),
  sold: LiveValue.nullable(),
  solar: LiveValue.nullable(),
  consumption: LiveValue.nullable(),
  /** For each meter: power in W, else flow rate in L/min, else a counter in m³. */
  meters: z.array(z.object({ id: z.string(), unit: z.enum(["W", "L/min", "m³"]).nullable(), reading: LiveValue })),
  /** The last 60 minutes, oldest first. */
  lastHour: z.array(PowerPoint),
  /**
   * The running quarter of an hour: kWh bought so far, and its expected average power in W at the last minute's rate.
   */
  quarter: z.object({ start: Time, end: Time, bought: z.number(), expected: z.number() }).nullable(),
  problems: z.array(Problem),
});
export type Live = z.infer<typeof Live>;

/** The figures of a day, month, year or hour. */
export const Figures = z.object({
  bought: Amount,
  sold: Amount,
  solar: Amount,
  /** Bought less sold, plus solar. */
  consumption: Amount,
  /** Share of the solar energy that the house used itself, %. */
  selfConsumption: Amount,
  /** Share of the consumption that came from the panels, %. */
  selfSufficiency: Amount,
  gas: Amount,
  water: Amount,
});
export type Figures = z.infer<typeof Figures>;

/** Euros. `sold` is the revenue, positive; `total` = bought - sold + standing + gas + water. */
export const Costs = z.object({
  bought: Amount,
  sold: Amount,
  standing: Amount,
  gas: Amount,
  water: Amount,
  total: z.number(),
  /** kWh without a price, not included in the costs. */
  withoutPrice: z.number(),
});
export type Costs = z.infer<typeof Costs>;

/**
 * A part of a period. `state`: `whole`; `running`: until now; `pending`: not all of its days are added up yet, so
 * figures are too low; `missing`: nothing was recorded; `future`.
 */
export const Bar = z.object({
  /**
   * The period that a click opens: `2026-11-28` in a month, `2026-11` in a year; in a day the hour, `13:00`, which
   * opens nothing. The hour that is repeated when the clock goes back appears twice.
   */
  name: z.string(),
  start: Time,
  end: Time,
  state: z.enum(["whole", "running", "pending", "missing", "future"]),
  figures: Figures,
  costs: z.number().nullable(),
});
export type Bar = z.infer<typeof Bar>;

/** The highest quarter-hour average bought in that month, W, which Belgium bills. */
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
  /** The period before and after; null: no data there, or in the future. */
  previous: z.string().nullable(),
  next: z.string().nullable(),
  isRunning: z.boolean(),
  figures: Figures,
  /** Source of the electricity sums: the meters' registers, sums of minutes, or a mix. Null without any. */
  source: z.enum(["registers", "minutes", "both"]).nullable(),
  /** The previous period, until the same local time (`until`); as a whole if the period is over. Null: unknown. */
  before: z.object({ name: z.string(), until: Time, figures: Figures, costs: z.number().nullable() }).nullable(),
  /** Hours of a day, days of a month, months of a year. */
  bars: z.array(Bar),
  /** For a day: quarter-hour averages, W, oldest first; empty for a month and a year. */
  power: z.array(PowerPoint),
  /** The meters with the role `sub-meter` or `unknown`, kWh or m³. */
  meters: z.array(z.object({ id: z.string(), amount: Amount, unit: z.enum(["kWh", "m³"]) })),
  /** For the month of the day, the month, or each month of the year. */
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

/** The `day` event: the views of this day, its month and its year have changed. Blank: all views, as by new prices. */
export const DayChanged = z.object({ date: z.string() });
export type DayChanged = z.infer<typeof DayChanged>;
