import assert from "node:assert/strict";
import { pending, restarted } from "../../../src/lib/trigger/machine.js";
import { Machine, NOON } from "./support.js";

describe("the trigger's decision", () => {
  it("is off before anything is known, and says so with the first value", () => {
    const { told } = new Machine({}).sample(0, 0);
    assert.deepEqual(told, [{ state: "off", since: NOON, value: 0, reason: "start", at: 0 }]);
  });

  it("is on with the first value where that asks for it and nothing has to last", () => {
    const [first] = new Machine({ minOff: 900 }).sample(0, -1500).told;
    assert.deepEqual([first?.state, first?.reason], ["on", "start"]);
  });

  it("tells a change, and only a change", () => {
    const machine = new Machine({}).hold(0, 60, 0).hold(60, 120, -1500).hold(120, 180, 0);
    assert.deepEqual(machine.switched(), ["on@60", "off@120"]);
  });

  it("takes the thresholds themselves for neither on nor off", () => {
    assert.deepEqual(new Machine({}).sample(0, 0).sample(10, -1000).switched(), []);
    assert.deepEqual(new Machine({}).sample(0, -1001).sample(10, -200).switched(), []);
  });

  it("changes nothing between the thresholds", () => {
    const machine = new Machine({}).sample(0, 0).sample(10, -900).sample(20, -1500).sample(30, -300).sample(40, -900);
    assert.deepEqual(machine.switched(), ["on@20"]);
  });

  it("goes on above, where it is told so", () => {
    const machine = new Machine({ direction: "above" }, { on: 2500, off: 2000 });
    machine.sample(0, 0).sample(10, 2600).sample(20, 2100).sample(30, 1900);
    assert.deepEqual(machine.switched(), ["on@10", "off@30"]);
  });

  it("waits for the condition to hold, without a break", () => {
    const machine = new Machine({ onDelay: 120 }).hold(0, 100, -1500).sample(100, -900).hold(110, 300, -1500);
    assert.deepEqual(machine.switched(), ["on@230"]);
  });

  it("waits on the way off, too", () => {
    const machine = new Machine({ offDelay: 60 }).sample(0, -1500).hold(10, 200, 0);
    assert.deepEqual(machine.switched(), ["off@70"]);
  });

  it("stays on and off for the least time", () => {
    const machine = new Machine({ minOn: 100, minOff: 200 });
    machine.sample(0, -1500).hold(10, 150, 0).hold(150, 400, -1500);
    assert.deepEqual(machine.switched(), ["off@100", "on@300"]);
  });

  it("tells what it waits for, and for how long", () => {
    const { rule, state } = new Machine({ onDelay: 120 }).sample(0, 0).sample(10, -1500).sample(40, -1500);
    assert(state);
    assert.deepEqual(pending(rule, state, state.arrival), { state: "on", ms: 90_000 });
  });

  describe("and time", () => {
    it("is that of the samples, however fast they come", () => {
      const machine = new Machine({ onDelay: 120, minOn: 900 });
      for (let at = 0; at <= 3600; at += 60) machine.sample(at, at < 1800 ? -1500 : 0, { arrival: at / 3600 });
      assert.deepEqual(machine.switched(), ["on@120", "off@1800"]);
    });

    it("moves as the arrival does where the sample's does not", () => {
      const machine = new Machine({ onDelay: 60 }).sample(0, -1500);
      for (let arrival = 10; arrival <= 100; arrival += 10) machine.sample(0, -1500, { arrival });
      assert.deepEqual(machine.switched(), ["on@60"]);
    });

    it("never goes back", () => {
      const machine = new Machine({ onDelay: 60 }).sample(0, 0).sample(3600, -1500, { arrival: 10 });
      machine.sample(20, -1500, { arrival: 20 }).sample(70, -1500, { arrival: 70 });
      assert.deepEqual(machine.switched(), ["on@3660"]);
    });
  });

  describe("without values", () => {
    it("goes off after the time that was set", () => {
      const machine = new Machine({ lostAfter: 90 }).sample(0, -1500).silence(300);
      assert.deepEqual(machine.switched(), ["off@90"]);
      assert.deepEqual(machine.told.at(-1), {
        state: "off",
        since: NOON + 90_000,
        value: null,
        reason: "lost",
        at: 90,
      });
    });

    it("goes off no sooner than the least time allows", () => {
      assert.deepEqual(new Machine({ lostAfter: 90, minOn: 600 }).sample(0, -1500).silence(3600).switched(), [
        "off@600",
      ]);
    });

    it("goes on where it is told so", () => {
      assert.deepEqual(new Machine({ lost: "on" }).sample(0, 0).silence(3600).switched(), ["on@120"]);
    });

    it("stays as it was where it is told so", () => {
      assert.deepEqual(new Machine({ lost: "keep" }).sample(0, -1500).silence(3600).switched(), []);
    });

    it("says nothing where nothing changes", () => {
      assert.equal(new Machine({}).sample(0, 0).silence(3600).told.length, 1);
    });

    it("begins to wait anew when values come again", () => {
      const machine = new Machine({ onDelay: 300, lost: "keep" }).hold(0, 250, -1500).silence(900);
      machine.hold(900, 1300, -1500);
      assert.deepEqual(machine.switched(), ["on@1200"]);
    });

    it("knows of a gap without having looked at the clock", () => {
      const machine = new Machine({ onDelay: 300 }).hold(0, 250, -1500).hold(900, 1300, -1500);
      assert.deepEqual(machine.switched(), ["on@1200"]);
    });

    it("is told of what it waits for", () => {
      const { rule, state } = new Machine({ lostAfter: 90, minOn: 600 }).sample(0, -1500).silence(100);
      assert(state);
      assert.deepEqual(pending(rule, state, NOON + 100_000), { state: "off", ms: 500_000 });
    });
  });

  describe("after a restart", () => {
    function restart(machine: Machine, at: number): Machine {
      assert(machine.state);
      machine.state = restarted(machine.state, NOON + at * 1000);
      machine.told.length = 0;
      return machine;
    }

    it("says the first verdict, though it is what was kept", () => {
      const { told } = restart(new Machine({}).sample(0, -1500), 60).sample(70, -500).sample(80, -500);
      assert.deepEqual(told, [{ state: "on", since: NOON, value: -500, reason: "start", at: 0 }]);
    });

    it("keeps the least time of before", () => {
      const machine = restart(new Machine({ minOn: 900 }).sample(0, -1500), 600).hold(610, 1000, 0);
      assert.deepEqual(machine.switched(), ["off@900"]);
    });

    it("keeps how long the condition has held, where the restart was short", () => {
      const machine = restart(new Machine({ onDelay: 120 }).hold(0, 70, -1500), 65).hold(70, 200, -1500);
      assert.deepEqual(machine.switched(), ["on@120"]);
    });

    it("counts the loss from the start", () => {
      const machine = restart(new Machine({ lostAfter: 90 }).sample(0, -1500), 1000).silence(2000);
      assert.deepEqual(machine.switched(), ["off@1090"]);
    });
  });
});
