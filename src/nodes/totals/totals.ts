import type { Node, NodeAPI } from "node-red";
import { AnswerCheck } from "../shared/answer-check.js";
import { meterOf } from "../shared/device-field.js";
import { field } from "../shared/field.js";
import { FlowNode, type Run } from "../shared/flow-node.js";
import { readingText } from "../shared/reading-text.js";
import { type ReadingDef, readingSender } from "../shared/readings.js";
import { periodOf } from "../shared/time-field.js";

interface TotalsDef extends ReadingDef {
  time?: string;
  timeType?: string;
}

export default function (RED: NodeAPI): void {
  function CemmTotalsNode(this: Node, config: TotalsDef): void {
    RED.nodes.createNode(this, config);
    const check = new AnswerCheck(this);
    const answer = async (run: Run): Promise<void> => {
      const send = readingSender(RED, config);
      const meter = await meterOf(RED, run, config);
      const { client, alias } = meter;
      const day = await periodOf(run, client, "day", field("Day", config.time, config.timeType ?? "now"));
      const reading = await client.totals(alias, day.start, run.options);
      check.check(reading, meter);
      send(run, reading, meter);
      run.status.reading(readingText(reading));
    };
    new FlowNode(RED, this, answer);
  }
  RED.nodes.registerType("cemm-totals", CemmTotalsNode);
}
