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

/** The thresholds for a message. @throws CemmError `CEMM_INPUT` */
export async function thresholdsFor(
  RED: NodeAPI,
  node: Node,
  { on, onType, off, offType }: TriggerDef,
  rule: TriggerRule,
  msg: NodeMessage,
): Promise<Thresholds> {
  const of = async (name: keyof Thresholds, value: unknown, type = "num") => {
    // Not by Node-RED, which takes a blank number for 0.
    const given = type === "num" ? value : await evaluate(RED, node, msg, { value: String(value ?? ""), type });
    return checkThreshold(name, given);
  };
  const thresholds = { on: await of("on", on, onType), off: await of("off", off, offType) };
  checkThresholds(rule, thresholds);
  return thresholds;
}
