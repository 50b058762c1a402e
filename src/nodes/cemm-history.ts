import type { Node, NodeAPI } from "node-red";
import { type Answer, CemmError, type Period, toInflux, toPoints, toRows, toSeries } from "../lib/index.js";
import { type DeviceDef, type Meter, meterOf } from "./runtime/device-field.js";
import { FlowNode, type Run } from "./runtime/flow-node.js";
import { originOf, partOf, topicFor } from "./runtime/message.js";
import { askRange, failureOf, missingNote } from "./runtime/range.js";
import { unusableWarning } from "./runtime/readings.js";
import { checkUnit, periodsOf } from "./runtime/time-field.js";

interface HistoryDef extends DeviceDef {
  period?: string;
  periodType?: string;
  time?: string;
  timeType?: string;
  to?: string;
  toType?: string;
  format?: string;
  deliver?: string;
}

type Answers = readonly [Answer, ...Answer[]];
type Shape = (answers: Answers, device: string, isRange: boolean) => unknown;

const FORMATS = new Map<string, Shape>([
  ["series", toSeries],
  ["rows", toRows],
  ["points", toPoints],
  ["influx", toInflux],
  // Who asks at the same time shares one body: each gets its own to change.
  ["raw", (answers, _, isRange) => structuredClone(isRange ? answers.map(({ raw }) => raw) : answers[0].raw)],
]);

interface Order {
  run: Run;
  meter: Meter;
  topic: string;
  periods: Period[];
  isRange: boolean;
  shape: Shape;
  warn: (answer: Answer) => void;
}

export default function (RED: NodeAPI): void {
  function CemmHistoryNode(this: Node, config: HistoryDef): void {
    RED.nodes.createNode(this, config);
    const warn = unusableWarning(this);
    const answer = async (run: Run): Promise<void> => {
      const shape = formatOf(config);
      const meter = await meterOf(RED, run, config);
      const unit = checkUnit(await run.value(config.period ?? "day", config.periodType));
      const from = { value: config.time, type: config.timeType };
      const to = { value: config.to, type: config.toType };
      const { periods, isRange } = await periodsOf(run, meter.client, unit, from, to);
      const order = { run, meter, topic: config.topic, periods, isRange, shape, warn };
      const samples = config.deliver === "each" ? await deliverEach(RED, order) : await deliverOne(order);
      run.status.answered(run.status.count("samples", samples));
    };
    new FlowNode(RED, this, answer);
  }
  RED.nodes.registerType("cemm-history", CemmHistoryNode);
}

function formatOf({ format = "series" }: HistoryDef): Shape {
  const shape = FORMATS.get(format);
  if (shape) return shape;
  throw new CemmError("CEMM_INPUT", `"${format}" is not a format; use ${[...FORMATS.keys()].join(", ")}.`);
}

/** One message with all that could be had, then one error for what could not. Resolves with the number of samples. */
async function deliverOne({ run, meter, topic, periods, isRange, shape, warn }: Order): Promise<number> {
  const answers: Answer[] = [];
  const failures = await askRange(run, meter, periods, (answer) => {
    warn(answer);
    answers.push(answer);
  });
  const [first, ...more] = answers;
  if (first) {
    const all: Answers = [first, ...more];
    const cemm = { ...originOf(all, meter.device), ...missingNote(failures) };
    const payload = shape(all, meter.device, isRange);
    run.send(Object.assign({}, run.msg, { payload, topic: topicFor(topic, run.msg, cemm), cemm }));
  }
  const failure = failureOf(failures, periods.length);
  if (failure) throw failure;
  return countSamples(answers);
}

/** A message for each period as it comes, then one error for those that failed. Resolves with the number of samples. */
async function deliverEach(RED: NodeAPI, { run, meter, topic, periods, shape, warn }: Order): Promise<number> {
  const id = RED.util.generateId();
  let samples = 0;
  const failures = await askRange(run, meter, periods, (answer, index, failed) => {
    warn(answer);
    samples += countSamples([answer]);
    const cemm = { ...originOf([answer], meter.device), ...missingNote(failed) };
    const payload = shape([answer], meter.device, false);
    // A join node would wait for the ones that failed.
    const complete = failed.length > 0 && index === periods.length - 1 ? { complete: true } : {};
    const changes = { payload, topic: topicFor(topic, run.msg, cemm), cemm, ...complete };
    run.send(partOf(RED, run.msg, changes, { id, type: "array", index, count: periods.length }));
  });
  const failure = failureOf(failures, periods.length);
  if (failure) throw failure;
  return samples;
}

/** Channels of one meter are sampled together: the longest counts. */
function countSamples(answers: readonly Answer[]): number {
  const lengths = answers.map(({ channels }) =>
    Math.max(0, ...Object.values(channels).map(({ samples }) => samples.length)),
  );
  return lengths.reduce((sum, length) => sum + length, 0);
}
