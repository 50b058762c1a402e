/** A trigger's thresholds: typed inputs, evaluated for each message. */
import type { Node, NodeAPI, NodeDef, NodeMessage } from "node-red";
import { checkThreshold, checkThresholds, type Thresholds, type TriggerRule } from "../../lib/internal.js";
import { evaluate } from "../shared/typed-input.js";

/** The rule's own properties are read by `triggerRule`. */
export interface TriggerDef extends NodeDef {
  topic?: string;
  on?: string | number;
  onType?: string;
  off?: string | number;
  offType?: string;
  onPayload?: unknown;
  onPayloadType?: string;
  offPayload?: unknown;
  offPayloadType?: string;
}

/** Evaluates the two thresholds for a message. */
export function thresholdsOf(RED: NodeAPI, node: Node, config: TriggerDef) {
  const { on, onType = "num", off, offType = "num" } = config;
  const of = async (name: keyof Thresholds, value: unknown, type: string, msg: NodeMessage) => {
    // A blank number is an error; it would count as 0.
    const given = type === "num" ? value : await evaluate(RED, node, msg, { value: String(value ?? ""), type });
    return checkThreshold(name, given);
  };
  return async (rule: TriggerRule, msg: NodeMessage): Promise<Thresholds> => {
    const thresholds = { on: await of("on", on, onType, msg), off: await of("off", off, offType, msg) };
    checkThresholds(rule, thresholds);
    return thresholds;
  };
}
