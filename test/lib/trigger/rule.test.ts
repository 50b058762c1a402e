import assert from "node:assert/strict";
import { applianceOf, PRESETS, type PresetName, presetRule } from "../../../src/lib/trigger/presets-table.js";
import { replay, timesOn } from "../../../src/lib/trigger/replay.js";
import { checkThreshold, checkThresholds, triggerRule } from "../../../src/lib/trigger/rule.js";
import { Machine, NOON, SURPLUS } from "./support.js";

const isInput = { code: "CEMM_INPUT" };

describe("a trigger's rule", () => {
  it("accepts seconds as text or number, and uses the defaults for blanks", () => {
    const { onDelay, offDelay, lostAfter, window } = triggerRule({ onDelay: "1.5", offDelay: 2, lostAfter: "" });
    assert.deepEqual([onDelay, offDelay, lostAfter, window], [1500, 2000, 120_000, 300_000]);
  });

  for (const properties of [
    { onDelay: "soon" },
    { minOn: -1 },
    { lostAfter: 0 },
    { measure: "median" },
    { lost: "maybe" },
  ]) {
    it(`refuses ${JSON.stringify(properties)}, naming the field`, () => {
      const [name = ""] = Object.keys(properties);
      assert.throws(() => triggerRule(properties), { ...isInput, message: new RegExp(`"${name}"`) });
    });
  }

  it("checks the window only if an average is compared", () => {
    for (const window of [0, "soon", -1]) {
      for (const measure of ["value", "quarter", undefined]) triggerRule({ measure, window });
      assert.throws(() => triggerRule({ measure: "average", window }), isInput);
    }
  });

  it("accepts only numbers, also as text, for thresholds", () => {
    assert.deepEqual([checkThreshold("on", -5), checkThreshold("on", " -5 ")], [-5, -5]);
    for (const value of ["", " ", "many", null, undefined, Number.NaN, true, {}]) {
      assert.throws(() => checkThreshold("on", value), isInput);
    }
  });

  it("refuses an off threshold beyond the on threshold", () => {
    const [below, above] = [triggerRule({ direction: "below" }), triggerRule({ direction: "above" })];
    assert.throws(() => checkThresholds(below, { on: -200, off: -1000 }), isInput);
    assert.throws(() => checkThresholds(above, { on: 200, off: 1000 }), isInput);
    for (const rule of [below, above]) checkThresholds(rule, { on: 5, off: 5 });
  });

  /** For each preset, a value that switches it on, and one that switches it off again. */
  const TURNS: Record<PresetName, [on: number, off: number]> = {
    surplus: [-9000, 9000],
    peak: [15_000, 50],
    night: [4, 0],
    finished: [0, 2000],
  };
  const WATTS = [40, 500, 2000, 3500, 11_000];
  for (const { name } of PRESETS) {
    it(`switches on and off again with the preset ${name}, for any appliance`, () => {
      for (const watts of WATTS) {
        const properties = presetRule(name, watts);
        checkThresholds(triggerRule(properties), properties);
        const [on, off] = TURNS[name];
        const machine = new Machine(properties, properties);
        machine.sample(0, off).hold(10, 7210, on, 60).hold(7210, 14_400, off, 60);
        assert.deepEqual(
          machine.verdicts.map(({ state }) => state),
          ["off", "on", "off"],
        );
      }
    });
  }

  it("derives the appliance's power from the thresholds of its preset", () => {
    for (const preset of PRESETS.filter(({ hasAppliance }) => hasAppliance)) {
      for (const watts of [100, 500, 1500, 1250, 2000, 3000])
        assert.equal(applianceOf(preset, preset.rule(watts)), watts);
      assert.equal(applianceOf(preset, { on: -1, off: 1 }), undefined);
    }
  });

  it("keeps any appliance on that runs on surplus", () => {
    for (const watts of WATTS) {
      const { on, off } = presetRule("surplus", watts);
      // It is switched on just below the threshold, and the meter then includes its own consumption.
      assert.ok(on - 1 + watts < off, `${watts} W`);
    }
  });
});

describe("a recorded day", () => {
  const day = [0, -1500, -1500, null, 0, 0].map((value, n) => ({ time: NOON + n * 60_000, value }));
  const END = NOON + 360_000;
  const onIn = (rule: object, samples: typeof day) => {
    const verdicts = replay(triggerRule(rule), SURPLUS, samples, END);
    return timesOn(verdicts, END).map(({ from, to }) => [(from - NOON) / 1000, (to - NOON) / 1000]);
  };

  it("shows when the trigger would have been on", () => {
    assert.deepEqual(onIn({}, day), [[60, 240]]);
  });

  it("counts values as lost in a gap", () => {
    const verdicts = replay(triggerRule({ lostAfter: 90 }), SURPLUS, day, END);
    assert.deepEqual(
      verdicts.map(({ reason }) => reason),
      ["start", "condition", "lost"],
    );
    assert.deepEqual(onIn({ lostAfter: 90 }, day), [[60, 210]]);
  });

  it("counts values as lost if it ends early", () => {
    assert.deepEqual(onIn({ lostAfter: 90 }, day.slice(0, 3)), [[60, 210]]);
  });

  it("stays on to its end if nothing switches it off", () => {
    assert.deepEqual(onIn({ lost: "keep" }, day.slice(0, 3)), [[60, 360]]);
  });
});
