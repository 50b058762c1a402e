/** What must hold for any input. Inputs are random; a failure shows the smallest one that breaks the rule. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decide,
  decideLost,
  dueAt,
  restarted,
  type TriggerState,
  type TriggerVerdict,
} from "../../../src/lib/trigger/machine.js";
import { type TriggerRule, triggerRule } from "../../../src/lib/trigger/rule.js";
import { NOON, SURPLUS } from "./support.js";

const seconds = fc.integer({ min: 0, max: 120 });
const rules = fc
  .record({
    measure: fc.constantFrom("value", "average", "quarter"),
    direction: fc.constant("below"),
    window: fc.integer({ min: 1, max: 300 }),
    onDelay: seconds,
    offDelay: seconds,
    minOn: seconds,
    minOff: seconds,
    lost: fc.constantFrom("off", "on", "keep"),
    lostAfter: fc.integer({ min: 5, max: 90 }),
  })
  .map(triggerRule);

interface Sample {
  /** Seconds since the previous one, by its own clock and by this machine's. */
  after: number;
  arrivesAfter: number;
  value: number;
}
const inTime = (after: number) => fc.record({ after: fc.constant(after), arrivesAfter: fc.constant(after) });
const gaps = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 30 }).chain(inTime) },
  { weight: 1, arbitrary: fc.integer({ min: 31, max: 400 }).chain(inTime) },
  {
    weight: 1,
    arbitrary: fc.record({ after: fc.integer({ min: -50, max: 50 }), arrivesAfter: fc.integer({ min: 0, max: 20 }) }),
  },
);
const samples: fc.Arbitrary<Sample[]> = fc.array(
  fc.tuple(gaps, fc.integer({ min: -3000, max: 1500 })).map(([gap, value]) => ({ ...gap, value })),
  { minLength: 1, maxLength: 120 },
);

interface Run {
  state: TriggerState | undefined;
  verdicts: (TriggerVerdict & { reportedAt: number })[];
}

/** Runs samples, checking the clock every `step` seconds, or only when it is due. */
function run(rule: TriggerRule, input: readonly Sample[], step?: number): Run {
  const done: Run = { state: undefined, verdicts: [] };
  let [time, arrival] = [NOON, NOON];
  const take = ({ state, verdict }: ReturnType<typeof decide>, reportedAt: number) => {
    done.state = state;
    if (verdict) done.verdicts.push({ ...verdict, reportedAt });
  };
  const tick = (now: number) => done.state && take(decideLost(rule, done.state, now), now);
  for (const { after, arrivesAfter, value } of input) {
    const until = arrival + arrivesAfter * 1000;
    if (step) for (let now = arrival; now < until; now += step * 1000) tick(now);
    else while (done.state && dueAt(rule, done.state) < until) tick(dueAt(rule, done.state));
    [time, arrival] = [time + after * 1000, until];
    take(decide(rule, done.state, { time, arrival, value, used: null, ...SURPLUS }), arrival);
  }
  return done;
}

describe("for any input, a trigger", () => {
  it("never reports the same state twice in a row", () => {
    fc.assert(
      fc.property(rules, samples, (rule, input) => {
        const { verdicts } = run(rule, input);
        for (const [n, { state }] of verdicts.entries()) assert.notEqual(state, verdicts[n - 1]?.state);
      }),
    );
  });

  it("repeats a state only once, after a start", () => {
    fc.assert(
      fc.property(rules, samples, fc.integer({ min: -3000, max: 1500 }), (rule, before, value) => {
        const { state } = run(rule, before);
        assert(state);
        const arrival = state.arrival + 1000;
        const kept = restarted(state, arrival);
        const sample = { time: state.time + 1000, value, used: null, ...SURPLUS };
        const started = decide(rule, kept, { ...sample, arrival });
        assert.equal(started.verdict?.reason, "start");
        const next = decide(rule, started.state, { ...sample, time: state.time + 2000, arrival: arrival + 1000 });
        assert.notEqual(next.verdict?.state, started.verdict?.state);
      }),
    );
  });

  it("never leaves a state before its minimum time, even if the samples' clock is set", () => {
    const clockSets = fc.oneof(
      { weight: 9, arbitrary: fc.constant(0) },
      fc.integer({ min: -1e6, max: 0 }),
      fc.integer({ min: 7600, max: 1e9 }),
    );
    const live = fc.array(
      fc.record({
        after: fc.integer({ min: 1, max: 30 }),
        clockSet: clockSets,
        value: fc.integer({ min: -3000, max: 1500 }),
      }),
    );
    fc.assert(
      fc.property(rules, live, (rule, input) => {
        const { verdicts } = run(
          rule,
          input.map(({ after, clockSet, value }) => ({ after: after + clockSet, arrivesAfter: after, value })),
        );
        for (const [n, { reportedAt }] of verdicts.entries()) {
          const before = verdicts[n - 1];
          if (!before) continue;
          const min = before.state === "on" ? rule.minOn : rule.minOff;
          assert.ok(reportedAt - before.reportedAt >= min, `${(reportedAt - before.reportedAt) / 1000} s`);
        }
      }),
    );
  });

  it("takes its state for lost values within the configured time, or the rest of the minimum time", () => {
    fc.assert(
      fc.property(rules, samples, (rule, input) => {
        const { state } = run(rule, input);
        assert(state);
        const min = state.since + (state.state === "on" ? rule.minOn : rule.minOff) - state.time;
        const latest = state.heardAt + Math.max(rule.lostAfter, min) + 1000;
        let now: TriggerState = state;
        for (let at = state.heardAt; at <= latest; at += 1000) now = decideLost(rule, now, at).state;
        assert.equal(now.state, rule.lost === "keep" ? state.state : rule.lost);
      }),
    );
  });

  it("switches at the same times no matter how often the clock is checked", () => {
    const steady = samples.map((input) =>
      input.filter(({ after, arrivesAfter }) => after > 0 && after === arrivesAfter),
    );
    fc.assert(
      fc.property(rules, steady, fc.integer({ min: 1, max: 7 }), (rule, input, step) => {
        const times = ({ verdicts }: Run) => verdicts.filter(({ reason }) => reason !== "lost");
        const isShort = input.every(({ after }) => after * 1000 < rule.lostAfter);
        fc.pre(isShort);
        const plain = ({ state, since, value }: TriggerVerdict) => ({ state, since, value });
        assert.deepEqual(times(run(rule, input, step)).map(plain), times(run(rule, input)).map(plain));
      }),
    );
  });

  it("switches at the same times whether samples arrive one by one or in batches", () => {
    fc.assert(
      fc.property(rules, samples, fc.integer({ min: 1, max: 20 }), (rule, input, bundle) => {
        // Only gaps too short to count as lost, since a replay has no others.
        const moving = input.filter(({ after }) => after > 0 && after * 1000 < rule.lostAfter);
        const switches = (list: readonly Sample[]) =>
          run(rule, list).verdicts.map(({ state, since }) => `${state} ${since}`);
        const live = moving.map((sample) => ({ ...sample, arrivesAfter: sample.after }));
        const bundled = live.map((sample, n) => ({ ...sample, arrivesAfter: n % bundle === 0 ? 1 : 0 }));
        assert.deepEqual(switches(bundled), switches(live));
      }),
    );
  });
});
