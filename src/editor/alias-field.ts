/** The alias field: the meters of the chosen CEMM with their kind, or the common ones if it does not answer. */
import { USUAL_METERS } from "../lib/data/meters.js";
import { toProblem } from "./admin.js";
import { t, textAt } from "./catalogue.js";
import { configNode } from "./checks.js";
import { current } from "./form.js";
import { meterText } from "./meter.js";
import { noteOnMeter, warnOfMissing } from "./meter-check.js";
import { metersOf } from "./meters-of.js";
import { textType } from "./typed-input.js";

interface AliasChoice {
  value: string;
  text: string;
}

function usualChoices(): AliasChoice[] {
  return USUAL_METERS.map(({ alias }) => ({ value: alias, text: t(`alias.${alias}`) }));
}

async function choices(node: EditorNode): Promise<AliasChoice[]> {
  const device = configNode(current(node, "device"));
  if (!device) return usualChoices();
  try {
    noteOnMeter(t("meter.asking"));
    const meters = await metersOf(device);
    warnOfMissing(node, device, meters);
    const own = meters.flatMap((meter) => (meter.alias ? [{ value: meter.alias, text: meterText(meter) }] : []));
    // It is not a meter, so the CEMM does not list it.
    return device.access === "cloud" ? own : [...own, { value: "usage", text: t("alias.usage") }];
  } catch (error) {
    noteOnMeter(t("meter.cannotAsk", { why: textAt("problem", `${toProblem(error).code}.what`) ?? "" }));
    return usualChoices();
  }
}

/** The typed input's type for an alias: completes while typing, and lists all by its button. */
export function aliasType(node: EditorNode): TypedInputType {
  let showAll = false;
  const matching = async (text: string) => {
    const isListed = showAll;
    showAll = false;
    const typed = text.toLowerCase();
    const known = await choices(node);
    return known.filter((choice) => isListed || `${choice.value} ${choice.text}`.toLowerCase().includes(typed));
  };
  function expand(this: TypedInput) {
    showAll = true;
    this.input.trigger("focus").trigger($.Event("keyup", { keyCode: 40 }));
  }
  return textType({
    label: t("type.alias"),
    icon: "fa fa-tachometer",
    autoComplete: (text, done) => {
      matching(text).then(
        (known) => done(known.map(option)),
        () => done([]),
      );
    },
    expand: Object.assign(expand, { icon: "fa-list" }),
  });
}

function option({ value, text }: AliasChoice): { value: string; label: JQuery } {
  const label = $("<span>", { class: "cemm-alias" }).append($("<b>").text(value), $("<span>").text(text));
  return { value, label };
}
