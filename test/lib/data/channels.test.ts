/** How the device's pairs become channels with units and ascending samples. */
import assert from "node:assert/strict";
import { countersOf, type ReadChannels, readHistory, readReadings } from "../../../src/lib/data/channels.js";
import { CemmClient, type Period } from "../../../src/lib/index.js";

const client = new CemmClient({ host: "127.0.0.1" });
const DAY = client.period("day", "2026-06-10");
const MONTH = client.period("month", "2026-06");
const LATER = Date.UTC(2030, 0);
const MINUTE = 60_000;

const at = (minutes: number, value: unknown, period: Period = DAY) => [period.start + minutes * MINUTE, value];
const samplesOf = (pairs: unknown, period = DAY, now = LATER, name = "electric_power") =>
  readHistory({ [name]: pairs }, period, now).channels[name]?.samples;

describe("units and classes", () => {
  const READINGS: [string, string | null, string | null, string | null][] = [
    ["electric_power", "W", "power", "measurement"],
    ["t1", "kWh", "energy", "total_increasing"],
    ["t2", "kWh", "energy", "total_increasing"],
    ["t3", "kWh", "energy", "total_increasing"],
    ["t4", "kWh", "energy", "total_increasing"],
    ["electric_energy", "kWh", "energy", "total"],
    ["electric_energy_high", "kWh", "energy", "total"],
    ["gas", "m³", "gas", "total_increasing"],
    ["volume", "m³", "volume", "total_increasing"],
    ["flow", "L/min", "volume_flow_rate", "measurement"],
    ["rate", null, null, null],
    ["switch", null, null, null],
    ["unheard_of", null, null, null],
    ["constructor", null, null, null],
  ];
  for (const [name, unit, deviceClass, stateClass] of READINGS) {
    it(`reading ${name}: ${unit}`, () => {
      const channel = readReadings({ [name]: [1, 2] }, "realtime").channels[name];
      assert(channel?.name);
      assert.deepEqual([channel.unit, channel.deviceClass, channel.stateClass], [unit, deviceClass, stateClass]);
    });
  }

  it("unknown channel in a history: null", () => {
    assert.equal(readHistory({ unheard_of: [at(0, 1)] }, DAY, LATER).channels.unheard_of?.unit, null);
  });

  const gasEvery = (minutes: number, count: number) =>
    readHistory({ gas: Array.from({ length: count }, (_, n) => at(n * minutes, 1)).reverse() }, DAY, LATER).channels.gas
      ?.unit;
  it("gas of a day, sampled hourly (DSMR 3 and 4): m³", () => {
    assert.equal(gasEvery(60, 24), "m³");
    assert.equal(gasEvery(60, 2), "m³");
  });
  it("gas of a day, sampled every minute or five minutes (DSMR 5): L/min", () => {
    assert.equal(gasEvery(1, 1440), "L/min");
    assert.equal(gasEvery(1, 2), "L/min");
    assert.equal(gasEvery(5, 288), "L/min");
  });
  it("gas of a day with at most one sample: null, not known yet", () => {
    assert.equal(gasEvery(1, 1), null);
    assert.equal(gasEvery(1, 0), null);
  });
  it("gas of a day, sampled every minute, with hours missing: L/min", () => {
    const gas = [at(1, 1), at(2, 1), at(3, 1), at(700, 1), at(701, 1)].reverse();
    assert.equal(readHistory({ gas }, DAY, LATER).channels.gas?.unit, "L/min");
  });
});

describe("the samples of a period", () => {
  const CASES: { it: string; pairs: unknown; samples: unknown[]; period?: Period; now?: number; unusable?: boolean }[] =
    [
      { it: "come oldest first", pairs: [at(2, 3), at(1, 2), at(0, 1)], samples: [at(0, 1), at(1, 2), at(2, 3)] },
      { it: "are sorted by time", pairs: [at(1, 2), at(2, 3), at(0, 1)], samples: [at(0, 1), at(1, 2), at(2, 3)] },
      { it: "appear once, even if sent twice", pairs: [at(1, 2), at(1, 2), at(0, 1)], samples: [at(0, 1), at(1, 2)] },
      {
        it: "prefer a value to a null of the same time",
        pairs: [at(1, null), at(1, 2), at(1, null)],
        samples: [at(1, 2)],
      },
      {
        it: "do not include the placeholder null of the last second",
        pairs: [[DAY.end - 1000, null], at(1, 2)],
        samples: [at(1, 2)],
      },
      {
        it: "do not include the placeholder 0 of the last second",
        pairs: [[DAY.end - 1000, 0], at(1, 2)],
        samples: [at(1, 2)],
      },
      { it: "include the last minute", pairs: [[DAY.end - MINUTE, 7]], samples: [[DAY.end - MINUTE, 7]] },
      {
        it: "keep a null inside the day",
        pairs: [at(2, 3), at(1, null), at(0, 1)],
        samples: [at(0, 1), at(1, null), at(2, 3)],
      },
      { it: "keep a zero inside the day", pairs: [at(1, 0)], samples: [at(1, 0)] },
      {
        it: "include measured minutes that are in the future by a slow clock",
        pairs: [at(11, 0), at(10, 5), at(9, 4)],
        now: DAY.start + 9 * MINUTE,
        samples: [at(9, 4), at(10, 5), at(11, 0)],
      },
      {
        it: "do not include future days",
        pairs: [
          [MONTH.start + 30 * 3_600_000, 0],
          [MONTH.start, 4],
        ],
        period: MONTH,
        now: MONTH.start + 3_600_000,
        samples: [[MONTH.start, 4]],
      },
      {
        it: "include measured days that are in the future by a slow clock",
        pairs: [
          [MONTH.start + 48 * 3_600_000, 0],
          [MONTH.start + 24 * 3_600_000, 3],
          [MONTH.start, 4],
        ],
        period: MONTH,
        now: MONTH.start - 3_600_000,
        samples: [
          [MONTH.start, 4],
          [MONTH.start + 24 * 3_600_000, 3],
        ],
      },
      { it: "do not include pairs of unknown time", pairs: [[0, 0], [null, 3], [0, 5], at(1, 2)], samples: [at(1, 2)] },
      { it: "may be numbers in quotes", pairs: [[String(DAY.start), "1.5"]], samples: [at(0, 1.5)] },
      { it: "may be in seconds", pairs: [[DAY.start / 1000 + 60, 2]], samples: [at(1, 2)] },
      { it: "may be empty", pairs: [], samples: [] },
      {
        it: "leave out anything that is not a pair",
        pairs: [[1], [DAY.start, 1, 2], {}, null, "x", at(1, 2)],
        samples: [at(1, 2)],
        unusable: true,
      },
      {
        it: "leave out values that are not numbers",
        pairs: [at(1, "x"), at(2, true), at(3, {}), at(4, 1)],
        samples: [at(4, 1)],
        unusable: true,
      },
      {
        it: "leave out 1e999",
        pairs: JSON.parse(`[[${DAY.start},1e999],[1e999,1],[${DAY.start},4]]`),
        samples: [at(0, 4)],
        unusable: true,
      },
      {
        it: "are unusable if they are of another period",
        pairs: [
          [DAY.start - MINUTE, 1],
          [DAY.end, 1],
        ],
        samples: [],
        unusable: true,
      },
      {
        it: "leave out a few just outside the period",
        pairs: [[DAY.end, 9], at(1, 2), [DAY.start - 1, 9]],
        samples: [at(1, 2)],
      },
      { it: "are unusable if the channel is not a list", pairs: { a: 1 }, samples: [], unusable: true },
      { it: "are unusable if the channel is null", pairs: null, samples: [], unusable: true },
    ];
  for (const { it: what, pairs, samples, period = DAY, now = LATER, unusable = false } of CASES) {
    it(what, () => {
      const read = readHistory({ electric_power: pairs }, period, now);
      assert.deepEqual(
        read.channels.electric_power?.samples.map(({ time, value }) => [time, value]),
        samples,
      );
      assert.deepEqual(read.unusable, unusable ? ["electric_power"] : []);
      assert.equal(read.usable, samples.length > 0 || !unusable);
    });
  }

  for (const [hours, day] of [
    [23, "2026-03-29"],
    [25, "2026-10-25"],
    [24, "2026-06-10"],
  ] as const) {
    it(`cover every minute of a day of ${hours} h`, () => {
      const period = client.period("day", day);
      const pairs = Array.from({ length: hours * 60 }, (_, n) => at(n, n, period)).reverse();
      const samples = samplesOf([[period.end - 1000, null], ...pairs], period) ?? [];
      assert.equal(samples.length, hours * 60);
      assert.deepEqual([samples[0]?.value, samples.at(-1)?.value], [0, hours * 60 - 1]);
    });
  }

  it("one valid channel makes an answer usable", () => {
    const { usable, unusable } = readHistory({ a: [at(1, 2)], b: 7 }, DAY, LATER);
    assert.deepEqual({ usable, unusable }, { usable: true, unusable: ["b"] });
  });

  it("an answer without channels is not usable", () => {
    const none: ReadChannels = { channels: {}, unusable: [], badNames: [], usable: false };
    assert.deepEqual(readHistory({}, DAY, LATER), none);
    assert.deepEqual(readReadings({}, "realtime"), none);
  });

  it("a channel whose name has other characters than letters, digits, _, - and . is left out, and reported without control characters", () => {
    const odd = { "a\nb\u001b[31m": at(1, 2), "": at(1, 2), [`${"x".repeat(3_000_000)} `]: at(1, 2) };
    const { channels, unusable, badNames } = readReadings({ "t1.x_y-2": [1, 2], ...odd }, "realtime");
    assert.deepEqual([Object.keys(channels), unusable], [["t1.x_y-2"], []]);
    assert.deepEqual(badNames, ["ab[31m", "", "x".repeat(100)]);
    assert.deepEqual(readHistory(odd, DAY, LATER).badNames, badNames);
  });

  it("a channel called __proto__ is left out, since no payload can contain it", () => {
    const data: Record<string, unknown> = JSON.parse(`{"__proto__":[${DAY.start},1]}`);
    const { channels } = readReadings(data, "realtime");
    assert.deepEqual(Object.keys(channels), []);
    assert.equal(Object.getPrototypeOf(channels), Object.prototype);
    assert.equal(Reflect.get({}, "samples"), undefined);
  });
});

describe("the readings in live data", () => {
  const T = 1_632_948_526_000;
  const CASES: { it: string; data: Record<string, unknown>; readings: Record<string, unknown> }[] = [
    {
      it: "are the meter's counters, without power and tariff",
      data: { t1: [T, 5], electric_power: [T, 9], rate: [T, 2], gas: [T, 3] },
      readings: { t1: [T, 5], gas: [T, 3] },
    },
    {
      it: "include net import: t1 - t3 and t2 - t4",
      data: { t1: [T, 5], t2: [T, 6], t3: [T, 7], t4: [T, 1] },
      readings: {
        t1: [T, 5],
        t2: [T, 6],
        t3: [T, 7],
        t4: [T, 1],
        electric_energy: [T, -2],
        electric_energy_high: [T, 5],
      },
    },
    {
      it: "give net import the newer time of its two readings",
      data: { t1: [T, 5], t3: [T + 1000, 1] },
      readings: { t1: [T, 5], t3: [T + 1000, 1], electric_energy: [T + 1000, 4] },
    },
    {
      it: "have no net import if one of its readings was never reported",
      data: { t1: [T, 5], t3: [0, 0] },
      readings: { t1: [T, 5], t3: [0, 0] },
    },
    {
      it: "have no net import if one of its readings is invalid",
      data: { t1: [T, 5], t3: [T, "x"] },
      readings: { t1: [T, 5], t3: [T, "x"] },
    },
    { it: "are empty for a pulse meter of electric power", data: { electric_power: [T, 5] }, readings: {} },
  ];
  for (const { it: what, data, readings } of CASES) it(what, () => assert.deepEqual(countersOf(data), readings));
});
