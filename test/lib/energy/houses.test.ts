/** What the page shows for houses of all kinds, checked against the simulator's model. */
import assert from "node:assert/strict";
import { periodView } from "../../../src/lib/energy/period.js";
import type { PeriodView } from "../../../src/lib/energy/view.js";
import { assertSound } from "./even-day.js";
import { SimulatedHouse } from "./simulated-house.js";

const QUARTER = 900_000;
const NOW = "2026-03-03T15:07:30+01:00";

interface House {
  it: string;
  meters?: string[];
  timezone?: string;
  now?: string;
  /** By alias. */
  roles: Record<string, string>;
}

const HOUSES: House[] = [
  {
    it: "the simulator's usual house",
    roles: { p1: "grid", mb3: "solar", s01: "solar", "p1-gas": "gas", "pulse-3": "water" },
  },
  { it: "a smart meter only", meters: ["p1"], roles: { p1: "grid" } },
  {
    it: "a Belgian house",
    meters: ["emucs", "emucs-gas"],
    timezone: "Europe/Brussels",
    roles: { emucs: "grid", "emucs-gas": "gas" },
  },
  { it: "gas only", meters: ["p1-gas"], roles: { "p1-gas": "gas" } },
  { it: "water only", meters: ["pulse-1"], roles: { "pulse-1": "water" } },
  { it: "only a pulse meter of panels", meters: ["s01"], roles: { s01: "solar" } },
  {
    it: "four solar meters, two pulse meters and two on Modbus",
    meters: ["p1", "s01", "s03", "mb1", "mb3"],
    roles: { p1: "grid", mb1: "solar", mb3: "solar", s01: "solar", s03: "solar" },
  },
  { it: "a Norwegian house", meters: ["han"], timezone: "Europe/Oslo", roles: { han: "grid" } },
  { it: "a meter on USB, and panels", meters: ["dlms-usb", "mb2"], roles: { "dlms-usb": "grid", mb2: "solar" } },
];

describe("a house's day", () => {
  for (const { it: name, meters, timezone, roles } of HOUSES) {
    it(name, async () => {
      const house = await SimulatedHouse.start({ now: NOW, ...(meters && { meters }), ...(timezone && { timezone }) });
      try {
        const today = house.day(NOW);
        const yesterday = house.day(today.start - 1);
        const history = await house.history(today, yesterday);
        assert.deepEqual(Object.fromEntries(house.meters.map(({ alias, role }) => [alias, role])), roles);
        for (const day of [today, yesterday]) {
          const view = periodView("day", day.start, history);
          assertSound(view);
          assertFigures(view, house);
          assert.deepEqual(view.problems, []);
        }
      } finally {
        await house.stop();
      }
    });
  }
});

const shown = (value: number | null): string | null => (value === null ? null : value.toFixed(3));

/** Compares the figures to the last digit shown. */
function assertFigures({ start, end, figures, bars, peaks }: PeriodView, house: SimulatedHouse): void {
  const until = Math.min(end, house.now - (house.now % 60_000));
  const of = (role: string) => house.meters.filter((meter) => meter.role === role).map(({ alias }) => alias);
  const total = (streams: string[], from: number, to: number, sign?: 1 | -1) =>
    streams.length === 0 ? null : streams.reduce((sum, stream) => sum + house.modelled(stream, from, to, sign), 0);
  const grid = of("grid").length > 0 ? ["net"] : [];
  // This house's gas meter is read hourly.
  const gasUntil = Math.min(end, house.now - (house.now % 3_600_000));
  const expected = {
    bought: total(grid, start, until),
    sold: total(grid, start, until, -1),
    solar: total(of("solar"), start, until),
    gas: total(of("gas").length > 0 ? ["gas"] : [], start, gasUntil),
    water: total(of("water").length > 0 ? ["water"] : [], start, until),
  };
  const { bought, sold, solar } = expected;
  const consumption = bought === null ? null : bought - (sold ?? 0) + (solar ?? 0);
  for (const [name, value] of Object.entries({ ...expected, consumption })) {
    assert.equal(shown(figures[name as "bought"]), shown(value), name);
  }
  for (const name of ["bought", "solar", "gas", "water"] as const) {
    const sum = bars.reduce((sum, bar) => sum + (bar.figures[name] ?? 0), 0);
    assert.ok(Math.abs(sum - (figures[name] ?? 0)) < 1e-4, `the hours add up to ${name}`);
  }
  assertPeak(peaks, house);
}

/** The peak is the highest quarter-hour of the two known days, which are in one month. */
function assertPeak(peaks: PeriodView["peaks"], house: SimulatedHouse): void {
  const [peak, ...more] = peaks;
  assert.deepEqual(more, []);
  assert.equal(peak === undefined, house.meters[0]?.role !== "grid");
  if (!peak) return;
  const power = (start: number) => Math.round(4000 * house.modelled("net", start, start + QUARTER));
  const first = house.day(house.day(NOW).start - 1).start;
  const starts = Array.from({ length: Math.floor((house.now - first) / QUARTER) }, (_, n) => first + n * QUARTER);
  assert.equal(Math.round(peak.power), Math.max(...starts.map(power)));
  assert.equal(power(peak.start), Math.round(peak.power));
}
