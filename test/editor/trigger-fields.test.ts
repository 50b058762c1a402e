/** The trigger dialog's sentence in each language, and whether its fields accept the same as the runtime. */
import assert from "node:assert/strict";
import { PRESETS, USUAL_APPLIANCE } from "../../src/lib/trigger/presets-table.js";
import { checkThreshold, checkThresholds, triggerRule } from "../../src/lib/trigger/rule.js";
import { LONGEST, TIMES } from "../../src/lib/trigger/times-table.js";
import german from "../../src/nodes/locales/de/trigger.json";
import english from "../../src/nodes/locales/en-US/trigger.json";
import dutch from "../../src/nodes/locales/nl/trigger.json";
import { inShort, inWords, parseDuration, writeDuration } from "../../src/nodes/trigger/dialog/durations.js";
import {
  channelIn,
  checkLimit,
  checkSides,
  checkTime,
  isRecorded,
  limitIn,
  limitText,
} from "../../src/nodes/trigger/dialog/rule-fields.js";
import { describeRule } from "../../src/nodes/trigger/dialog/sentence.js";

/** Works like the editor's translator: the text of a key, with its values filled in. */
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
/** Switches a load on at a solar surplus. */
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
  let original: unknown;
  before(() => {
    original = Reflect.get(globalThis, "RED");
  });
  const useLanguage = (catalogue: object) =>
    Object.assign(globalThis, { RED: { _: translator(catalogue), utils: { validateTypedProperty: () => true } } });
  beforeEach(() => useLanguage(english));
  after(() => Object.assign(globalThis, { RED: original }));

  describe("describes", () => {
    const SENTENCES: [string, Record<string, string>, english: string, dutch: string, german: string][] = [
      [
        "an average with delays",
        {},
        "On when the 5-minute average is below -1000 W for 2 minutes; off above -200 W for 5 minutes; stays on at least 15 minutes; off when there is no value for 2 minutes.",
        "Aan als het 5-minutengemiddelde al 2 minuten onder -1000 W ligt; uit na 5 minuten boven -200 W; blijft minstens 15 minuten aan; uit als er 2 minuten lang geen waarde is.",
        "Ein, wenn der 5-Minuten-Mittelwert 2 Minuten lang unter -1000 W liegt; aus nach 5 Minuten über -200 W; bleibt mindestens 15 Minuten eingeschaltet; aus, wenn 2 Minuten lang kein Wert kommt.",
      ],
      [
        "a value without delays",
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
        "Ein, wenn der Wert über 3 L/min liegt; aus unter 1 L/min; bleibt mindestens 1 Stunde ausgeschaltet; bleibt, wie es ist, wenn 90 Sekunden lang kein Wert kommt.",
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
        "On when the expected average of this quarter-hour is above msg.limit; off below 5 for 5 minutes; on when there is no value for 2 minutes.",
        "Aan als het verwachte gemiddelde van dit kwartier boven msg.limit ligt; uit na 5 minuten onder 5; aan als er 2 minuten lang geen waarde is.",
        "Ein, wenn der für diese Viertelstunde erwartete Mittelwert über msg.limit liegt; aus nach 5 Minuten unter 5; ein, wenn 2 Minuten lang kein Wert kommt.",
      ],
      [
        "an environment variable by its name",
        { window: VARIABLE, on: VARIABLE, onDelay: VARIABLE, minOn: "0" },
        `On when the average of ${VARIABLE} is below ${VARIABLE} W for ${VARIABLE}; off above -200 W for 5 minutes; off when there is no value for 2 minutes.`,
        `Aan als het gemiddelde van ${VARIABLE} al ${VARIABLE} onder ${VARIABLE} W ligt; uit na 5 minuten boven -200 W; uit als er 2 minuten lang geen waarde is.`,
        `Ein, wenn der Mittelwert über ${VARIABLE} ${VARIABLE} lang unter ${VARIABLE} W liegt; aus nach 5 Minuten über -200 W; aus, wenn 2 Minuten lang kein Wert kommt.`,
      ],
    ];
    for (const [what, more, inEnglish, inDutch, inGerman] of SENTENCES) {
      it(what, () => {
        assert.equal(describeRule(fields(more)), inEnglish);
        useLanguage(dutch);
        assert.equal(describeRule(fields(more)), inDutch);
        useLanguage(german);
        assert.equal(describeRule(fields(more)), inGerman);
      });
    }

    for (const { name, rule } of PRESETS) {
      it(`the preset ${name} completely`, () => {
        const said = describeRule(fields({ ...rule(USUAL_APPLIANCE) }));
        assert.match(said, /^On when the .*; off .*\.$/);
        assert.doesNotMatch(said, /__|NaN|undefined|sentence\./);
      });
    }
  });

  it("expresses time in the largest whole unit, in each language", () => {
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
    useLanguage(dutch);
    assert.equal(inWords(7200), "2 uur");
  });

  const WRITTEN: [seconds: number | undefined, ...texts: string[]][] = [
    [
      90,
      "90",
      " 90 ",
      "90 s",
      "90s",
      "90 sec",
      "90 seconds",
      "90 seconden",
      "90 Sekunden",
      "1 min 30",
      "1m30s",
      "1,5 min",
    ],
    [900, "900", "15 min", "15 minuten", "15 Minutes", "0.25 h"],
    [5400, "1 h 30", "1h30", "1 u 30 min", "1,5 uur", "1 Std. 30 Min.", "1 Stunde 30", "1 hour 30 minutes", "90 min"],
    [86_400, "1 d", "1 dag", "1 Tag", "24 h"],
    [0, "0", "0 s"],
    [undefined, "", "soon", "min", "15 watts", "-5", "30 min 1 h", "1 30", "5 min 5 min", "1:30", "1e3"],
  ];
  it("reads times in the usual notations", () => {
    for (const [seconds, ...texts] of WRITTEN)
      for (const text of texts) assert.equal(parseDuration(text), seconds, `"${text}"`);
  });

  it("writes times that are read back as the same number of seconds", () => {
    const written = [0, 0.5, 45, 60, 90, 119, 120, 150, 900, 2700, 3600, 5400, 86_400].map(writeDuration);
    assert.equal(
      written.join(", "),
      "0 s, 0.5 s, 45 s, 1 min, 90 s, 119 s, 2 min, 2 min 30 s, 15 min, 45 min, 1 h, 1 h 30 min, 24 h",
    );
    for (const catalogue of [english, dutch, german]) {
      useLanguage(catalogue);
      for (let seconds = 0; seconds < 1e6; seconds += 17) assert.equal(parseDuration(writeDuration(seconds)), seconds);
    }
  });

  describe("accepts", () => {
    const isAccepted = (use: () => unknown): boolean => {
      try {
        use();
        return true;
      } catch {
        return false;
      }
    };

    it("the same thresholds as the runtime", () => {
      for (const on of ["-1300", " 5 ", "1e3", "0.05", "", " ", "many", "5 W", "NaN", "Infinity"]) {
        assert.equal(
          checkLimit(fields({ on }), "on") === true,
          isAccepted(() => checkThreshold("on", on)),
          `"${on}"`,
        );
      }
      assert.equal(checkLimit(fields({ on: "many" }), "on"), "Enter a number.");
      assert.equal(checkLimit(fields({ on: VARIABLE }), "on"), true);
    });

    it("an off threshold on the same side as the runtime does", () => {
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
            isAccepted(() => checkThresholds(rule, { on, off })),
            `${direction} ${on} ${off}`,
          );
        }
      }
      const wrong = checkSides(fields({ direction: "above", on: 5, off: 6 }));
      assert.equal(wrong, "Off must be 5 or lower: what lies between would be both on and off.");
    });

    it("any off threshold if the other one comes with each message", () => {
      assert.equal(checkSides(fields({ on: "limit", onType: "msg", off: -5000 })), true);
      assert.equal(checkSides(fields({ on: VARIABLE, off: -5000 })), true);
    });

    it("the same times as the runtime, which has the same defaults for blanks", () => {
      for (const name of ["window", "onDelay", "offDelay", "minOn", "minOff", "lostAfter"] as const) {
        for (const value of ["", "0", "0.001", "0.0001", "12.5", "-1", "soon", String(LONGEST), String(LONGEST + 1)]) {
          assert.equal(
            checkTime(fields({ measure: "average", [name]: value }), name) === true,
            isAccepted(() => triggerRule({ measure: "average", [name]: value })),
            `${name} "${value}"`,
          );
        }
        assert.equal(triggerRule({ [name]: "" })[name], TIMES[name].default * 1000);
      }
    });
  });

  it("checks the window only if an average is compared", () => {
    for (const measure of ["value", "quarter"])
      assert.equal(checkTime(fields({ measure, window: "0" }), "window"), true);
    assert.match(String(checkTime(fields({ window: "0" }), "window")), /above 0/);
    assert.match(String(checkTime(fields({ window: "soon" }), "window")), /15 min, 90 s or 1 h 30/);
  });

  it("compares power if no channel is given, as the runtime does", () => {
    assert.equal(channelIn(fields({ channel: " " })), triggerRule({ channel: "" }).channel);
  });

  it("knows which channels a day holds in the unit of live values", () => {
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

  it("has no number for an empty threshold or one from a message", () => {
    assert.deepEqual(
      [limitIn(fields(), "on"), limitIn(fields({ on: "" }), "on"), limitIn(fields({ onType: "msg" }), "on")],
      [-1000, undefined, undefined],
    );
    assert.equal(limitText(fields({ onType: "flow", on: "limit" }), "on"), "flow.limit");
  });
});
