import { checked, checkTyped } from "../../editor/checks.js";
import type { Dialog } from "../../editor/dialog.js";
import { afterNodeRed, current, formOf } from "../../editor/form.js";
import {
  labelStyle,
  messageProperties,
  paletteLabel,
  preparePlain,
  suggestChannels,
} from "../../editor/shared-fields.js";
import { MESSAGE_TYPES, makeTypedInput } from "../../editor/typed-input.js";
import { presetRule } from "../../lib/trigger/presets-table.js";
import type { TimeName } from "../../lib/trigger/times-table.js";
import { preparePresets } from "./dialog/presets.js";
import {
  checkLimit,
  checkSides,
  checkTime,
  directionIn,
  fieldsOf,
  LIVE_CHANNELS,
  limitText,
  type RuleFields,
  saveTimes,
  showTimes,
  TIME_NAMES,
} from "./dialog/rule-fields.js";
import { describeRule } from "./dialog/sentence.js";
import { triggerText } from "./dialog/texts.js";
import { wiredMeter } from "./dialog/yesterday.js";
import { prepareYesterday } from "./dialog/yesterday-rows.js";

const LIMIT_TYPES: TypedInputChoice[] = ["num", "msg", "flow", "global", "env"];
const PAYLOAD_TYPES: TypedInputChoice[] = ["bool", "str", "num", "json", ...MESSAGE_TYPES];

const NEW = presetRule("surplus");

const time = (name: TimeName): Property => checked(NEW[name], (_, node) => checkTime(fieldsOf(node), name));

function payload(name: "onPayload" | "offPayload", value: string): Property {
  return checked(value, (value, node) => checkTyped(value, current(node, `${name}Type`), () => true));
}

function checkOff(field: RuleFields): Verdict {
  const verdict = checkLimit(field, "off");
  return verdict === true ? checkSides(field) : verdict;
}

/** Everything that is updated while the fields change. */
function prepareRule(node: EditorNode): void {
  const meter = wiredMeter(node);
  const own = fieldsOf(node);
  const field: RuleFields = (name) => (name === "channel" && meter?.channel) || own(name);
  const showPresets = preparePresets(node);
  const showYesterday = prepareYesterday(node, field, meter);
  const show = () => {
    $(".cemm-window").toggle(field("measure") === "average");
    $("#cemm-sentence").text(describeRule(field));
    $("#node-input-off, #node-input-window").trigger("cemm-check");
    showPresets();
    showYesterday();
  };
  // Only now, because Node-RED triggers a change for each field that it fills. A typed input passes on typing by keyup.
  afterNodeRed(() => {
    showTimes(node);
    formOf(node).on("input keyup change", show);
    show();
  });
}

export const dialog: Dialog = {
  defaults: {
    channel: { value: NEW.channel },
    measure: { value: NEW.measure },
    direction: { value: NEW.direction },
    on: checked(String(NEW.on), (_, node) => checkLimit(fieldsOf(node), "on")),
    onType: { value: "num" },
    off: checked(String(NEW.off), (_, node) => checkOff(fieldsOf(node))),
    offType: { value: "num" },
    lost: { value: NEW.lost },
    ...Object.fromEntries(TIME_NAMES.map((name) => [name, time(name)])),
    onPayload: payload("onPayload", "true"),
    onPayloadType: { value: "bool" },
    offPayload: payload("offPayload", "false"),
    offPayloadType: { value: "bool" },
    ...messageProperties,
  },
  paletteLabel,
  label() {
    return this.name || triggerText(`when.${directionIn(fieldsOf(this))}`, { limit: limitText(fieldsOf(this), "on") });
  },
  labelStyle,
  outputLabels() {
    return triggerText("label.output");
  },
  oneditprepare() {
    preparePlain(this);
    for (const name of ["on", "off"]) makeTypedInput(name, LIMIT_TYPES, "num");
    for (const name of ["onPayload", "offPayload"]) makeTypedInput(name, PAYLOAD_TYPES, "bool");
    suggestChannels(() => LIVE_CHANNELS);
    prepareRule(this);
  },
  oneditsave() {
    saveTimes(this);
  },
};
