/** Rates before the first pulse. */
import assert from "node:assert/strict";
import { readReadings } from "../../../src/lib/data/channels.js";
import { Readings } from "../../../src/lib/data/schemas.js";
import { fixture } from "../../support/fixtures.js";

const AT = Date.UTC(2026, 5, 10, 12);

const value = (data: Record<string, unknown>, channel: string, totals?: Record<string, unknown>) =>
  readReadings(data, "realtime", totals).channels[channel]?.samples[0];

describe("a live rate of [0, 0]", () => {
  it("is 0 beside a counter that has a time: no pulse since the CEMM started", () => {
    assert.deepEqual(value({ volume: [AT, 12.5], flow: [0, 0] }, "flow"), { time: null, value: 0 });
  });

  it("is 0 beside a counter among the totals", () => {
    assert.deepEqual(value({ electric_power: [0, 0] }, "electric_power", { t1: [AT, 3] }), { time: null, value: 0 });
  });

  it("is unknown without one, as every other channel is", () => {
    assert.deepEqual(value({ flow: [0, 0], volume: [0, 0] }, "flow"), { time: null, value: null });
    assert.deepEqual(value({ gas: [0, 0], t1: [AT, 3] }, "gas"), { time: null, value: null });
  });

  it("is 0 in the recording of an idle water meter", () => {
    const { data, totals } = Readings.parse(fixture("lan/realtime-water-idle"));
    assert.equal(value(data, "flow", totals)?.value, 0);
  });
});
