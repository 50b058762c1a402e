/** Checks whether the chosen CEMM has the node's meter. A new node takes its smart meter. */
import { nearestFirst, roleOf, USUAL_METERS } from "../lib/data/meters.js";
import { isAlias } from "../lib/syntax.js";
import type { ListedMeter } from "./admin.js";
import { t } from "./catalogue.js";
import { configNode, isBlank } from "./checks.js";
import { accessOf, afterNodeRed, current, currentText } from "./form.js";
import { metersOf } from "./meters-of.js";
import { whenReleased } from "./pointer.js";

/** The alias of a new node: the most common smart meter. */
const USUAL = "p1";

/** A new node on the workspace takes the smart meter of its CEMM. */
export async function chooseSmartMeter(node: EditorNode): Promise<void> {
  const device = configNode(node.device);
  const alias = device && smartMeterOf(await metersOf(device).catch(() => []));
  if (!alias || node.alias !== USUAL) return;
  Object.assign(node, { alias, dirty: true, resize: true });
  RED.view.redraw();
}

/** While the dialog is open: takes the smart meter of the chosen CEMM, and warns of a missing meter. */
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

/** Whether the fields are unchanged and the CEMM is in the cloud: opening a dialog makes no cloud request. */
function isAsDeployed(node: EditorNode): boolean {
  const isSame = ["device", "alias", "target"].every((name) => currentText(node, name) === String(node[name] ?? ""));
  return isSame && !node.changed && accessOf(configNode(node.device)) === "cloud";
}

function showMeters(node: EditorNode, device: EditorNode, meters: ListedMeter[]): void {
  const smartMeter = smartMeterOf(meters);
  if (smartMeter && aliasIn(node) === USUAL) $("#node-input-alias").typedInput("value", smartMeter);
  warnOfMissing(node, device, meters);
}

/** The CEMM's own smart meter, if that is not the most common one. */
function smartMeterOf(meters: ListedMeter[]): string | undefined {
  const aliases = meters.filter((meter) => roleOf(meter) === "grid").flatMap(({ alias }) => alias ?? []);
  return aliases.includes(USUAL) ? undefined : aliases[0];
}

/** The alias on the chosen CEMM; undefined if it comes with the message, or another CEMM is asked. */
function aliasIn(node: EditorNode): string | undefined {
  const alias = currentText(node, "alias");
  const isTyped = current(node, "aliasType") === "str" && isAlias(alias);
  return isTyped && isBlank(current(node, "target")) ? alias : undefined;
}

/** Shows that the CEMM has no such meter, and which it has. */
export function warnOfMissing(node: EditorNode, device: EditorNode, meters: ListedMeter[]): void {
  const alias = aliasIn(node);
  const aliases = meters.flatMap((meter) => meter.alias ?? []);
  const isKnown = aliases.length === 0 || !alias || aliases.includes(alias) || !isListed(alias, device);
  if (isKnown) noteOnMeter("");
  else noteOnMeter(t("meter.missing", { alias, meters: nearestFirst(alias, aliases).join(", ") }), "warning");
}

/** Whether the CEMM would list it: the cloud is asked only for the common meters, and consumption is not a meter. */
function isListed(alias: string, device: EditorNode): boolean {
  if (accessOf(device) !== "cloud") return alias !== "usage";
  return USUAL_METERS.some((meter) => meter.alias === alias && "cloud" in meter);
}

/** Shows a note below the alias field. */
export function noteOnMeter(note: string, kind?: "warning"): void {
  whenReleased(() =>
    $("#cemm-alias-note")
      .text(note)
      .toggleClass("cemm-warning", kind === "warning"),
  );
}
