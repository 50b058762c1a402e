import assert from "node:assert/strict";
import { Machine, NOON } from "./support.js";

/** Thresholds that are never reached. */
const NEVER = { on: -1e9, off: 1e9 };
const mean = (window: number) => new Machine({ measure: "average", window }, NEVER);
const quarter = (limit = 2500) => new Machine({ measure: "quarter", direction: "above" }, { on: limit, off: limit });

describe("the average", () => {
  it("of one value is that value", () => {
    assert.equal(mean(60).sample(0, 100).value, 100);
  });

  it("of evenly spaced values is their mean", () => {
    assert.equal(mean(60).sample(0, 100).sample(10, 200).sample(20, 300).value, 200);
  });

  it("drops values older than the window", () => {
    assert.equal(mean(60).hold(0, 100, 900).hold(100, 160, 100).value, 100);
    assert.equal(mean(60).hold(0, 100, 700).hold(100, 130, 100).value, 400);
  });

  it("is weighted by time", () => {
    assert.equal(mean(100).sample(0, 0).sample(20, 0).sample(80, 100).sample(100, 0).value, 60);
  });

  it("stays accurate over an hour of samples every second, in little memory", () => {
    const machine = mean(3600);
    for (let at = 0; at < 7200; at++) machine.sample(at, at % 2 === 0 ? 1000 : 0);
    assert.ok(Math.abs((machine.value ?? 0) - 500) < 1);
    assert.ok(JSON.stringify(machine.state).length < 10_000);
  });

  it("ignores a second value at the same time", () => {
    assert.equal(mean(60).sample(0, 100).sample(10, 300).sample(10, 9000).value, 200);
  });
});

describe("the quarter's expected average", () => {
  it("is the power while it does not change", () => {
    assert.equal(quarter().hold(0, 700, 1200).value, 1200);
  });

  it("is what was used so far, plus the last minute's average for the rest", () => {
    // 10 minutes of 3 kW, then 5 of 600 W.
    const machine = quarter().hold(0, 601, 3000).hold(610, 721, 600);
    assert.equal(machine.value, (3000 * 600 + 600 * 300) / 900);
  });

  it("starts again at each quarter of the clock", () => {
    assert.equal(quarter().hold(0, 900, 5000).hold(900, 1000, 100).value, 100);
  });

  it("uses the first sample for the time before it", () => {
    assert.equal(quarter().sample(450, 1000).value, 1000);
    const machine = quarter().sample(600, 3000).hold(610, 721, 600);
    assert.equal(machine.value, (3000 * 600 + 600 * 300) / 900);
  });

  it("does not subtract what was sold", () => {
    const machine = quarter()
      .hold(0, 451, -4000)
      .hold(460, 901 - 10, 2000);
    const used = 2000 * (890 - 450);
    assert.equal(machine.value, Math.round(((used + 2000 * 10) / 900) * 1000) / 1000);
  });

  it("uses the registers if there are any", () => {
    // The power is 0 in both samples, but 0.1 kWh was used in between.
    const machine = quarter().sample(0, 0, { used: 10 }).sample(450, 0, { used: 10.1 });
    assert.equal(machine.value, 400);
  });

  it("uses the power if the registers are missing or fall", () => {
    assert.equal(quarter().sample(0, 800, { used: 10 }).sample(450, 800).value, 800);
    assert.equal(quarter().sample(0, 800, { used: 10 }).sample(450, 800, { used: 3 }).value, 800);
  });

  it("is off by less than 4 W for a register's step of 1 Wh", () => {
    const machine = quarter(1e6);
    for (let at = 0; at < 900; at += 10) {
      const kwh = 5237.1994 + (1234 * at) / 3_600_000;
      machine.sample(at, 1234, { used: Math.floor(kwh * 1000) / 1000 });
    }
    assert.ok(Math.abs((machine.value ?? 0) - 1234) < 4, String(machine.value));
  });

  it("comes with the average so far and the headroom", () => {
    const machine = quarter(2500).hold(0, 600, 0).hold(600, 800, 10_000);
    const [, on] = machine.verdicts;
    assert.equal(on?.state, "on");
    assert.equal(on?.value, on?.forecast);
    assert.ok((on?.forecast ?? 0) > 2500 && (on?.mean ?? 1e6) < 2500 && (on?.headroom ?? 1) < 0);
  });

  it("reaches the limit with exactly the headroom", () => {
    const [start] = quarter(2500).sample(450, 1000).verdicts;
    // After 450 s of 1000 W, another 450 s of 4000 W would average 2500 W.
    assert.equal(start?.headroom, 3000);
    assert.equal(start?.since, NOON + 450_000);
  });
});
