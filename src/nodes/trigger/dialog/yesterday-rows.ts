/** The rows with the drawing of yesterday, of the CEMM before the trigger, else of one chosen only for that. */
import { configNode } from "../../../editor/checks.js";
import { line } from "../../../editor/elements.js";
import { isValid } from "../../../editor/problems.js";
import type { RuleFields } from "./rule-fields.js";
import { triggerText } from "./texts.js";
import { meterOf, type WiredMeter, yesterdayView } from "./yesterday.js";

/** In ms: a pause in typing. */
const PAUSE = 300;

/** Returns a function that redraws, a moment after the last call. */
export function prepareYesterday(node: EditorNode, field: RuleFields, wired: WiredMeter | undefined): () => void {
  const [drawing, words] = [$("#cemm-drawing"), $("#cemm-day")];
  $("#cemm-day-of").toggle(!wired);
  if (!wired) listCemms();
  return debounced(async () => {
    const isOpen = words.get(0)?.isConnected;
    // The invalid field shows the error.
    if (!isOpen || !isValid(node)) return;
    if (words.is(":empty")) words.append(line(triggerText("day.asking"), "cemm-detail"));
    const view = await yesterdayView(node, field, wired ?? chosenMeter());
    drawing.empty().append(view.drawing ?? []);
    words.empty().append(view.words);
  });
}

function listCemms(): void {
  const list = $("#cemm-day-device").append($("<option>", { value: "" }).text(triggerText("day.none")));
  RED.nodes.eachConfig((config) => {
    if (config.type !== "cemm-device") return;
    list.append($("<option>", { value: config.id }).text(RED.utils.getNodeLabel(config, config.id)));
  });
}

function chosenMeter(): WiredMeter | undefined {
  const device = configNode($("#cemm-day-device").val());
  return device ? meterOf(device, String($("#cemm-day-alias").val())) : undefined;
}

/** Runs `work` a moment after the last call, and never twice at the same time. */
function debounced(work: () => Promise<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isRunning = false;
  const end = () => {
    isRunning = false;
  };
  const run = () => {
    if (isRunning) return wait();
    isRunning = true;
    work().then(end, end);
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(run, PAUSE);
  };
  return wait;
}
