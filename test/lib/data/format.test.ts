/** The formats of an answer. */
import assert from "node:assert/strict";
import {
  type Answer,
  type Channels,
  newestTime,
  toInflux,
  toMeasurements,
  toPoints,
  toRows,
  toSeries,
  toValues,
} from "../../../src/lib/index.js";

const T = Date.UTC(2026, 5, 10);
const MEANINGS = {
  W: { name: "Power", unit: "W", deviceClass: "power", stateClass: "measurement", stale: false },
  none: { name: "", unit: null, deviceClass: null, stateClass: null, stale: false },
};

function answer(channels: Channels, more: Partial<Answer> = {}): Answer {
  return {
    kind: "realtime",
    source: "lan",
    uid: "00-1E-C0-85-96-CC",
    alias: "p1",
    ioId: null,
    requestedAt: T,
    receivedAt: T,
    age: null,
    stale: false,
    suspects: [],
    channels,
    unusable: [],
    badNames: [],
    raw: {},
    ...more,
  };
}

const live = answer({
  electric_power: { ...MEANINGS.W, samples: [{ time: T, value: 193 }] },
  rate: { ...MEANINGS.none, samples: [{ time: T + 1000, value: 2 }] },
  gas: { ...MEANINGS.none, samples: [{ time: null, value: null }] },
  odd: { ...MEANINGS.none, samples: [{ time: null, value: 7 }] },
});

const day = (start: number) =>
  answer({
    a: {
      ...MEANINGS.W,
      samples: [
        { time: start, value: 1 },
        { time: start + 60, value: null },
      ],
    },
    b: { ...MEANINGS.none, samples: [{ time: start + 60, value: 3 }] },
  });

describe("formats", () => {
  it("values: null if a channel never reported", () => {
    assert.deepEqual(toValues(live), { electric_power: 193, rate: 2, gas: null, odd: 7 });
  });

  it("measurements: with unit and time", () => {
    assert.deepEqual(toMeasurements(live), {
      electric_power: { value: 193, unit: "W", time: T },
      rate: { value: 2, unit: null, time: T + 1000 },
      gas: { value: null, unit: null, time: null },
      odd: { value: 7, unit: null, time: null },
    });
  });

  it("series: from one answer, and from several joined", () => {
    assert.deepEqual(toSeries([day(0)]), {
      a: [
        { time: 0, value: 1 },
        { time: 60, value: null },
      ],
      b: [{ time: 60, value: 3 }],
    });
    const joined = toSeries([day(0), day(1000), answer({ c: { ...MEANINGS.none, samples: [{ time: 5, value: 5 }] } })]);
    assert.deepEqual(
      joined.a?.map(({ time }) => time),
      [0, 60, 1000, 1060],
    );
    assert.deepEqual(joined.c, [{ time: 5, value: 5 }]);
    assert.deepEqual(toSeries([]), {});
  });

  it("rows: one for each distinct time, each with every column", () => {
    assert.deepEqual(toRows([day(0)]), [
      { time: 0, a: 1, b: null },
      { time: 60, a: null, b: 3 },
    ]);
    assert.deepEqual(
      toRows([day(1000), day(0)]).map(({ time }) => time),
      [0, 60, 1000, 1060],
    );
    assert.deepEqual(Object.keys(toRows([day(0)])[0] ?? {}), ["time", "a", "b"]);
    assert.deepEqual(
      toRows([live]).map(({ time }) => time),
      [T, T + 1000],
      "without samples of unknown time",
    );
    assert.deepEqual(toRows([]), []);
  });

  it("points: one for each sample", () => {
    assert.deepEqual(toPoints([day(0)]), [
      { time: 0, channel: "a", value: 1, unit: "W" },
      { time: 60, channel: "a", value: null, unit: "W" },
      { time: 60, channel: "b", value: 3, unit: null },
    ]);
  });

  it("influx: one point for each distinct time, without nulls and unknown times", () => {
    const tags = { uid: "00-1E-C0-85-96-CC", alias: "p1", kind: "realtime" };
    assert.deepEqual(toInflux([live]), [
      { measurement: "cemm", tags, fields: { electric_power: 193 }, timestamp: new Date(T) },
      { measurement: "cemm", tags, fields: { rate: 2 }, timestamp: new Date(T + 1000) },
    ]);
    assert.deepEqual(
      toInflux([day(0)]).map(({ fields }) => fields),
      [{ a: 1 }, { b: 3 }],
    );
  });

  it("influx: no tag is empty", () => {
    const [point] = toInflux([answer(live.channels, { uid: null })]);
    assert.deepEqual(point?.tags, { alias: "p1", kind: "realtime" });
  });

  it("newestTime: the newest time of all channels, or null", () => {
    assert.equal(newestTime(live), T + 1000);
    assert.equal(newestTime(day(1000)), 1060);
    assert.equal(newestTime(answer({ gas: { ...MEANINGS.none, samples: [{ time: null, value: null }] } })), null);
    assert.equal(newestTime(answer({ gas: { ...MEANINGS.none, samples: [] } })), null);
  });
});
