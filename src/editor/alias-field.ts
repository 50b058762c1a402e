/** The alias field: the meters of the chosen CEMM, with what they are, or the usual ones where it cannot be asked. */
import { USUAL_METERS } from "../lib/data/meters.js";
import { ask, type ListedMeter, toProblem } from "./admin.js";
import { t, textAt } from "./catalogue.js";
import { deviceForm } from "./device-form.js";
import { currentText } from "./form.js";
import { meterText } from "./meter.js";
import { whenReleased } from "./pointer.js";
import { textType } from "./typed-input.js";

interface AliasChoice {
  value: string;
  text: string;
}

/** How long an answer is used again, in ms. */
const FRESH = 60_000;
const lastMeters = new Map<string, { at: number; meters: Promise<ListedMeter[]> }>();

/** The device's meters, asked for once a minute at most. */
export function metersOf(device: EditorNode): Promise<ListedMeter[]> {
  const values = deviceForm(device);
  const key = JSON.stringify(values);
  const known = lastMeters.get(key);
  if (known && Date.now() - known.at < FRESH) return known.meters;
  const meters = ask("device/meters", values).then((answer) => answer.meters);
  lastMeters.set(key, { at: Date.now(), meters });
  meters.catch(() => lastMeters.delete(key));
  return meters;
}

function usualChoices(): AliasChoice[] {
  return USUAL_METERS.map(({ alias }) => ({ value: alias, text: t(`alias.${alias}`) }));
}

async function choices(node: EditorNode): Promise<AliasChoice[]> {
  const device = RED.nodes.node(currentText(node, "device"));
  const say = (note: string) => whenReleased(() => $("#cemm-alias-note").text(note));
  if (!device) return usualChoices();
  try {
    say(t("meter.asking"));
    const meters = await metersOf(device);
    say("");
    const own = meters.flatMap((meter) => (meter.alias ? [{ value: meter.alias, text: meterText(meter) }] : []));
    // It is no meter, so the CEMM does not list it.
    return device.access === "cloud" ? own : [...own, { value: "usage", text: t("alias.usage") }];
  } catch (error) {
    say(t("meter.cannotAsk", { why: textAt("problem", `${toProblem(error).code}.what`) ?? "" }));
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
