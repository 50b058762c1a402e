/** What the trigger's dialog says of its fields, in the catalogues' own words, and what it takes, beside what the run time takes. */
import assert from "node:assert/strict";
import { checkNumber } from "../../src/editor/checks.js";
import { checkThreshold, checkThresholds, triggerRule } from "../../src/lib/trigger/rule.js";
import { STARTING_POINTS } from "../../src/lib/trigger/starting-points-table.js";
import { LONGEST, TIMES } from "../../src/lib/trigger/times-table.js";
import english from "../../src/nodes/locales/en-US/trigger.json";
import dutch from "../../src/nodes/locales/nl/trigger.json";
import { inShort, inWords } from "../../src/nodes/trigger/dialog/durations.js";
import {
  channelIn,
  checkLimit,
  checkSides,
  isRecorded,
  limitIn,
  limitText,
} from "../../src/nodes/trigger/dialog/rule-fields.js";
import { describeRule } from "../../src/nodes/trigger/dialog/sentence.js";

/** As the editor's own: the text at a path, with its values in place. */
function translator(catalogue: object) {
  return (key: string, values: Record<string, unknown> = {}): string => {
    const path = key.split(":")[1] ?? "";
    const text = path.split(".").reduce<unknown>((part, name) => Reflect.get(Object(part), name), catalogue);
    return Object.entries(values).reduce(
      (said, [name, value]) => said.replaceAll(`__${name}__`, String(value)),
      String(text ?? path),
    );
  };
}

const VARIABLE = ["$", "{LIMIT}"].join("");
/** For a load on surplus. */
const RULE = {
  channel: "electric_power",
  measure: "average",
  window: "300",
  direction: "below",
  on: "-1000",
  onType: "num",
  onDelay: "120",
  off: "-200",
  offType: "num",
  offDelay: "300",
  minOn: "900",
  minOff: "0",
  lost: "off",
  lostAfter: "120",
};
const fields =
  (more: Record<string, string | number> = {}) =>
  (name: string): string =>
    String({ ...RULE, ...more }[name] ?? "");

describe("the trigger's dialog", () => {
  let others: unknown;
  before(() => {
    others = Reflect.get(globalThis, "RED");
  });
  const speak = (catalogue: object) =>
    Object.assign(globalThis, { RED: { _: translator(catalogue), utils: { validateTypedProperty: () => true } } });
  beforeEach(() => speak(english));
  after(() => Object.assign(globalThis, { RED: others }));

  describe("says in plain words", () => {
    const SENTENCES: [string, Record<string, string>, string, string][] = [
      [
        "a mean with delays",
        {},
        "On when the mean of 5 minutes is below -1000 W for 2 minutes; off above -200 W for 5 minutes; stays on at least 15 minutes; off when there is no value for 2 minutes.",
        "Aan als het gemiddelde van 5 minuten al 2 minuten onder -1000 W ligt; uit na 5 minuten boven -200 W; blijft minstens 15 minuten aan; uit als er 2 minuten lang geen waarde is.",
      ],
      [
        "a value that may pass at once",
        {
          measure: "value",
          direction: "above",
          channel: "flow",
          on: "3",
          off: "1",
          onDelay: "",
          offDelay: "0",
          minOn: "",
          minOff: "3600",
          lost: "keep",
          lostAfter: "90",
        },
        "On when the value is above 3 L/min; off below 1 L/min; stays off at least 1 hour; stays as it is when there is no value for 90 seconds.",
        "Aan als de waarde boven 3 L/min ligt; uit onder 1 L/min; blijft minstens 1 uur uit; blijft zoals het is als er 90 seconden lang geen waarde is.",
      ],
      [
        "thresholds that come with the message, of a channel without a unit",
        {
          measure: "quarter",
          channel: "mine",
          direction: "above",
          onType: "msg",
          on: "limit",
          off: "5",
          onDelay: "0",
          minOn: "0",
          lost: "on",
          lostAfter: "",
        },
        "On when the mean expected for this quarter of an hour is above msg.limit; off below 5 for 5 minutes; on when there is no value for 2 minutes.",
        "Aan als het verwachte gemiddelde van dit kwartier boven msg.limit ligt; uit na 5 minuten onder 5; aan als er 2 minuten lang geen waarde is.",
      ],
      [
        "a variable of the environment by its name",
        { measure: "value", on: VARIABLE, onDelay: VARIABLE, minOn: "0" },
        `On when the value is below ${VARIABLE} W for ${VARIABLE}; off above -200 W for 5 minutes; off when there is no value for 2 minutes.`,
        `Aan als de waarde al ${VARIABLE} onder ${VARIABLE} W ligt; uit na 5 minuten boven -200 W; uit als er 2 minuten lang geen waarde is.`,
      ],
    ];
    for (const [what, more, inEnglish, inDutch] of SENTENCES) {
      it(what, () => {
        assert.equal(describeRule(fields(more)), inEnglish);
        speak(dutch);
        assert.equal(describeRule(fields(more)), inDutch);
      });
    }

    for (const [name, values] of Object.entries(STARTING_POINTS)) {
      it(`the starting point ${name}, with nothing left open`, () => {
        const said = describeRule(fields({ ...values }));
        assert.match(said, /^On when the .*; off .*\.$/);
        assert.doesNotMatch(said, /__|NaN|undefined|sentence\./);
      });
    }
  });

  it("counts time in the largest whole unit, in the catalogue's language", () => {
    assert.deepEqual([1, 60, 90, 3600, 5400, 0.5].map(inWords), [
      "1 second",
      "1 minute",
      "90 seconds",
      "1 hour",
      "90 minutes",
      "0.5 seconds",
    ]);
    assert.deepEqual(
      [0, 59, 60, 61].map((minutes) => inShort(minutes * 60_000)),
      ["0 min", "59 min", "1 hr", "1 hr 1 min"],
    );
    speak(dutch);
    assert.equal(inWords(7200), "2 uur");
  });

  describe("takes", () => {
    const takes = (use: () => unknown): boolean => {
      try {
        use();
        return true;
      } catch {
        return false;
      }
    };

    it("the thresholds that the run time takes", () => {
      for (const on of ["-1300", " 5 ", "1e3", "0.05", "", " ", "many", "5 W", "NaN", "Infinity"]) {
        assert.equal(
          checkLimit(fields({ on }), "on") === true,
          takes(() => checkThreshold("on", on)),
          `"${on}"`,
        );
      }
      assert.equal(checkLimit(fields({ on: "many" }), "on"), "Enter a number.");
      assert.equal(checkLimit(fields({ on: VARIABLE }), "on"), true);
    });

    it("an off on the side that the run time takes", () => {
      for (const direction of ["below", "above"]) {
        for (const [on, off] of [
          [5, 5],
          [5, 6],
          [6, 5],
        ] as const) {
          const rule = triggerRule({ direction });
          const verdict = checkSides(fields({ direction, on, off }));
          assert.equal(
            verdict === true,
            takes(() => checkThresholds(rule, { on, off })),
            `${direction} ${on} ${off}`,
          );
        }
      }
      const wrong = checkSides(fields({ direction: "above", on: 5, off: 6 }));
      assert.equal(wrong, "Off must be 5 or lower: what lies between would be both on and off.");
    });

    it("any off beside a threshold that only a message tells", () => {
      assert.equal(checkSides(fields({ on: "limit", onType: "msg", off: -5000 })), true);
      assert.equal(checkSides(fields({ on: VARIABLE, off: -5000 })), true);
    });

    it("the times that the run time takes, and blanks for the same", () => {
      for (const name of ["window", "onDelay", "offDelay", "minOn", "minOff", "lostAfter"] as const) {
        const check = checkNumber({ least: TIMES[name].min, most: LONGEST });
        for (const value of ["", "0", "0.001", "0.0001", "12.5", "-1", "soon", String(LONGEST), String(LONGEST + 1)]) {
          assert.equal(
            check(value) === true,
            takes(() => triggerRule({ measure: "average", [name]: value })),
            `${name} "${value}"`,
          );
        }
        assert.equal(triggerRule({ [name]: "" })[name], TIMES[name].default * 1000);
      }
    });
  });

  it("compares power where no channel is named, as the run time does", () => {
    assert.equal(channelIn(fields({ channel: " " })), triggerRule({ channel: "" }).channel);
  });

  it("knows which channels a day holds as live values tell them", () => {
    const known = ["electric_power", "flow", "gas", "t1", "volume", "rate", "mine"].map((name) => [
      name,
      isRecorded(name),
    ]);
    assert.deepEqual(Object.fromEntries(known), {
      electric_power: true,
      flow: true,
      gas: false,
      t1: false,
      volume: false,
      rate: false,
      mine: true,
    });
  });

  it("has no number for a threshold that is none", () => {
    assert.deepEqual(
      [limitIn(fields(), "on"), limitIn(fields({ on: "" }), "on"), limitIn(fields({ onType: "msg" }), "on")],
      [-1000, undefined, undefined],
    );
    assert.equal(limitText(fields({ onType: "flow", on: "limit" }), "on"), "flow.limit");
  });
});
