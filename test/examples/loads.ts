/** The simulator's house with an example's loads and a value every 30 seconds: a running load shows in the next value. */
import type { ClockLab } from "./clock-lab.js";
import { hourOf, minutesOf } from "./expected.js";
import { type LoadStates, replay } from "./replay.js";

/** Seconds. */
const STEP = 30;

/** W that a load takes at an hour of the day if it may run, by the name of its debug node. */
export type Loads = Readonly<Record<string, (hour: number) => number>>;

/** One step of such a day. */
export interface Moment {
  time: number;
  /** W without the loads, export negative. */
  house: number;
  /** W of the loads that ran. */
  load: number;
  /** States of the loads after this value. */
  states: LoadStates;
}

/** A smart meter's import registers, in whole Wh. */
class Registers {
  #joules = 18_853_884_123;

  add(power: number): void {
    this.#joules += Math.max(0, power) * STEP;
  }

  get kwh(): number {
    return Math.floor(this.#joules / 3600) / 1000;
  }
}

/** Simulates a day with loads that run whenever they may. */
export async function dayWith(loads: Loads, { lab, date }: { lab: ClockLab; date: string }): Promise<Moment[]> {
  const registers = new Registers();
  const moments: Moment[] = [];
  let states: LoadStates = {};
  for (const minute of await minutesOf("p1", date)) {
    const hour = hourOf(minute.time);
    for (let second = 0; second < 60; second += STEP) {
      const load = powerOf(loads, hour, states);
      const power = minute.power + load;
      const time = minute.time + second * 1000;
      const payload = { electric_power: power, t1: registers.kwh, t2: 5120.4 };
      states = await replay(lab.bench, { payload, cemm: { uid: lab.uid, alias: "p1", time } });
      moments.push({ time, house: minute.power, load, states });
      registers.add(power);
    }
  }
  return moments;
}

/** No load runs before the first value. */
function powerOf(loads: Loads, hour: number, states: LoadStates): number {
  return Object.entries(loads).reduce((sum, [name, watts]) => sum + (states[name] === true ? watts(hour) : 0), 0);
}

/** The times at which a load was switched. */
export function switchings(moments: readonly Moment[], load: string): { time: number; isOn: boolean }[] {
  return moments.flatMap(({ time, states }, n) => {
    const before = moments[n - 1]?.states[load];
    return before !== undefined && before !== states[load] ? [{ time, isOn: states[load] === true }] : [];
  });
}
