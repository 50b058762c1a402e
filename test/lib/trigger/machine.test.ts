import assert from "node:assert/strict";
import { decideLost, KeptState, keptOf, pending, restarted } from "../../../src/lib/trigger/machine.js";
import { Machine, NOON } from "./support.js";

describe("the trigger's decision", () => {
  it("is off at first, and reports that with the first value", () => {
    const { verdicts } = new Machine({}).sample(0, 0);
    assert.deepEqual(verdicts, [{ state: "off", since: NOON, value: 0, reason: "start", at: 0 }]);
  });

  it("is on with the first value if it meets the condition and there is no delay", () => {
    const [first] = new Machine({ minOff: 900 }).sample(0, -1500).verdicts;
    assert.deepEqual([first?.state, first?.reason], ["on", "start"]);
  });

  it("reports changes only", () => {
    const machine = new Machine({}).hold(0, 60, 0).hold(60, 120, -1500).hold(120, 180, 0);
    assert.deepEqual(machine.switched(), ["on@60", "off@120"]);
  });

  it("does not switch at exactly a threshold", () => {
    assert.deepEqual(new Machine({}).sample(0, 0).sample(10, -1000).switched(), []);
    assert.deepEqual(new Machine({}).sample(0, -1001).sample(10, -200).switched(), []);
  });

  it("changes nothing between the thresholds", () => {
    const machine = new Machine({}).sample(0, 0).sample(10, -900).sample(20, -1500).sample(30, -300).sample(40, -900);
    assert.deepEqual(machine.switched(), ["on@20"]);
  });

  it("switches on above the threshold if the rule says so", () => {
    const machine = new Machine({ direction: "above" }, { on: 2500, off: 2000 });
    machine.sample(0, 0).sample(10, 2600).sample(20, 2100).sample(30, 1900);
    assert.deepEqual(machine.switched(), ["on@10", "off@30"]);
  });

  it("waits until the condition has held without a break", () => {
    const machine = new Machine({ onDelay: 120 }).hold(0, 100, -1500).sample(100, -900).hold(110, 300, -1500);
    assert.deepEqual(machine.switched(), ["on@230"]);
  });

  it("waits before switching off, too", () => {
    const machine = new Machine({ offDelay: 60 }).sample(0, -1500).hold(10, 200, 0);
    assert.deepEqual(machine.switched(), ["off@70"]);
  });

  it("stays on and off for the minimum time", () => {
    const machine = new Machine({ minOn: 100, minOff: 200 });
    machine.sample(0, -1500).hold(10, 150, 0).hold(150, 400, -1500);
    assert.deepEqual(machine.switched(), ["off@100", "on@300"]);
  });

  it("shows what it waits for, and how long", () => {
    const { rule, state } = new Machine({ onDelay: 120 }).sample(0, 0).sample(10, -1500).sample(40, -1500);
    assert(state);
    assert.deepEqual(pending(rule, state, state.arrival), { state: "on", ms: 90_000 });
  });

  describe("its time", () => {
    it("is that of the samples, even if they arrive faster", () => {
      const machine = new Machine({ onDelay: 120, minOn: 900 });
      for (let at = 0; at <= 3600; at += 60) machine.sample(at, at < 1800 ? -1500 : 0, { arrival: at / 3600 });
      assert.deepEqual(machine.switched(), ["on@120", "off@1800"]);
    });

    it("advances with the arrivals if the samples' does not", () => {
      const machine = new Machine({ onDelay: 60 }).sample(0, -1500);
      for (let arrival = 10; arrival <= 100; arrival += 10) machine.sample(0, -1500, { arrival });
      assert.deepEqual(machine.switched(), ["on@60"]);
    });

    it("stays where it is if a sample's is slightly earlier", () => {
      const machine = new Machine({ onDelay: 60 }).sample(0, 0).sample(0, -1500, { arrival: 302 });
      machine.sample(300, -1500, { arrival: 310 }).sample(361, -1500, { arrival: 371 });
      assert.deepEqual(machine.switched(), []);
      assert.deepEqual(machine.sample(370, -1500, { arrival: 380 }).switched(), ["on@370"]);
    });
  });

  describe("if the samples' clock is set", () => {
    const HOUR = 3600;
    const YEARS = 44 * 365 * 24 * HOUR;
    const quarter = () =>
      new Machine({ measure: "quarter", direction: "above", lost: "keep" }, { on: 2500, off: 2000 });

    for (const [what, at] of [
      ["in 2070", YEARS],
      ["three hours ahead", 3 * HOUR],
      ["seven minutes back", -7 * 60],
    ] as const) {
      it(`skips a single sample dated ${what}`, () => {
        const machine = new Machine({ onDelay: 300, minOff: 1800 }).hold(0, 600, 0);
        machine.sample(600 + at, -1500, { arrival: 600 }).hold(610, 3600, 0);
        assert.deepEqual(machine.switched(), []);
        assert.equal(machine.state?.time, NOON + 3590_000);
      });

      it(`starts waiting again from the second sample ${what}`, () => {
        const machine = new Machine({ onDelay: 300 }).hold(0, 250, -1500);
        for (let n = 250; n < 700; n += 10) machine.sample(n + at, -1500, { arrival: n });
        assert.deepEqual(machine.switched(), [`on@${at + 560}`]);
      });

      it(`keeps minimum times by this machine's clock with samples ${what}`, () => {
        const machine = new Machine({ minOn: 900 }).sample(0, -1500);
        for (let n = 10; n < 100; n += 10) machine.sample(n, 0);
        for (let n = 100; n < 1200; n += 10) machine.sample(n + at, 0, { arrival: n });
        assert.deepEqual(machine.switched(), [`off@${at + 900}`]);
      });
    }

    it("uses the new clock's quarters", () => {
      const machine = quarter();
      for (let n = 0; n < 840; n += 10) machine.sample(n, 5000);
      // From the fourteenth minute back to the seventh: energy counted by the old clock is not in this quarter.
      for (let n = 840; n < 860; n += 10) machine.sample(n - 420, 1000, { arrival: n });
      assert.ok((machine.value ?? 0) < 2500, String(machine.value));
      for (let n = 860; n < 1320; n += 10) machine.sample(n - 420, 3000, { arrival: n });
      assert.ok(Math.abs((machine.value ?? 0) - 2000) < 100, String(machine.value));
      machine.sample(900, 3000, { arrival: 1320 });
      assert.equal(machine.value, 3000);
    });

    it("keeps the average", () => {
      const machine = new Machine({ measure: "average", window: 600 }).hold(0, 600, 0);
      for (let n = 600; n < 630; n += 10) machine.sample(n + YEARS, -1200, { arrival: n });
      assert.ok((machine.value ?? -1e9) > -100, String(machine.value));
    });

    it("returns to the old clock, even after many samples", () => {
      const machine = new Machine({ onDelay: 60 }).hold(0, 100, 0);
      for (let n = 100; n < 200; n += 10) machine.sample(n + YEARS, 0, { arrival: n });
      machine.hold(200, 400, -1500);
      assert.deepEqual(machine.switched(), ["on@270"]);
    });

    it("does not count values as lost", () => {
      const machine = new Machine({ lostAfter: 90 }).sample(0, -1500).sample(60 + YEARS, -1500, { arrival: 60 });
      assert.deepEqual(machine.silence(140).switched(), []);
      assert.deepEqual(machine.silence(200).switched(), ["off@150"]);
    });

    it("counts values as lost if their times never agree", () => {
      const machine = new Machine({ lostAfter: 90 }).sample(0, -1500);
      for (let n = 1; n < 30; n++) machine.silence(n * 10).sample(-n * YEARS, -1500, { arrival: n * 10 });
      assert.deepEqual(machine.switched(), ["off@100"]);
    });

    it("does not mistake samples of a record that are far apart for a clock that was set", () => {
      const machine = new Machine({ minOn: 3600 }).sample(0, -1500);
      machine.sample(24 * HOUR, 0, { arrival: 0, inRecord: true });
      assert.deepEqual(machine.switched(), [`off@${24 * HOUR}`]);
    });
  });

  describe("without values", () => {
    it("switches off after the configured time", () => {
      const machine = new Machine({ lostAfter: 90 }).sample(0, -1500).silence(300);
      assert.deepEqual(machine.switched(), ["off@90"]);
      assert.deepEqual(machine.verdicts.at(-1), {
        state: "off",
        since: NOON + 90_000,
        value: null,
        reason: "lost",
        at: 90,
      });
    });

    it("switches off no sooner than the minimum time allows", () => {
      assert.deepEqual(new Machine({ lostAfter: 90, minOn: 600 }).sample(0, -1500).silence(3600).switched(), [
        "off@600",
      ]);
    });

    it("switches on if the rule says so", () => {
      assert.deepEqual(new Machine({ lost: "on" }).sample(0, 0).silence(3600).switched(), ["on@120"]);
    });

    it("keeps its state if the rule says so", () => {
      assert.deepEqual(new Machine({ lost: "keep" }).sample(0, -1500).silence(3600).switched(), []);
    });

    it("reports nothing if the state does not change", () => {
      assert.equal(new Machine({}).sample(0, 0).silence(3600).verdicts.length, 1);
    });

    it("starts waiting again when values return", () => {
      const machine = new Machine({ onDelay: 300, lost: "keep" }).hold(0, 250, -1500).silence(900);
      machine.hold(900, 1300, -1500);
      assert.deepEqual(machine.switched(), ["on@1200"]);
    });

    it("notices a gap without checking the clock", () => {
      const machine = new Machine({ onDelay: 300 }).hold(0, 250, -1500).hold(900, 1300, -1500);
      assert.deepEqual(machine.switched(), ["on@1200"]);
    });

    it("shows what it waits for", () => {
      const { rule, state } = new Machine({ lostAfter: 90, minOn: 600 }).sample(0, -1500).silence(100);
      assert(state);
      assert.deepEqual(pending(rule, state, NOON + 100_000), { state: "off", ms: 500_000 });
    });
  });

  describe("after a restart", () => {
    function restart(machine: Machine, at: number): Machine {
      assert(machine.state);
      machine.state = restarted(machine.state, NOON + at * 1000);
      machine.verdicts.length = 0;
      return machine;
    }

    it("reports the first verdict, even if it equals the kept state", () => {
      const { verdicts } = restart(new Machine({}).sample(0, -1500), 60).sample(70, -500).sample(80, -500);
      assert.deepEqual(verdicts, [{ state: "on", since: NOON, value: -500, reason: "start", at: 0 }]);
    });

    it("continues the minimum time", () => {
      const machine = restart(new Machine({ minOn: 900 }).sample(0, -1500), 600).hold(610, 1000, 0);
      assert.deepEqual(machine.switched(), ["off@900"]);
    });

    it("continues the delay if the restart was short", () => {
      const machine = restart(new Machine({ onDelay: 120 }).hold(0, 70, -1500), 65).hold(70, 200, -1500);
      assert.deepEqual(machine.switched(), ["on@120"]);
    });

    it("counts lost values from the start, and continues minimum times", () => {
      const machine = restart(new Machine({ lostAfter: 90, minOn: 900 }).sample(0, -1500).sample(10, -1500), 1000);
      machine.silence(1000 + 889);
      assert.deepEqual(machine.switched(), []);
      assert.equal(machine.silence(1000 + 890).verdicts.at(-1)?.reason, "lost");
    });

    it("counts lost values on a clock that starts at 0", () => {
      const { rule, state } = new Machine({ lostAfter: 90 }).sample(0, -1500);
      assert(state);
      const resumed = restarted(state, 0);
      assert.equal(decideLost(rule, resumed, 89_999).verdict, undefined);
      assert.equal(decideLost(rule, resumed, 90_000).verdict?.state, "off");
    });

    it("applies the minimum time to a switch without values", () => {
      const machine = restart(new Machine({ lostAfter: 90, minOff: 600 }).sample(0, -1500), 3600).silence(3690);
      machine.hold(3700, 4400, -1500);
      assert.deepEqual(machine.switched(), ["off@90", "on@4290"]);
    });

    for (const [what, at] of [
      ["five hours later", 18_000],
      ["in the past", -1_000_000],
    ] as const) {
      it(`reports the first verdict with the first value ${what}, and starts waiting again`, () => {
        const machine = restart(new Machine({ onDelay: 120, minOff: 300 }).sample(0, 0).sample(10, -1500), 20);
        for (let n = 30; n < 400; n += 10) machine.sample(n + at, -1500, { arrival: n });
        assert.deepEqual(
          machine.verdicts.map(({ state, reason }) => `${state} ${reason}`),
          ["off start", "on condition"],
        );
        // Ten seconds before and ten after the start count towards the 300.
        assert.deepEqual(machine.switched(), [`on@${at + 310}`]);
      });
    }

    it("does not keep times of a clock that ends with the process", () => {
      const { state } = new Machine({}).hold(0, 100, -1500);
      assert(state);
      assert.deepEqual(KeptState.strict().parse(keptOf(state)), keptOf(state));
    });
  });
});
