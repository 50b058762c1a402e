/** Whether the chosen CEMM has the meter that a node asks. A new node takes the smart meter that it has. */
import { nearestFirst, roleOf, USUAL_METERS } from "../lib/data/meters.js";
import { isAlias } from "../lib/syntax.js";
import { accessOf } from "./access.js";
import type { ListedMeter } from "./admin.js";
import { t } from "./catalogue.js";
import { configNode, isBlank } from "./checks.js";
import { afterNodeRed, current, currentText } from "./form.js";
import { metersOf } from "./meters-of.js";
import { whenReleased } from "./pointer.js";

/** The alias of a new node: the usual smart meter. */
const USUAL = "p1";

/** A new node on the workspace asks the smart meter that its CEMM has. */
export async function chooseSmartMeter(node: EditorNode): Promise<void> {
  const device = configNode(node.device);
  const alias = device && smartMeterOf(await metersOf(device).catch(() => []));
  if (!alias || node.alias !== USUAL) return;
  Object.assign(node, { alias, dirty: true, resize: true });
  RED.view.redraw();
}

/** While the dialog is open: takes the smart meter of the chosen CEMM, and warns of a meter that it does not have. */
export function watchMeter(node: EditorNode): void {
  const check = () => {
    noteOnMeter("");
    const device = configNode(current(node, "device"));
    if (!device || isAsDeployed(node)) return;
    const show = (meters: ListedMeter[]) => {
      if (device === configNode(current(node, "device"))) showMeters(node, device, meters);
    };
    metersOf(device).then(show, () => {});
  };
  $("#node-input-device, #node-input-alias, #node-input-target").on("change", check);
  afterNodeRed(check);
}

/** Through the cloud a look at a dialog costs no request. */
function isAsDeployed(node: EditorNode): boolean {
  const isSame = ["device", "alias", "target"].every((name) => currentText(node, name) === String(node[name] ?? ""));
  return isSame && !node.changed && accessOf(configNode(node.device)) === "cloud";
}

function showMeters(node: EditorNode, device: EditorNode, meters: ListedMeter[]): void {
  const smartMeter = smartMeterOf(meters);
  if (smartMeter && aliasIn(node) === USUAL) $("#node-input-alias").typedInput("value", smartMeter);
  warnOfMissing(node, device, meters);
}

/** The CEMM's own smart meter, where that is not the usual one. */
function smartMeterOf(meters: ListedMeter[]): string | undefined {
  const aliases = meters.filter((meter) => roleOf(meter) === "grid").flatMap(({ alias }) => alias ?? []);
  return aliases.includes(USUAL) ? undefined : aliases[0];
}

/** The alias that is asked of the chosen CEMM; undefined where only a message tells it, or another CEMM is asked. */
function aliasIn(node: EditorNode): string | undefined {
  const alias = currentText(node, "alias");
  const isTyped = current(node, "aliasType") === "str" && isAlias(alias);
  return isTyped && isBlank(current(node, "target")) ? alias : undefined;
}

/** Says that the CEMM has no such meter, and which it has. */
export function warnOfMissing(node: EditorNode, device: EditorNode, meters: ListedMeter[]): void {
  const alias = aliasIn(node);
  const aliases = meters.flatMap((meter) => meter.alias ?? []);
  const isKnown = aliases.length === 0 || !alias || aliases.includes(alias) || !isListed(alias, device);
  if (isKnown) noteOnMeter("");
  else noteOnMeter(t("meter.missing", { alias, meters: nearestFirst(alias, aliases).join(", ") }), "warning");
}

/** Whether the CEMM would list such a meter. The cloud is asked for the usual ones only; consumption is no meter. */
function isListed(alias: string, device: EditorNode): boolean {
  if (accessOf(device) !== "cloud") return alias !== "usage";
  return USUAL_METERS.some((meter) => meter.alias === alias && "cloud" in meter);
}

/** Below the alias field. */
export function noteOnMeter(note: string, kind?: "warning"): void {
  whenReleased(() =>
    $("#cemm-alias-note")
      .text(note)
      .toggleClass("cemm-warning", kind === "warning"),
  );
}
