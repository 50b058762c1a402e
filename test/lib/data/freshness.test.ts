/** How old a live value is, by the clocks or by when its time last changed. */
import assert from "node:assert/strict";
import { readReadings } from "../../../src/lib/data/channels.js";
import { Arrivals, type Freshness, markFreshness } from "../../../src/lib/data/freshness.js";
import { Readings } from "../../../src/lib/data/schemas.js";
import { fixture } from "../../support/fixtures.js";

const AT = Date.UTC(2026, 5, 10, 12);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

type Data = Record<string, [time: number, value: number]>;

/** Reads one meter: the freshness of an answer with these pairs at `at`, in ms since the start. */
function reader(alias: string, { clock = 0 } = {}) {
  const arrivals = new Arrivals();
  return (at: number, data: Data): Freshness & { channels: Record<string, boolean> } => {
    const { channels } = readReadings(data, "realtime");
    const freshness = markFreshness(channels, alias, AT + at + clock, arrivals, at);
    const stale = Object.entries(channels).map(([name, { stale }]) => [name, stale] as const);
    return { ...freshness, channels: Object.fromEntries(stale) };
  };
}

const once = (alias: string, after: number, data: Data) => reader(alias)(after, data);

describe("the age of an answer", () => {
  it("is the time from the newest measurement to its arrival, negative if this clock is slow", () => {
    assert.equal(once("p1", 4000, { electric_power: [AT, 1] }).age, 4000);
    assert.equal(once("p1", -4000, { electric_power: [AT, 1] }).age, -4000);
    assert.equal(once("p1", 4000, { electric_power: [0, 0] }).age, null);
  });
});

describe("an answer is stale", () => {
  it("after minutes from a smart meter", () => {
    assert.equal(once("p1", MINUTE, { electric_power: [AT, 1] }).stale, false);
    assert.equal(once("p1", 10 * MINUTE, { electric_power: [AT, 1] }).stale, true);
  });

  it("after more than two hours with gas, which may come hourly", () => {
    assert.equal(once("p1-gas", 2 * HOUR, { gas: [AT, 1] }).stale, false);
    assert.equal(once("p1-gas", 3 * HOUR, { gas: [AT, 1] }).stale, true);
  });

  it("if the channel with the shortest limit is; each channel is judged separately", () => {
    const frozen = once("p1", 0, { electric_power: [AT - 3 * HOUR, -2500], gas: [AT + 365 * 24 * HOUR, 1] });
    assert.deepEqual([frozen.stale, frozen.channels], [true, { electric_power: true, gas: false }]);
    const late = once("p1", 0, { gas: [AT - 3 * HOUR, 1], electric_power: [AT - MINUTE, 1] });
    assert.deepEqual([late.stale, late.channels], [false, { gas: true, electric_power: false }]);
    const newer = once("p1", 0, { electric_power: [AT - HOUR, 1], gas: [AT - HOUR + SECOND, 1] });
    assert.equal(newer.stale, true);
  });

  it("regardless of the order of channels with equal times", () => {
    const pair: Data[string] = [AT - HOUR, 1];
    assert.equal(once("p1", 0, { gas: pair, t1: pair }).stale, true);
    assert.equal(once("p1", 0, { t1: pair, gas: pair }).stale, true);
  });

  it("not because of a channel that never reported", () => {
    const { stale, channels } = once("mb3", 0, { t1: [AT, 5528], t2: [0, 0], electric_power: [AT, -4.5] });
    assert.deepEqual([stale, channels], [false, { t1: false, t2: true, electric_power: false }]);
  });

  for (const alias of ["p1", "s01", "pulse-1"]) {
    it(`if it has no time at all (${alias})`, () => {
      const { stale, channels } = once(alias, 0, { electric_power: [0, 0], t1: [0, 0] });
      assert.deepEqual([stale, channels], [true, { electric_power: true, t1: true }]);
    });
  }

  for (const alias of ["s01", "pulse-2"]) {
    it(`never from a pulse meter (${alias}), which may be silent for days`, () => {
      assert.equal(once(alias, 100 * HOUR, { electric_power: [AT, 1], volume: [AT, 1] }).stale, false);
    });
  }

  it("not from a water meter without a pulse, as recorded: its counter has a time", () => {
    const { data, totals } = Readings.parse(fixture("lan/realtime-water-idle"));
    const { channels } = readReadings(data, "realtime", totals);
    assert.equal(markFreshness(channels, "pulse-3", AT).stale, false);
    assert.equal(channels.flow?.stale, false);
  });

  it("never because of an unknown channel", () => {
    assert.equal(once("p1", 100 * HOUR, { odd: [AT, 1] }).stale, false);
  });
});

describe("a value whose time advances", () => {
  const power = (time: number): Data => ({ electric_power: [AT + time, 1] });

  for (const [whose, clock] of [
    ["the CEMM's is 8 min slow", 8 * MINUTE],
    ["this machine's is 8 min slow", -8 * MINUTE],
    ["this machine's is years behind", -26 * 365 * 24 * HOUR],
  ] as const) {
    it(`is fresh even if a clock is wrong: ${whose}`, () => {
      const read = reader("p1", { clock });
      read(0, power(0));
      for (let at = SECOND; at < MINUTE; at += SECOND) assert.equal(read(at, power(at)).stale, false);
    });

    it(`is stale once its time stops: ${whose}`, () => {
      const read = reader("p1", { clock });
      for (let at = 0; at < MINUTE; at += SECOND) read(at, power(at));
      assert.equal(read(5 * MINUTE, power(59 * SECOND)).stale, false);
      assert.equal(read(7 * MINUTE, power(59 * SECOND)).stale, true);
      assert.equal(read(9 * HOUR, power(59 * SECOND)).stale, true);
    });
  }

  it("is fresh again when it arrives after a cable was loose for hours", () => {
    const read = reader("p1");
    assert.equal(read(3 * HOUR, power(0)).stale, true);
    assert.equal(read(3 * HOUR + SECOND, power(3 * HOUR)).stale, false);
  });

  it("is stale for a reader that asks rarely, if its time stopped between two answers", () => {
    const read = reader("p1", { clock: 8 * MINUTE });
    read(0, power(0));
    assert.equal(read(HOUR, power(10 * MINUTE)).stale, true);
    assert.equal(read(2 * HOUR, power(2 * HOUR)).stale, false);
  });

  it("is fresh by the clocks if the CEMM's clock was corrected in between", () => {
    const read = reader("p1");
    read(0, power(HOUR));
    assert.equal(read(10 * SECOND, power(10 * SECOND)).stale, false);
    assert.equal(read(HOUR, power(HOUR - MINUTE)).stale, false);
  });

  it("that is dated ahead is stale if its time never changes", () => {
    const read = reader("p1");
    assert.equal(read(0, power(24 * HOUR)).stale, false);
    assert.equal(read(6 * MINUTE, power(24 * HOUR)).stale, true);
  });
});

describe("two clocks that disagree", () => {
  const power = (time: number): Data => ({ electric_power: [AT + time, 1], gas: [AT + 365 * 24 * HOUR, 1] });
  const aheadWith = (clock: number) => {
    const read = reader("p1", { clock });
    read(0, power(0));
    return read(10 * SECOND, power(10 * SECOND)).clockAhead;
  };

  it("are noticed beyond five minutes, ahead or behind; a strange date of gas does not count", () => {
    assert.equal(aheadWith(8 * MINUTE), -8 * MINUTE);
    assert.equal(aheadWith(-8 * MINUTE), 8 * MINUTE);
    assert.equal(aheadWith(4 * MINUTE), 0);
    assert.equal(aheadWith(-4 * MINUTE), 0);
  });

  it("are not suspected if only the meter's time stops", () => {
    const read = reader("p1");
    read(HOUR, power(0));
    assert.equal(read(HOUR + 10 * SECOND, power(0)).clockAhead, 0);
  });

  it("are not noticed from hourly gas or from pulses", () => {
    const hourly = reader("p1-gas");
    hourly(0, { gas: [AT - HOUR, 1] });
    assert.equal(hourly(50 * MINUTE, { gas: [AT, 1] }).clockAhead, undefined);
    assert.equal(once("s01", 100 * HOUR, { electric_power: [AT, 1] }).clockAhead, undefined);
  });
});
