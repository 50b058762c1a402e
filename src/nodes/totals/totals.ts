import type { Node, NodeAPI } from "node-red";
import { meterOf } from "../shared/device-field.js";
import { field } from "../shared/field.js";
import { FlowNode, type Run } from "../shared/flow-node.js";
import { readingText } from "../shared/reading-text.js";
import { type ReadingDef, readingSender } from "../shared/readings.js";
import { periodOf } from "../shared/time-field.js";
import { Warnings } from "../shared/warnings.js";

interface TotalsDef extends ReadingDef {
  time?: string;
  timeType?: string;
}

export default function (RED: NodeAPI): void {
  function CemmTotalsNode(this: Node, config: TotalsDef): void {
    RED.nodes.createNode(this, config);
    const warnings = new Warnings(this);
    const answer = async (run: Run): Promise<void> => {
      const send = readingSender(RED, config);
      const { client, device, alias, name } = await meterOf(RED, run, config);
      const day = await periodOf(run, client, "day", field("Day", config.time, config.timeType ?? "now"));
      const reading = await client.totals(alias, day.start, run.options);
      warnings.check(reading, name);
      send(run, reading, device);
      run.status.reading(readingText(reading), reading.stale);
    };
    new FlowNode(RED, this, answer);
  }
  RED.nodes.registerType("cemm-totals", CemmTotalsNode);
}
