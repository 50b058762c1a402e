import { t } from "../../editor/catalogue.js";
import { checked, checkNumber, configNode } from "../../editor/checks.js";
import type { Dialog } from "../../editor/dialog.js";
import { formatLabel, prepareReadingExample } from "../../editor/example.js";
import { accessOf, current, watch } from "../../editor/form.js";
import {
  messageProperties,
  meterLabel,
  meterNode,
  meterProperties,
  prepareMeter,
  readingProperties,
} from "../../editor/shared-fields.js";
import { LIMITS } from "../../lib/data/limits-table.js";

/** In seconds. */
const LONGEST_TIMER = 2_147_483;

function prepareRepeat(node: EditorNode): void {
  watch(node, ["device", "repeat"], () => {
    const access = accessOf(configNode(current(node, "device")));
    const repeat = Number(current(node, "repeat"));
    const isTooOften = repeat > 0 && repeat < LIMITS.interval[access === "cloud" ? access : "lan"];
    $("#cemm-limit")
      .text(t(`limit.${access}`))
      .toggleClass("cemm-warning", isTooOften);
  });
}

/** Node-RED reads the number of outputs from this field. */
function prepareOutputs(node: EditorNode): void {
  watch(node, ["availability"], () => {
    $("#node-input-outputs").val(current(node, "availability") === true ? 2 : 1);
  });
}

function prepareChanges(node: EditorNode): void {
  watch(node, ["onlyChanges"], () => {
    $(".cemm-dead-band").toggle(sendsOnlyChanges(node));
    $("#node-input-deadBand").trigger("cemm-check");
  });
}

const sendsOnlyChanges = (node: EditorNode): boolean => current(node, "onlyChanges") === true;
const checkBand = checkNumber({ min: 0, max: Number.MAX_SAFE_INTEGER });

export const dialog: Dialog = {
  ...meterNode,
  defaults: {
    ...meterProperties,
    ...readingProperties,
    repeat: checked(10, checkNumber({ min: 0, max: LONGEST_TIMER })),
    availability: { value: false },
    outputs: { value: 1 },
    decimals: checked("", checkNumber(LIMITS.decimals)),
    onlyChanges: { value: false },
    // Hidden and unused while all values are sent.
    deadBand: checked(0, (value, node) => !sendsOnlyChanges(node) || checkBand(value)),
    ...messageProperties,
  },
  label() {
    return meterLabel(this);
  },
  outputLabels(index) {
    return index === 0 ? formatLabel(this) : t("output.availability");
  },
  oneditprepare() {
    prepareMeter(this);
    prepareReadingExample(this, "realtime");
    prepareRepeat(this);
    prepareOutputs(this);
    prepareChanges(this);
  },
};
