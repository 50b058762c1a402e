/** What a day costs, worked out another way than the example does: from the simulator's registers at each quarter of an hour. */
import assert from "node:assert/strict";
import { live } from "./truth.js";

export const QUARTER = 900_000;
const REGISTERS = ["t1", "t2", "t3", "t4"] as const;

/** Euro for a kWh of each register. */
export type Price = Readonly<Record<(typeof REGISTERS)[number], number>>;
export interface Contract {
  name: string;
  /** What its node sends; `starts` are those of the day's quarters. */
  message: (starts: readonly number[]) => unknown;
  /** Of the n-th quarter of the day. */
  price: (n: number) => Price;
}

const ONE: Price = { t1: 0.27, t2: 0.27, t3: 0.06, t4: 0.06 };
const TWO: Price = { t1: 0.24, t2: 0.29, t3: 0.05, t4: 0.07 };
/** No two neighbours alike, some below zero, some exactly zero. */
const dynamic = (n: number): Price => {
  const price = (((n * 7) % 23) - 4) / 50;
  return { t1: price, t2: price, t3: price - 0.02, t4: price - 0.02 };
};

export const CONTRACTS: readonly Contract[] = [
  { name: "one price", message: () => ONE, price: () => ONE },
  { name: "two tariffs", message: () => TWO, price: () => TWO },
  {
    name: "a price for each quarter",
    message: (starts) => starts.map((time, n) => ({ time: new Date(time).toISOString(), ...dynamic(n) })),
    price: dynamic,
  },
];

export interface DayOfCosts {
  used: { kWh: number; euro: number };
  fedIn: { kWh: number; euro: number };
}

/** Adds up a day's quarters as they pass: `read` at the day's start, and at the end of each. */
export class Bill {
  readonly day: DayOfCosts = { used: { kWh: 0, euro: 0 }, fedIn: { kWh: 0, euro: 0 } };
  #before: Record<string, number | null> | undefined;
  #quarters = 0;

  constructor(private readonly priceOf: (n: number) => Price) {}

  async read(): Promise<void> {
    const now = await live("p1");
    if (this.#before) this.#add(this.#before, now, this.priceOf(this.#quarters++));
    this.#before = now;
  }

  #add(before: Record<string, number | null>, now: Record<string, number | null>, price: Price): void {
    for (const register of REGISTERS) {
      const [from, to] = [before[register], now[register]];
      if (typeof from !== "number" || typeof to !== "number") assert.fail(`no ${register}`);
      const side = register === "t1" || register === "t2" ? this.day.used : this.day.fedIn;
      side.kWh += to - from;
      side.euro += (to - from) * price[register];
    }
  }
}
