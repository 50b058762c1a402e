/** What realtime and totals share: one answer with a value for each channel, in the wanted format. */
import type { Node, NodeAPI, NodeMessage } from "node-red";
import { type Answer, CemmError, toInflux, toMeasurements, toValues } from "../../lib/index.js";
import type { DeviceDef } from "./device-field.js";
import type { Run } from "./flow-node.js";
import { originOf, partOf, topicFor } from "./message.js";

export interface ReadingDef extends DeviceDef {
  format?: string;
  split?: boolean;
}

type Shape = (answer: Answer, device: string) => Record<string, unknown>;

/** Formats with an entry for each channel, which can be split. */
const BY_CHANNEL = new Map<string, Shape>([
  ["values", toValues],
  ["measurements", toMeasurements],
]);

const FORMATS = new Map<string, (answer: Answer, device: string) => unknown>([
  ...BY_CHANNEL,
  ["influx", (answer, device) => toInflux([answer], device)],
  // Who asks at the same time shares one body: each gets its own to change.
  ["raw", (answer) => structuredClone(answer.raw)],
]);

/** Sends an answer in a node's format. */
export type SendReading = (run: Run, answer: Answer, device: string) => void;

/** @throws CemmError `CEMM_INPUT` where there is no such format; so before anything is asked. */
export function readingSender(RED: NodeAPI, config: ReadingDef): SendReading {
  const { format = "values", topic } = config;
  const byChannel = config.split ? BY_CHANNEL.get(format) : undefined;
  if (byChannel) return (run, answer, device) => sendSplit(RED, run, topic, answer, device, byChannel);
  const whole = FORMATS.get(format);
  if (!whole) {
    throw new CemmError("CEMM_INPUT", `"${format}" is not a format; use ${[...FORMATS.keys()].join(", ")}.`);
  }
  return ({ msg, send }, answer, device) => {
    const cemm = originOf([answer], device);
    send(Object.assign(msg, { payload: whole(answer, device), topic: topicFor(topic, msg, cemm), cemm }));
  };
}

function sendSplit(RED: NodeAPI, run: Run, topic: string, answer: Answer, device: string, shape: Shape): void {
  const { msg, send } = run;
  const id = RED.util.generateId();
  const channels = Object.entries(shape(answer, device));
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
