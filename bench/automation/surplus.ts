/** A load of 2 kW on the sun: what three ways to switch it make of the same days. */
import { decide, type TriggerState } from "../../src/lib/trigger/machine.js";
import { presetRule } from "../../src/lib/trigger/presets-table.js";
import { triggerRule } from "../../src/lib/trigger/rule.js";
import { type Check, check } from "../support/report.js";
import type { Day, House } from "./house.js";

/** Says whether the load is to run, from what the meter shows now. */
type Controller = (time: number, power: number) => boolean;

interface Outcome {
  worst: number;
  switchings: number;
  /** kWh a day that the load takes from the sun and from the grid; the sun that it could have had. */
  sun: number;
  bought: number;
  offered: number;
}

const LOAD = 2000;
const STEP = 10;
const MOST_SWITCHINGS = 6;
const surplus = presetRule("surplus", LOAD);

const CONTROLLERS: Record<string, () => Controller> = {
  "plain threshold": () => (_time, power) => power < surplus.on,
  "dead band": () => {
    let isOn = false;
    return (_time, power) => {
      isOn = isOn ? power <= surplus.off : power < surplus.on;
      return isOn;
    };
  },
  trigger: () => {
    const rule = triggerRule(surplus);
    let state: TriggerState | undefined;
    return (time, value) => {
      state = decide(rule, state, { time, arrival: time, value, used: null, ...surplus }).state;
      return state.state === "on";
    };
  },
};

/** Thirty days of each weather, of the 90 from May to July: those with the least sun, with the most, and with the most change. */
function weathers(house: House): Record<string, Day[]> {
  const days = house.days(Date.UTC(2026, 4, 1, 12), 90);
  const bySun = days.toSorted((a, b) => total(a.sun) - total(b.sun));
  const byChange = days.toSorted((a, b) => change(b.sun) - change(a.sun));
  return { sunny: bySun.slice(60), cloudy: bySun.slice(0, 30), changeable: byChange.slice(0, 30) };
}

function live(days: readonly Day[], controller: Controller): Outcome {
  const sums = { worst: 0, switchings: 0, sun: 0, bought: 0, offered: 0 };
  for (const day of days) addDay(sums, day, controller);
  const kwhADay = (ws: number) => ws / 3_600_000 / days.length;
  const [sun, bought, offered] = [kwhADay(sums.sun), kwhADay(sums.bought), kwhADay(sums.offered)];
  return { worst: sums.worst, switchings: sums.switchings / days.length, sun, bought, offered };
}

function addDay(sums: Outcome, { start, net }: Day, controller: Controller): void {
  let [isOn, switchings] = [false, 0];
  for (let second = 0; second < 86_400; second += STEP) {
    const house = net[Math.floor(second / 60)] ?? 0;
    const sun = Math.min(LOAD, Math.max(0, -house));
    sums.offered += sun * STEP;
    if (isOn) sums.sun += sun * STEP;
    if (isOn) sums.bought += (LOAD - sun) * STEP;
    const next = controller(start + second * 1000, house + (isOn ? LOAD : 0));
    if (next !== isOn) switchings++;
    isOn = next;
  }
  sums.switchings += switchings;
  sums.worst = Math.max(sums.worst, switchings);
}

export function surplusChecks(house: House): Check[] {
  return Object.entries(weathers(house)).flatMap(([weather, days]) => {
    const entries = Object.entries(CONTROLLERS).map(([name, make]) => [name, live(days, make())] as const);
    const { trigger, "plain threshold": plain } = Object.fromEntries(entries);
    console.log(`\nA load of 2 kW, 30 ${weather} days`);
    console.table(Object.fromEntries(entries.map(([name, outcome]) => [name, row(outcome)])));
    if (!trigger || !plain) return [];
    return [
      check(`${weather}: switchings of the trigger on the worst day`, trigger.worst, "<=", MOST_SWITCHINGS),
      check(`${weather}: sun used, to that of the plain threshold`, trigger.sun / plain.sun, ">=", 0.9),
    ];
  });
}

function row({ worst, switchings, sun, bought, offered }: Outcome): Record<string, string | number> {
  return {
    "switchings a day": Number(switchings.toFixed(1)),
    "on the worst day": worst,
    "kWh of sun a day": Number(sun.toFixed(2)),
    "share of the sun": `${Math.round((sun / offered) * 100)} %`,
    "kWh bought a day": Number(bought.toFixed(2)),
  };
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const change = (values: readonly number[]) =>
  total(values.map((value, n) => Math.abs(value - (values[n - 1] ?? value))));
