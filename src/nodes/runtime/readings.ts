/** What realtime and totals share: one answer with a value for each channel, sent in the wanted format. */
import type { Node, NodeAPI, NodeMessage } from "node-red";
import type { Answer } from "../../lib/index.js";
import type { MeterDef } from "./device-field.js";
import type { Run } from "./flow-node.js";
import { formatOf } from "./format-field.js";
import { CHANNEL_FORMATS, type ChannelFormat, READING_FORMATS, type ReadingFormat } from "./formats.js";
import { originOf, partOf, topicFor } from "./message.js";

export interface ReadingDef extends MeterDef {
  format?: string;
  split?: boolean;
}

/** Sends an answer in a node's format. */
export type SendReading = (run: Run, answer: Answer, device: string) => void;

/** @throws CemmError `CEMM_INPUT` where there is no such format; so before any request. */
export function readingSender(RED: NodeAPI, { format = "values", split, topic }: ReadingDef): SendReading {
  const whole = formatOf(READING_FORMATS, format);
  const byChannel = split ? CHANNEL_FORMATS.get(format) : undefined;
  if (byChannel) return (run, answer, device) => sendSplit(RED, run, topic, answer, device, byChannel);
  return (run, answer, device) => sendWhole(run, topic, answer, device, whole);
}

function sendWhole({ msg, send }: Run, topic: string, answer: Answer, device: string, format: ReadingFormat): void {
  const cemm = originOf([answer], device);
  send(Object.assign(msg, { payload: format(answer, device), topic: topicFor(topic, msg, cemm), cemm }));
}

function sendSplit(
  RED: NodeAPI,
  { msg, send }: Run,
  topic: string,
  answer: Answer,
  device: string,
  format: ChannelFormat,
): void {
  const id = RED.util.generateId();
  const channels = Object.entries(format(answer));
  for (const [index, [key, payload]] of channels.entries()) {
    // Its own origin for each message: what one flow changes, the next must not see.
    const cemm = originOf([answer], device);
    const changes: NodeMessage = { payload, topic: `${topicFor(topic, msg, cemm)}/${key}`, cemm };
    send(partOf(RED, msg, changes, { id, type: "object", key, index, count: channels.length }));
  }
}

/** Warns of channels that cannot be read: once, and again only when others are concerned. */
export function unusableWarning(node: Node): (answer: Answer) => void {
  let warned = "";
  return ({ alias, unusable }) => {
    const channels = unusable.join(", ");
    if (channels !== "" && channels !== warned) {
      node.warn(`The CEMM sent values of "${alias}" that cannot be used: ${channels}`);
    }
    warned = channels;
  };
}
