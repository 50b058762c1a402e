/** Calculates the cost of energy for the page and its output. Euros everywhere. */
import { z } from "zod";
import { localTime, parseTime } from "../data/calendar.js";
import { inputError } from "../errors.js";
import { QUARTER, type Quarters } from "./day-record.js";
import { amountIn, rounded, type Sums } from "./figures.js";
import type { HouseDay, TariffSums } from "./house-day.js";
import type { Costs } from "./view.js";

const HOUR = 3_600_000;

/** A field that may be blank. */
const Blank = z.preprocess(
  (price) => (price === "" || price === null ? undefined : price),
  z.coerce.number().optional(),
);
const Price = Blank.transform((price = 0) => price);

/**
 * The contract from the dialog. Prices are euros per kWh or m³, standing charges euros a day.
 * - `kind`: `none`: no costs are shown; `fixed`: `buy`, `sell`; `two`: these are the normal tariff, `buyLow` and
 *   `sellLow` the low one (blank: the same); `hourly`: prices come as messages
 * - `lowRegister`: the meter's register of the low tariff: `t1` in the Netherlands, `t2` in Belgium
 * - `netting`: until the end of 2026 sold energy has the price of bought energy (the Dutch saldering)
 */
export const Tariff = z
  .object({
    kind: z.enum(["none", "fixed", "two", "hourly"]).default("none"),
    buy: Price,
    buyLow: Blank,
    sell: Price,
    sellLow: Blank,
    lowRegister: z.enum(["t1", "t2"]).default("t1"),
    netting: z.boolean().default(false),
    standing: Price,
    gas: Price,
    gasStanding: Price,
    water: Price,
    waterStanding: Price,
  })
  .transform(({ buyLow, sellLow, ...tariff }) => ({
    ...tariff,
    buyLow: buyLow ?? tariff.buy,
    sellLow: sellLow ?? tariff.sell,
  }));
export type Tariff = z.infer<typeof Tariff>;

/** Euros per kWh from `time` (epoch ms) on. */
export const HourPrice = z.object({ time: z.number(), buy: z.number(), sell: z.number() });
export type HourPrice = z.infer<typeof HourPrice>;

/** A price as written in a message. */
const WrittenPrice = z.object({ time: z.unknown(), buy: z.number(), sell: z.number().optional() });
/** Maximum number of prices in one message: more than a year of hours. */
const MAX_PRICES = 10_000;

/** The first day of 2027, when netting ends. */
const NETTING_ENDS = "2027-01-01";
/** For days without registers: local hours at which the low tariff starts and ends on weekdays. Weekends are low. */
const LOW_HOURS = { t1: { from: 23, to: 7 }, t2: { from: 22, to: 7 } } as const;

interface Pair {
  buy: number;
  sell: number;
}
/** The price of the quarter that begins at `time`; undefined: unknown. */
type PriceAt = (time: number) => Pair | undefined;

/** What the price of a day depends on. */
export interface Contract {
  tariff: Tariff;
  /** Oldest first, as {@link withPrices} keeps them. */
  prices: readonly HourPrice[];
  timezone: string;
}

/** The cost of a day or a part of it (epoch ms), with the standing charges of the day. Null without a tariff. */
export function costsOfDay(day: HouseDay, contract: Contract, from = day.start, to = day.end): Costs | null {
  const { tariff } = contract;
  if (tariff.kind === "none") return null;
  const isWhole = from === day.start && to === day.end;
  const registers = tariff.kind === "two" && isWhole ? day.tariffs : null;
  const netted = isNetted(tariff, day.date);
  const electricity = registers
    ? byRegisters(registers, tariff, netted)
    : byQuarters(day, priceAt(contract, day), netted, from, to);
  const gas = times(amountIn(day.gas, day, from, to), tariff.gas);
  const water = times(amountIn(day.water, day, from, to), tariff.water);
  return totalled({ ...electricity, standing: standingOf(day, tariff), gas, water });
}

export const withoutStanding = (tariff: Tariff): Tariff => ({
  ...tariff,
  standing: 0,
  gasStanding: 0,
  waterStanding: 0,
});

const isNetted = ({ netting }: Tariff, date: string): boolean => netting && date < NETTING_ENDS;

export function addCosts(a: Costs, b: Costs): Costs {
  const add = (one: number | null, other: number | null) =>
    one === null && other === null ? null : (one ?? 0) + (other ?? 0);
  return totalled({
    bought: add(a.bought, b.bought),
    sold: add(a.sold, b.sold),
    standing: add(a.standing, b.standing),
    gas: add(a.gas, b.gas),
    water: add(a.water, b.water),
    withoutPrice: a.withoutPrice + b.withoutPrice,
  });
}

/** The costs of the year of `date`: netting covers at most what was bought; the rest is paid at the feed-in price. */
export function withoutSurplus(costs: Costs, date: string, { bought, sold }: Sums, tariff: Tariff): Costs {
  const surplus = (sold ?? 0) - (bought ?? 0);
  if (!isNetted(tariff, date) || tariff.kind === "hourly" || surplus <= 0 || costs.sold === null || !sold) return costs;
  const netted = costs.sold / sold;
  return totalled({ ...costs, sold: costs.sold - surplus * (netted - tariff.sell) });
}

function byRegisters({ bought, sold }: TariffSums, tariff: Tariff, isNetted: boolean) {
  const [low, normal] = tariff.lowRegister === "t1" ? (["t1", "t2"] as const) : (["t2", "t1"] as const);
  const sell = isNetted ? { low: tariff.buyLow, normal: tariff.buy } : { low: tariff.sellLow, normal: tariff.sell };
  return {
    bought: bought[low] * tariff.buyLow + bought[normal] * tariff.buy,
    sold: sold[low] * sell.low + sold[normal] * sell.normal,
    withoutPrice: 0,
  };
}

function byQuarters(day: HouseDay, price: PriceAt, isNetted: boolean, from: number, to: number) {
  const costs = { bought: day.bought && 0, sold: day.sold && 0, withoutPrice: 0 };
  const amount = (quarters: Quarters | null, time: number) =>
    amountIn(quarters, day, Math.max(from, time), Math.min(to, time + QUARTER)) ?? 0;
  for (let time = day.start; time < day.end; time += QUARTER) {
    const [bought, sold] = [amount(day.bought, time), amount(day.sold, time)];
    if (bought === 0 && sold === 0) continue;
    const pair = price(time);
    if (!pair) costs.withoutPrice += bought + sold;
    else {
      costs.bought = (costs.bought ?? 0) + bought * pair.buy;
      costs.sold = (costs.sold ?? 0) + sold * (isNetted ? pair.buy : pair.sell);
    }
  }
  return costs;
}

function priceAt({ tariff, prices, timezone }: Contract, day: HouseDay): PriceAt {
  const normal = { buy: tariff.buy, sell: tariff.sell };
  const low = { buy: tariff.buyLow, sell: tariff.sellLow };
  if (tariff.kind === "hourly") return (time) => priceFrom(prices, time);
  if (tariff.kind === "fixed") return () => normal;
  const { from, to } = LOW_HOURS[tariff.lowRegister];
  const isWeekend = [0, 6].includes(new Date(day.date).getUTCDay());
  return (time) => {
    const hour = localHour(day, time, timezone);
    return isWeekend || hour >= from || hour < to ? low : normal;
  };
}

function localHour({ start, end }: HouseDay, time: number, timezone: string): number {
  // Without the calendar on days of 24 hours: a call for each quarter of a year takes a quarter of a second.
  if (end - start === 24 * HOUR) return Math.floor((time - start) / HOUR);
  return Number(localTime(time, timezone).slice(0, 2));
}

/** The price at `time`: the newest one before it. The last of a list applies for as long as the one before it did. */
export function priceFrom(prices: readonly HourPrice[], time: number): HourPrice | undefined {
  const n = indexBefore(prices, time);
  const [price, before] = [prices[n], prices[n - 1]];
  if (!price || n < prices.length - 1 || !before) return price;
  return time - price.time < price.time - before.time ? price : undefined;
}

/** The index of the newest price not after `time`; -1: none. Binary search, since a year has 35,000. */
function indexBefore(prices: readonly HourPrice[], time: number): number {
  let [from, to] = [0, prices.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((prices[middle]?.time ?? 0) <= time) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}

function standingOf(day: HouseDay, { standing, gasStanding, waterStanding }: Tariff): number {
  return (day.bought ? standing : 0) + (day.gas ? gasStanding : 0) + (day.water ? waterStanding : 0);
}

function totalled({ bought, sold, standing, gas, water, withoutPrice }: Omit<Costs, "total">): Costs {
  const total = (bought ?? 0) - (sold ?? 0) + (standing ?? 0) + (gas ?? 0) + (water ?? 0);
  return { bought, sold, standing, gas, water, total: rounded(total), withoutPrice: rounded(withoutPrice) };
}

const times = (amount: number | null, price: number): number | null => (amount === null ? null : amount * price);

/** The list merged with a message's prices, oldest first; at the same time the newer price wins. */
export function withPrices(known: readonly HourPrice[], added: readonly HourPrice[]): HourPrice[] {
  const byTime = new Map([...known, ...added].map((price) => [price.time, price]));
  return [...byTime.values()].sort((a, b) => a.time - b.time);
}

/**
 * The prices of a message's payload: `[{ time, buy, sell }]`, `time` epoch ms or any other time format of the nodes;
 * without `sell` it equals `buy`.
 * @throws CemmError `CEMM_INPUT`
 */
export function readPrices(payload: unknown, timezone: string): HourPrice[] {
  const list: unknown[] = Array.isArray(payload) && payload.length <= MAX_PRICES ? payload : [];
  if (list.length === 0) throw notPrices();
  // One by one: a schema of the list would collect an issue for each wrong entry.
  return list.map((entry) => {
    const { data: price } = WrittenPrice.safeParse(entry);
    if (!price) throw notPrices();
    const { time, buy, sell = buy } = price;
    return { time: parseTime(time, timezone), buy, sell };
  });
}

const notPrices = () =>
  inputError("Prices: the payload is not a list of { time, buy, sell } with euros per kWh as numbers.");
