/** Appliances on solar power: compares three ways to switch one, on the same days. */
import { decide, type TriggerState } from "../../src/lib/trigger/machine.js";
import { type PresetRule, presetRule } from "../../src/lib/trigger/presets-table.js";
import { triggerRule } from "../../src/lib/trigger/rule.js";
import { type Check, check, table } from "../support/report.js";
import { type Day, days } from "./house.js";

/** Decides whether the load should run, from the meter's current value. */
type Controller = (time: number, power: number) => boolean;

interface Outcome {
  worst: number;
  switchings: number;
  /** kWh a day that the load takes from the panels and from the grid, and the solar surplus that was available. */
  sun: number;
  bought: number;
  offered: number;
}

/** A pump, a boiler, a car on one phase: W, and how often each may switch on its worst day. */
const APPLIANCES = [
  { watts: 500, maxSwitchings: 12 },
  { watts: 2000, maxSwitchings: 6 },
  { watts: 3500, maxSwitchings: 6 },
];
const STEP = 10;

const CONTROLLERS: Record<string, (rule: PresetRule) => Controller> = {
  "plain threshold":
    ({ on }) =>
    (_time, power) =>
      power < on,
  "dead band": ({ on, off }) => {
    let isOn = false;
    return (_time, power) => {
      isOn = isOn ? power <= off : power < on;
      return isOn;
    };
  },
  trigger: (preset) => {
    const rule = triggerRule(preset);
    let state: TriggerState | undefined;
    // The days are not consecutive, while a real clock would keep running.
    let arrival = 0;
    return (time, value) => {
      arrival += STEP * 1000;
      state = decide(rule, state, { time, arrival, value, used: null, ...preset }).state;
      return state.state === "on";
    };
  },
};

/** Thirty days of each kind of weather, from 90 days from May to July: the sunniest, the cloudiest and the most changeable. */
function weathers(): Record<string, Day[]> {
  const all = days(Date.UTC(2026, 4, 1, 12), 90);
  const bySun = all.toSorted((a, b) => total(a.sun) - total(b.sun));
  const byChange = all.toSorted((a, b) => change(b.sun) - change(a.sun));
  return { sunny: bySun.slice(60), cloudy: bySun.slice(0, 30), changeable: byChange.slice(0, 30) };
}

/** Simulates `days` with a load that the controller switches. */
function simulate(days: readonly Day[], watts: number, controller: Controller): Outcome {
  const outcome = { worst: 0, switchings: 0, sun: 0, bought: 0, offered: 0 };
  for (const day of days) addDay(outcome, day, watts, controller, days.length);
  return outcome;
}

/** Adds one of `count` days to the averages per day. */
function addDay(outcome: Outcome, { start, net }: Day, watts: number, controller: Controller, count: number): void {
  const kwh = STEP / 3_600_000 / count;
  let [isOn, switchings] = [false, 0];
  for (let second = 0; second < 86_400; second += STEP) {
    const house = net[Math.floor(second / 60)] ?? 0;
    const sun = Math.min(watts, Math.max(0, -house));
    outcome.offered += sun * kwh;
    if (isOn) outcome.sun += sun * kwh;
    if (isOn) outcome.bought += (watts - sun) * kwh;
    const next = controller(start + second * 1000, house + (isOn ? watts : 0));
    if (next !== isOn) switchings++;
    isOn = next;
  }
  outcome.switchings += switchings / count;
  outcome.worst = Math.max(outcome.worst, switchings);
}

export function surplusChecks(): Check[] {
  const rows: Record<string, Record<string, number>> = {};
  const checks = Object.entries(weathers()).flatMap(([weather, days]) =>
    APPLIANCES.flatMap(({ watts, maxSwitchings }) => {
      const rule = presetRule("surplus", watts);
      const what = `${weather}, ${watts} W`;
      const runs = Object.entries(CONTROLLERS).map(
        ([name, make]) => [name, simulate(days, watts, make(rule))] as const,
      );
      for (const [name, outcome] of runs) rows[`${what}, ${name}`] = { ...outcome };
      const { trigger, "plain threshold": plain } = Object.fromEntries(runs);
      if (!trigger || !plain) return [];
      return [
        check(`${what}: times that the trigger switches on the worst day`, trigger.worst, "<=", maxSwitchings),
        check(`${what}: kWh of solar a day, above 0.9 of plain`, trigger.sun - 0.9 * plain.sun, ">=", 0),
      ];
    }),
  );
  console.log("\nAppliances on solar power, 30 days each: times switched on the worst day and a day, kWh a day");
  table(rows);
  return checks;
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const change = (values: readonly number[]) =>
  total(values.map((value, n) => Math.abs(value - (values[n - 1] ?? value))));
