import type { Node, NodeAPI } from "node-red";
import { type Answer, CemmError, describeValue, LIMITS, type RouteName, rounded } from "../../lib/internal.js";
import { AnswerCheck } from "../shared/answer-check.js";
import { Availability } from "../shared/availability.js";
import { Changes } from "../shared/changes.js";
import { deviceName, firstRoute } from "../shared/config-nodes.js";
import { type MeterRef, meterOf } from "../shared/device-field.js";
import { FlowNode, type Run } from "../shared/flow-node.js";
import { defaultTopic } from "../shared/message.js";
import { minInterval } from "../shared/poller.js";
import { intervalOf, startPoller } from "../shared/polling.js";
import { readingText } from "../shared/reading-text.js";
import { type ReadingDef, readingSender } from "../shared/readings.js";

interface RealtimeDef extends ReadingDef {
  repeat?: string | number;
  availability?: boolean;
  onlyChanges?: boolean;
  deadBand?: string | number;
  decimals?: string | number;
}

export default function (RED: NodeAPI): void {
  function CemmRealtimeNode(this: Node, config: RealtimeDef): void {
    RED.nodes.createNode(this, config);
    const check = new AnswerCheck(this);
    const availability = config.availability
      ? new Availability(config.topic, (msg) => this.send([null, msg]))
      : undefined;
    const changes = config.onlyChanges ? new Changes(Number(config.deadBand || 0)) : undefined;
    // The topic of the last request: errors while polling use the topic of the values.
    let topic = config.topic;
    const answer = async (run: Run): Promise<RouteName> => {
      checkDeadBand(config);
      const decimals = decimalsOf(config);
      const send = readingSender(RED, config, { interval, changes });
      const meter = await meterOf(RED, run, config);
      topic ||= defaultTopic(meter, "realtime");
      const reading = await ask(run, meter, check, availability);
      topic = config.topic || defaultTopic(meter, "realtime", reading.uid);
      send(run, decimals === undefined ? reading : rounded(reading, decimals), meter);
      run.status.reading(readingText(reading));
      return reading.source;
    };
    const route = firstRoute(RED, config.device);
    const interval = intervalOf(this, deviceName(RED, config.device), config.repeat, minInterval(route));
    const isPolling = interval !== undefined;
    const flowNode = new FlowNode(RED, this, answer, { isPolling, onAnswered: () => poller?.resume() });
    const poller = isPolling
      ? startPoller(RED, this, config.device, flowNode, { interval, route, topic: () => topic })
      : undefined;
  }
  RED.nodes.registerType("cemm-realtime", CemmRealtimeNode);
}

/** @throws CemmError `CEMM_INPUT` */
function checkDeadBand({ onlyChanges, deadBand }: RealtimeDef): void {
  const band = Number(deadBand || 0);
  if (!onlyChanges || (band >= 0 && band < Number.POSITIVE_INFINITY)) return;
  throw new CemmError("CEMM_INPUT", `Dead band: ${describeValue(deadBand)} is not a number of 0 or more.`);
}

/** Undefined: as measured. @throws CemmError `CEMM_INPUT` */
function decimalsOf({ decimals = "" }: RealtimeDef): number | undefined {
  if (String(decimals).trim() === "") return undefined;
  const { min, max } = LIMITS.decimals;
  const count = Number(decimals);
  if (Number.isInteger(count) && count >= min && count <= max) return count;
  throw new CemmError(
    "CEMM_INPUT",
    `Decimals: ${describeValue(decimals)} is not a whole number from ${min} to ${max}.`,
  );
}

/** Asks for the live values. Availability is sent before them, or before the error. */
async function ask(
  { options }: Run,
  meter: MeterRef,
  check: AnswerCheck,
  availability: Availability | undefined,
): Promise<Answer> {
  const isStopped = () => options.signal.aborted;
  try {
    const reading = await meter.client.realtime(meter.alias, options);
    check.check(reading, meter);
    if (!isStopped()) availability?.answered(meter, reading);
    return reading;
  } catch (error) {
    if (!isStopped()) availability?.failed(meter, error);
    throw error;
  }
}
