/** The house now: what was measured, what is stale, and which meters do not answer. */
import assert from "node:assert/strict";
import type { Answer } from "../../../src/lib/data/answer.js";
import { type HouseMeter, houseMeters } from "../../../src/lib/energy/house.js";
import { lastHourOf, liveView, type MeterState } from "../../../src/lib/energy/live.js";
import { readingsView } from "../../../src/lib/energy/readings.js";
import { type RunningQuarter, withPower } from "../../../src/lib/energy/running-quarter.js";
import { Live, type Problem, Readings } from "../../../src/lib/energy/view.js";
import { SimulatedHouse } from "./simulated-house.js";

const NOW = Date.UTC(2026, 5, 16, 12, 7);
const MINUTE = 60_000;
const ROLES = { p1: "grid", s01: "solar", mb3: "solar", "pulse-3": "water", "p1-gas": "gas" } as const;
type Alias = keyof typeof ROLES;
const ALIASES: readonly Alias[] = ["p1", "s01", "mb3", "pulse-3", "p1-gas"];

interface Given {
  /** By channel. */
  values?: Record<string, number | null>;
  stale?: boolean;
  silentFor?: number;
  suspects?: Answer["suspects"];
}

function state(alias: Alias, { values, stale = false, silentFor, suspects = [] }: Given): MeterState {
  const meter: HouseMeter = { alias, role: ROLES[alias], name: null };
  const failing = silentFor === undefined ? undefined : { failingSince: NOW - silentFor, cause: "CEMM_TIMEOUT" };
  return {
    meter,
    answer: values && answerOf(alias, values, stale, suspects),
    failingSince: null,
    cause: null,
    ...failing,
  };
}

function answerOf(
  alias: Alias,
  values: Record<string, number | null>,
  stale: boolean,
  suspects: Answer["suspects"],
): Answer {
  const time = stale ? NOW - 60 * MINUTE : NOW - 1000;
  const channels = Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const samples = [{ time: value === null ? null : time, value }];
      return [name, { name, unit: null, deviceClass: null, stateClass: null, stale, samples }];
    }),
  );
  const asked = { requestedAt: NOW, receivedAt: NOW, unusable: [], badNames: [], raw: null, ioId: null };
  return { kind: "realtime", source: "lan", uid: null, alias, channels, age: NOW - time, stale, suspects, ...asked };
}

function view(given: Partial<Record<Alias, Given>>, problems: Problem[] = [], quarter?: RunningQuarter): Live {
  const states = ALIASES.flatMap((alias) => (given[alias] ? [state(alias, given[alias])] : []));
  const live = liveView({ now: NOW, states, lastHour: [], quarter, problems });
  assert.deepEqual(Live.parse(live), live);
  return live;
}

const power = (watts: number | null) => ({ values: { electric_power: watts } });
const figures = ({ bought, sold, solar, consumption }: Live) =>
  [bought, sold, solar, consumption].map((figure) => figure?.value ?? null);
const codes = ({ problems }: Live) => problems.map(({ code, meter }) => [code, meter]);

describe("the house now", () => {
  it("adds up bought, sold, solar and consumption over all its meters", () => {
    assert.deepEqual(figures(view({ p1: power(-1200), s01: power(900), mb3: power(1100) })), [0, 1200, 2000, 800]);
    assert.deepEqual(figures(view({ p1: power(300), s01: power(0), mb3: power(-4.5) })), [300, 0, 0, 300]);
  });

  it("leaves out figures that no meter measures", () => {
    assert.deepEqual(figures(view({ p1: power(193) })), [193, 0, null, 193]);
    assert.deepEqual(figures(view({ s01: power(193) })), [null, null, 193, null]);
    assert.deepEqual(figures(view({ "pulse-3": { values: { flow: 4 } } })), [null, null, null, null]);
  });

  it("counts panels whose pulse meter never reported as 0", () => {
    assert.deepEqual(figures(view({ p1: power(193), s01: power(null) })), [193, 0, 0, 193]);
  });

  it("shows a meter's power, or else its flow rate, or else its counter", () => {
    const live = view({
      p1: power(193),
      "pulse-3": { values: { flow: 4.5, volume: 932.1 } },
      "p1-gas": { values: { gas: 3012.4 } },
    });
    assert.deepEqual(
      live.meters.map(({ id, unit, reading }) => [id, unit, reading.value]),
      [
        ["p1", "W", 193],
        ["pulse-3", "L/min", 4.5],
        ["p1-gas", "m³", 3012.4],
      ],
    );
  });

  it("has the state of the worst meter, and the time of the oldest", () => {
    const { solar, bought, consumption } = view({
      p1: power(100),
      s01: { ...power(400), stale: true },
      mb3: power(500),
    });
    assert.deepEqual([solar?.state, solar?.value, solar?.time], ["stale", 900, NOW - 60 * MINUTE]);
    assert.deepEqual([bought?.state, consumption?.state], ["fresh", "stale"]);
  });

  it("names the meter that is silent, and since when, and shows the others", () => {
    const live = view({ p1: power(100), s01: { silentFor: 20 * MINUTE } });
    assert.deepEqual([live.solar?.state, live.solar?.value, live.solar?.since], ["silent", null, NOW - 20 * MINUTE]);
    assert.deepEqual(live.problems, [
      { code: "METER_SILENT", meter: "s01", since: NOW - 20 * MINUTE, cause: "CEMM_TIMEOUT" },
    ]);
    assert.equal(live.bought?.value, 100);
  });

  it("reports a silent CEMM once, not for each meter", () => {
    const silent = { code: "SILENT", meter: null, since: NOW - MINUTE, cause: "CEMM_UNREACHABLE" };
    assert.deepEqual(codes(view({ p1: { silentFor: MINUTE }, s01: { silentFor: MINUTE } }, [silent])), [
      ["SILENT", null],
    ]);
  });

  it("shows a meter that was not asked yet as waiting, without a problem", () => {
    const live = view({ p1: {} });
    assert.deepEqual([live.bought?.state, live.bought?.value, live.problems], ["waiting", null, []]);
  });

  it("reports a consumption well below 0, and shows a slight one as 0", () => {
    assert.deepEqual(codes(view({ p1: power(-1800), s01: power(300) })), [["NEGATIVE_CONSUMPTION", null]]);
    // The meters are not read at the same moment.
    assert.deepEqual(figures(view({ p1: power(-350), s01: power(300) })), [0, 350, 300, 0]);
  });

  it("names stale and suspect meters", () => {
    const suspects = [{ channel: "t1", problem: "fell" as const, before: 100, now: 1 }];
    assert.deepEqual(codes(view({ p1: { ...power(100), suspects }, s01: { ...power(1), stale: true } })), [
      ["SUSPECT", "p1"],
      ["STALE", "s01"],
    ]);
  });

  it("has the current quarter-hour: bought so far, and its expected average", () => {
    const start = NOW - (NOW % 900_000);
    let quarter: RunningQuarter | undefined;
    for (let time = start; time <= NOW; time += 10_000) quarter = withPower(quarter, { time, power: 1200, used: null });
    const live = view({ p1: power(1200) }, [], quarter);
    assert.deepEqual(live.quarter && { ...live.quarter, bought: live.quarter.bought.toFixed(6) }, {
      start,
      end: start + 900_000,
      bought: "0.140000",
      expected: 1200,
    });
  });
});

describe("the last hour", () => {
  const first = NOW - 60 * MINUTE;
  const minutes = (watts: number) => new Map(Array.from({ length: 60 }, (_, n) => [first + n * MINUTE, watts]));
  const [p1, s01] = houseMeters([{ alias: "p1" }, { alias: "s01", type: "solar_energy" }], []);
  assert(p1 && s01);

  it("has a point for each minute, with the consumption", () => {
    const points = lastHourOf(
      [
        { meter: p1, minutes: minutes(-500) },
        { meter: s01, minutes: minutes(800) },
      ],
      NOW,
    );
    assert.equal(points.length, 60);
    assert.deepEqual(points[59], { time: NOW - MINUTE, grid: -500, solar: 800, consumption: 300 });
  });

  it("has no consumption for a minute in which a meter has no value", () => {
    const points = lastHourOf(
      [
        { meter: p1, minutes: minutes(100) },
        { meter: s01, minutes: new Map() },
      ],
      NOW,
    );
    assert.deepEqual(points[0], { time: first, grid: 100, solar: null, consumption: null });
  });

  it("is empty without an electricity meter", () => assert.deepEqual(lastHourOf([], NOW), []));
});

describe("the readings", () => {
  it("are the counters of each meter, once", async () => {
    const house = await SimulatedHouse.start({ now: "2026-03-03T15:07:30+01:00" });
    try {
      const answers = await Promise.all(house.meters.map(({ alias }) => house.client.totals(alias)));
      const view = readingsView(new Map(answers.map((answer) => [answer.alias, answer])));
      assert.deepEqual(Readings.parse(view), view);
      const shown = view.meters.map(({ id, readings }) => [id, ...readings.map(({ channel }) => channel)]);
      assert.deepEqual(shown, [
        ["p1", "t1", "t2", "t3", "t4"],
        ["mb3", "t1", "t2", "t3", "t4"],
        ["s01", "electric_energy", "electric_energy_high"],
        ["p1-gas", "gas"],
        ["pulse-3", "volume"],
      ]);
    } finally {
      await house.stop();
    }
  });
});
