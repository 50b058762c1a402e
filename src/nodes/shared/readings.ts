/** The common part of realtime and totals: sends an answer with a value for each channel in the chosen format. */
import type { NodeAPI, NodeMessage } from "node-red";
import { type Answer, CemmError, describeValue, toValue, toValues } from "../../lib/internal.js";
import type { Changes } from "./changes.js";
import type { MeterDef, MeterRef } from "./device-field.js";
import { formatOf } from "./field.js";
import type { Run } from "./flow-node.js";
import { CHANNEL_FORMATS, READING_FORMATS, SINGLE_FORMAT } from "./formats.js";
import { defaultTopic, type Origin, ofChannel, originOf, partOf, topicFor } from "./message.js";

export interface ReadingDef extends MeterDef {
  format?: string;
  channel?: string;
  split?: boolean;
}

interface SendOptions {
  /** Ms between the node's polls. */
  interval?: number | undefined;
  changes?: Changes | undefined;
}

/** A function that sends an answer in the node's format. @throws CemmError `CEMM_INPUT` if one is invalid */
export function readingSender(
  RED: NodeAPI,
  { format = "values", channel, split, topic }: ReadingDef,
  { interval, changes }: SendOptions = {},
): (run: Run, answer: Answer, meter: MeterRef) => void {
  const shape = formatOf(READING_FORMATS, format);
  const name = format === SINGLE_FORMAT ? checkChannel(channel) : "";
  const byChannel = split ? CHANNEL_FORMATS.get(format) : undefined;
  const describe = (msg: NodeMessage, answer: Answer, meter: MeterRef) => ({
    topic: topicFor(topic, msg, defaultTopic(meter, answer.kind, answer.uid)),
    cemm: originOf(answer, meter.device, interval),
  });
  const changedIn = (answer: Answer, meter: MeterRef): string[] => {
    const values = name ? { [name]: toValue(answer, name) } : toValues(answer);
    const key = `${meter.deviceKey ?? answer.uid} ${answer.alias}`;
    return changes?.update(key, values, byChannel !== undefined) ?? Object.keys(values);
  };
  if (byChannel) {
    return (run, answer, meter) =>
      sendSplit(RED, run, changedIn(answer, meter), byChannel(answer), describe(run.msg, answer, meter));
  }
  return ({ msg, send }, answer, meter) => {
    const payload = shape(answer, name);
    if (changes && changedIn(answer, meter).length === 0) return;
    send(Object.assign(msg, { payload, ...describe(msg, answer, meter) }));
  };
}

/** A flow file may contain anything. */
function checkChannel(channel: unknown): string {
  if (typeof channel === "string" && channel.trim() !== "") return channel.trim();
  throw new CemmError("CEMM_INPUT", "Channel is empty. Choose one, such as electric_power.");
}

function sendSplit(
  RED: NodeAPI,
  { msg, send }: Run,
  channels: readonly string[],
  values: Record<string, unknown>,
  { topic, cemm: origin }: { topic: unknown; cemm: Origin },
): void {
  const id = RED.util.generateId();
  const ownTopic = topicText(topic);
  for (const [index, key] of channels.entries()) {
    const cemm = ofChannel(origin, key);
    const changes: NodeMessage = { payload: values[key], topic: `${ownTopic}/${key}`, cemm };
    send(partOf(RED, msg, changes, { id, type: "object", key, index, count: channels.length }));
  }
}

/** An incoming topic may be anything. */
function topicText(topic: unknown): string {
  if (typeof topic === "string" || typeof topic === "number") return String(topic);
  throw new CemmError("CEMM_INPUT", `msg.topic: ${describeValue(topic)} cannot be used in a topic; use text.`);
}
