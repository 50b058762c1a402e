import { type Access, accessOf } from "./access.js";
import { t } from "./catalogue.js";
import { checkNumber, configNode } from "./checks.js";
import type { Dialog } from "./dialog.js";
import { formatLabel, prepareReadingExample } from "./example.js";
import { afterNodeRed, current } from "./form.js";
import { meterIcon } from "./meter.js";
import { checked } from "./property.js";
import {
  chooseOnlyCemm,
  labelStyle,
  messageProperties,
  meterLabel,
  meterProperties,
  paletteLabel,
  prepareMeter,
  readingProperties,
} from "./shared-fields.js";

/** In seconds. More often is not asked. */
const LEAST_INTERVAL: Record<Access, number> = { lan: 1, cloud: 10, auto: 1 };

function prepareRepeat(node: EditorNode): void {
  const show = () => {
    const access = accessOf(configNode(current(node, "device")));
    const repeat = Number(current(node, "repeat"));
    const isTooOften = repeat > 0 && repeat < LEAST_INTERVAL[access];
    $("#cemm-limit")
      .text(t(`limit.${access}`))
      .toggleClass("cemm-warning", isTooOften);
  };
  $("#node-input-device, #node-input-repeat").on("change keyup", show);
  afterNodeRed(show);
}

/** Node-RED draws as many outputs as this field says. */
function prepareOutputs(node: EditorNode): void {
  const show = () => $("#node-input-outputs").val(current(node, "availability") === true ? 2 : 1);
  $("#node-input-availability").on("change", show);
  afterNodeRed(show);
}

export const realtime: Dialog = {
  category: "CEMM",
  color: "#8FD0C4",
  icon() {
    return meterIcon(this, "cemm-realtime.svg");
  },
  inputs: 1,
  outputs: 1,
  defaults: {
    ...meterProperties,
    ...readingProperties,
    repeat: checked(10, checkNumber(0, 2_147_483)),
    availability: { value: false },
    outputs: { value: 1 },
    ...messageProperties,
  },
  paletteLabel,
  label() {
    return meterLabel(this);
  },
  labelStyle,
  outputLabels(index) {
    return index === 0 ? formatLabel(this) : t("output.availability");
  },
  onadd() {
    chooseOnlyCemm(this);
  },
  oneditprepare() {
    prepareMeter(this);
    prepareReadingExample(this, "realtime");
    prepareRepeat(this);
    prepareOutputs(this);
  },
};
