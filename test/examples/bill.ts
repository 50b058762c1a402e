/** What a day costs, worked out another way than the example does: from the simulator's minutes, by the quarter of an hour. */
import { minutesOf } from "./expected.js";

export const QUARTER = 900_000;

/** Euro for a kWh. */
interface Price {
  buy: number;
  sell: number;
}

export interface Contract {
  name: string;
  /** What its node sends; `starts` are those of the day's quarters. */
  message: (starts: readonly number[]) => unknown;
  /** Of the n-th quarter of the day. */
  price: (n: number, count: number) => Price;
}

const ONE: Price = { buy: 0.27, sell: 0.06 };
const LOW: Price = { buy: 0.24, sell: 0.05 };
const NORMAL: Price = { buy: 0.29, sell: 0.07 };
/** Quarters before 07:00, whose clocks may have changed, count from the day's end; the last four from 23:00. */
const isLow = (n: number, count: number) => count - n > 68 || count - n <= 4;
/** No two neighbours alike, some below zero, some exactly zero. */
const dynamic = (n: number): Price => {
  const buy = (((n * 7) % 23) - 4) / 50;
  return { buy, sell: buy - 0.02 };
};

export const CONTRACTS: readonly Contract[] = [
  { name: "one price", message: () => [ONE], price: () => ONE },
  {
    name: "two tariffs",
    message: (starts) =>
      [0, starts.length - 68, starts.length - 4].map((n) => ({
        time: starts[n],
        ...(isLow(n, starts.length) ? LOW : NORMAL),
      })),
    price: (n, count) => (isLow(n, count) ? LOW : NORMAL),
  },
  {
    name: "prices of a feed",
    message: (starts) => starts.map((time, n) => ({ time, ...dynamic(n) })),
    price: dynamic,
  },
];

export interface DayOfCosts {
  bought: { kWh: number; euro: number };
  sold: { kWh: number; euro: number };
}

/** Of the minutes up to `until`. */
export async function billOf(
  date: string,
  starts: readonly number[],
  { price }: Contract,
  until = Number.POSITIVE_INFINITY,
): Promise<DayOfCosts> {
  const bill = { bought: { kWh: 0, euro: 0 }, sold: { kWh: 0, euro: 0 } };
  const minutes = (await minutesOf("p1", date)).filter(({ time }) => time < until);
  for (const [n, start] of starts.entries()) {
    const { buy, sell } = price(n, starts.length);
    for (const { power } of minutes.filter(({ time }) => time >= start && time < start + QUARTER)) {
      const [side, euro] = power > 0 ? [bill.bought, buy] : [bill.sold, sell];
      side.kWh += Math.abs(power) / 60_000;
      side.euro += (Math.abs(power) / 60_000) * euro;
    }
  }
  return bill;
}
