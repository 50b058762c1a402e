import type { Node, NodeAPI, NodeMessage } from "node-red";
import type { TriggerVerdict } from "../../lib/internal.js";
import { evaluate } from "../shared/typed-input.js";
import { topicOf } from "./message.js";
import type { TriggerDef } from "./thresholds.js";

/** The verdict in a copy of the message that led to it, without `parts`: later nodes must not change the stored one. */
export async function verdictMessage(
  RED: NodeAPI,
  node: Node,
  config: TriggerDef,
  verdict: TriggerVerdict,
  msg: NodeMessage,
): Promise<NodeMessage> {
  const { onPayload = "true", onPayloadType = "bool", offPayload = "false", offPayloadType = "bool" } = config;
  const [value, type] = verdict.state === "on" ? [onPayload, onPayloadType] : [offPayload, offPayloadType];
  const payload = await evaluate(RED, node, msg, { value: String(value), type });
  const { payload: _compared, parts: _sequence, ...rest } = msg;
  const topic = topicOf(config.topic, msg);
  const copy = RED.util.cloneMessage<NodeMessage>(rest);
  return { ...copy, payload, ...(topic !== undefined && { topic }), trigger: verdict };
}
