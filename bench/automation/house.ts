/** The simulator's house with two roofs, as its smart meter sees it. */
import { Cemm } from "../../src/simulator/cemm.js";
import { Household } from "../../src/simulator/household.js";

const TIMEZONE = "Europe/Amsterdam";
const MINUTE = 60_000;
const DAY_MS = 24 * 60 * MINUTE;

export interface Day {
  start: number;
  /** W of each minute, feed-in negative. */
  net: readonly number[];
  /** W of each minute that the panels make. */
  sun: readonly number[];
}

const SOLAR = [
  { alias: "s01", countsOwnUse: false },
  { alias: "mb3", countsOwnUse: true },
];

export class House {
  readonly #cemm: Cemm;

  constructor(seed: string) {
    const household = new Household({ seed, timezone: TIMEZONE, size: 1, solar: SOLAR });
    this.#cemm = new Cemm({ seed, index: 0, aliases: ["p1", "s01", "mb3"], household });
  }

  /** The minutes from `start` on, W of the alias. */
  power(alias: string, start: number, minutes: number): number[] {
    return Array.from({ length: minutes }, (_, n) => this.#powerAt(alias, start + n * MINUTE));
  }

  /** `count` days from the one in which `time` lies, in local summer time, when each has 24 hours. */
  days(time: number, count: number): Day[] {
    const { start } = this.#cemm.period("day", time);
    return Array.from({ length: count }, (_, n) => this.#day(start + n * DAY_MS));
  }

  #day(start: number): Day {
    const roofs = ["s01", "mb3"].map((alias) => this.power(alias, start, 1440));
    const sun = Array.from({ length: 1440 }, (_, n) => roofs.reduce((sum, roof) => sum + (roof[n] ?? 0), 0));
    return { start, net: this.power("p1", start, 1440), sun };
  }

  #powerAt(alias: string, time: number): number {
    const meter = this.#cemm.meter(alias);
    if (!meter) throw new Error(`The house has no "${alias}".`);
    return this.#cemm.live(meter, time).electric_power?.[1] ?? 0;
  }
}
