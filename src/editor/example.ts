/** The example payload below the format's field, made by the formats themselves from a sample answer. */
import type { Kind, PeriodUnit } from "../lib/data/channel-table.js";
import { collect } from "../lib/data/collect.js";
import {
  CHANNEL_FORMATS,
  CHART_FORMAT,
  HISTORY_FORMATS,
  READING_FORMATS,
  SINGLE_FORMAT,
} from "../nodes/shared/formats.js";
import { t, textAt } from "./catalogue.js";
import { current, currentText, watch } from "./form.js";
import { literal } from "./literal.js";
import { sampleAnswer, sampleChannels } from "./sample.js";
import { suggestChannels } from "./shared-fields.js";

const isSplittable = (format: string): boolean => CHANNEL_FORMATS.has(format);

/** What the node sends, in a few words. */
export function formatLabel(node: EditorNode): string {
  const format = String(node.format);
  return textAt("output", node.split && isSplittable(format) ? `${format}Split` : format) ?? format;
}

/** The alias in the dialog; a smart meter's if it comes with the message. */
function aliasIn(node: EditorNode): string {
  return current(node, "aliasType") === "str" ? currentText(node, "alias") : "p1";
}

function readingExample(node: EditorNode, kind: Kind): string {
  const alias = aliasIn(node);
  const answer = sampleAnswer(alias, kind);
  const format = currentText(node, "format");
  if (format === SINGLE_FORMAT) return String(answer.channels[currentText(node, "channel")]?.samples[0]?.value ?? "…");
  const byChannel = current(node, "split") === true ? CHANNEL_FORMATS.get(format) : undefined;
  if (!byChannel) return literal(READING_FORMATS.get(format)?.(answer, ""));
  const [[channel, payload] = ["", null]] = Object.entries(byChannel(answer));
  return `${literal(payload)}\ntopic: "…/${channel}"`;
}

function show(node: EditorNode, kind: Kind, text: string): void {
  $("#cemm-example").text(text);
  const alias = aliasIn(node);
  const feedsIn =
    sampleChannels(alias, "realtime").includes("t3") && sampleChannels(alias, kind).includes("electric_power");
  $("#cemm-example-note").text(feedsIn ? t("meter.feedIn") : "");
}

/** Shows the example of the chosen meter and format, and the fields that belong to the format. */
export function prepareReadingExample(node: EditorNode, kind: "realtime" | "totals"): void {
  watch(node, ["format", "split", "alias", "channel", "device"], () => {
    const format = currentText(node, "format");
    $(".cemm-split").toggle(isSplittable(format));
    $(".cemm-channel").toggle(format === SINGLE_FORMAT);
    $("#node-input-channel").trigger("cemm-check");
    show(node, kind, readingExample(node, kind));
  });
  suggestChannels(() => sampleChannels(aliasIn(node), kind));
}

export function showHistoryExample(node: EditorNode, unit: PeriodUnit): void {
  const name = currentText(node, "format");
  const format = HISTORY_FORMATS.get(name);
  const made = format && collect(format(false), [sampleAnswer(aliasIn(node), unit)]);
  show(node, unit, name === CHART_FORMAT ? `msg.ui_update.chartOptions: ${literal(made)}` : literal(made));
}
