import { checkNumber } from "./checks.js";
import type { Dialog } from "./dialog.js";
import { formatLabel, prepareReadingExample } from "./example.js";
import { meterIcon } from "./meter.js";
import { checked } from "./property.js";
import {
  labelStyle,
  messageProperties,
  meterLabel,
  meterProperties,
  paletteLabel,
  prepareMeter,
} from "./shared-fields.js";

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
    format: { value: "values" },
    split: { value: false },
    repeat: checked(0, checkNumber(0, 2_147_483)),
    ...messageProperties,
  },
  paletteLabel,
  label() {
    return meterLabel(this);
  },
  labelStyle,
  outputLabels() {
    return formatLabel(this);
  },
  oneditprepare() {
    prepareMeter(this);
    prepareReadingExample(this);
  },
};
