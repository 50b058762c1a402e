import type { Node, NodeAPI } from "node-red";
import { Trigger } from "./trigger/trigger.js";
import type { TriggerDef } from "./trigger/trigger-def.js";

export default function (RED: NodeAPI): void {
  function CemmTriggerNode(this: Node, config: TriggerDef): void {
    RED.nodes.createNode(this, config);
    new Trigger(RED, this, config);
  }
  RED.nodes.registerType("cemm-trigger", CemmTriggerNode);
}
