import type { Node, NodeAPI, NodeMessage } from "node-red";
import { type Answer, type Collector, checkUnit, collect, type Period, type PeriodUnit } from "../../lib/internal.js";
import { AnswerCheck } from "../shared/answer-check.js";
import { type MeterDef, type MeterRef, meterOf } from "../shared/device-field.js";
import { field, formatOf, inField, requireValue } from "../shared/field.js";
import { FlowNode, type Run } from "../shared/flow-node.js";
import { contentOf, HISTORY_FORMATS } from "../shared/formats.js";
import { type AnswerOrigin, defaultTopic, joinedOrigin, originOf, partOf, topicFor } from "../shared/message.js";
import { MessageSize } from "../shared/message-size.js";
import { type FailedPeriod, missingNote, readRange, throwFailed } from "../shared/range.js";
import { periodsOf } from "../shared/time-field.js";

interface HistoryDef extends MeterDef {
  period?: string;
  periodType?: string;
  time?: string;
  timeType?: string;
  to?: string;
  toType?: string;
  format?: string;
  deliver?: string;
}

interface HistoryRequest {
  run: Run;
  meter: MeterRef;
  topic: string;
  periods: Period[];
  isRange: boolean;
  format: string;
  collector: (isRange: boolean) => Collector<unknown>;
  check: AnswerCheck;
}

export default function (RED: NodeAPI): void {
  function CemmHistoryNode(this: Node, config: HistoryDef): void {
    RED.nodes.createNode(this, config);
    const check = new AnswerCheck(this);
    const answer = async (run: Run): Promise<void> => {
      const { format = "series" } = config;
      const collector = formatOf(HISTORY_FORMATS, format);
      const meter = await meterOf(RED, run, config);
      const unit = await askedUnit(run, config);
      const from = field("From", config.time, config.timeType ?? "now");
      const to = field("To", config.to, config.toType ?? "none");
      const { periods, isRange } = await periodsOf(run, meter.client, unit, from, to);
      const request = { run, meter, topic: config.topic, periods, isRange, format, collector, check };
      const samples = config.deliver === "each" ? await deliverEach(RED, request) : await deliverOne(request);
      run.status.answered(run.status.count("samples", samples));
    };
    new FlowNode(RED, this, answer);
  }
  RED.nodes.registerType("cemm-history", CemmHistoryNode);
}

async function askedUnit(run: Run, { period = "day", periodType }: HistoryDef): Promise<PeriodUnit> {
  const unit = field("Period", period, periodType);
  const value = requireValue(unit, await run.value(unit));
  return inField(unit, () => checkUnit(value));
}

/** Sends one message with all periods that were read. Both resolve with the number of samples. */
async function deliverOne(request: HistoryRequest): Promise<number> {
  const { run, meter, periods, isRange, check } = request;
  const collector = request.collector(isRange);
  const size = new MessageSize(collector);
  let origin: AnswerOrigin | undefined;
  let samples = 0;
  const failed = await readRange(run, meter, periods, (answer, index) => {
    check.check(answer, meter);
    collector.add(answer);
    size.check(periods.length - index - 1);
    const next = originOf(answer, meter.device);
    origin = origin ? joinedOrigin(origin, next) : next;
    samples += countSamples(answer);
  });
  if (origin) {
    run.send({ ...run.msg, ...changesFor(request, collector.payload(), { ...origin, ...missingNote(failed) }) });
  }
  throwFailed(failed, periods.length);
  return samples;
}

/** Sends a message for each period, each only when it is known whether it is the last one, which is marked. */
async function deliverEach(RED: NodeAPI, request: HistoryRequest): Promise<number> {
  const { run, meter, periods, check } = request;
  const id = RED.util.generateId();
  let samples = 0;
  let send: ((failed: readonly FailedPeriod[], isLast: boolean) => void) | undefined;
  const failed = await readRange(run, meter, periods, (answer, index, failed) => {
    check.check(answer, meter);
    samples += countSamples(answer);
    send?.(failed, false);
    send = (failed, isLast) => sendPart(RED, request, { id, index }, answer, failed, isLast);
  });
  send?.(failed, true);
  throwFailed(failed, periods.length);
  return samples;
}

function sendPart(
  RED: NodeAPI,
  request: HistoryRequest,
  part: { id: string; index: number },
  answer: Answer,
  failed: readonly FailedPeriod[],
  isLast: boolean,
): void {
  const { run, meter, periods, collector } = request;
  const made = collect(collector(false), [answer]);
  const cemm = { ...originOf(answer, meter.device), ...missingNote(failed) };
  // Otherwise a join node would wait for the failed periods.
  const complete = isLast && failed.length > 0 ? { complete: true } : {};
  const changes = { ...changesFor(request, made, cemm), ...complete };
  run.send(partOf(RED, run.msg, changes, { ...part, type: "array", count: periods.length }));
}

function changesFor({ run, meter, topic, format }: HistoryRequest, made: unknown, cemm: AnswerOrigin): NodeMessage {
  const otherwise = defaultTopic(meter, cemm.kind, cemm.uid);
  return { ...contentOf(format, made), topic: topicFor(topic, run.msg, otherwise), cemm };
}

/** Channels of one meter are sampled together, so the longest one gives the number. */
function countSamples({ channels }: Answer): number {
  return Math.max(0, ...Object.values(channels).map(({ samples }) => samples.length));
}
