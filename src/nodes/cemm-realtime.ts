import type { Node, NodeAPI } from "node-red";
import type { RouteName } from "../lib/index.js";
import { firstRoute } from "./runtime/config-nodes.js";
import { meterOf } from "./runtime/device-field.js";
import { FlowNode, type Run } from "./runtime/flow-node.js";
import { MIN_INTERVAL, Poller } from "./runtime/poller.js";
import { readingText } from "./runtime/reading-text.js";
import { type ReadingDef, readingSender, unusableWarning } from "./runtime/readings.js";

interface RealtimeDef extends ReadingDef {
  repeat?: string | number;
}

export default function (RED: NodeAPI): void {
  function CemmRealtimeNode(this: Node, config: RealtimeDef): void {
    RED.nodes.createNode(this, config);
    const warn = unusableWarning(this);
    const answer = async (run: Run): Promise<RouteName> => {
      const send = readingSender(RED, config);
      const { client, device, alias } = await meterOf(RED, run, config);
      const reading = await client.realtime(alias, run.options);
      warn(reading);
      send(run, reading, device);
      run.status.answered(readingText(reading));
      return reading.source;
    };
    const route = firstRoute(RED, config.device);
    const interval = intervalOf(this, config.repeat, MIN_INTERVAL[route]);
    const isPolling = interval !== undefined;
    const flowNode = new FlowNode(RED, this, answer, { isPolling, onAnswered: () => poller?.resume() });
    const poller = isPolling ? startPoller(RED, this, flowNode, interval, route) : undefined;
  }
  RED.nodes.registerType("cemm-realtime", CemmRealtimeNode);
}

function startPoller(
  RED: NodeAPI,
  node: Node,
  flowNode: FlowNode<RouteName>,
  interval: number,
  route: RouteName,
): Poller {
  const poller = new Poller({
    interval,
    route,
    poll: () => flowNode.poll(),
    onOutage: (error) => node.error(error, { _msgid: RED.util.generateId() }),
    onRecovery: ({ ms, polls }) => node.log(`answers again after ${Math.round(ms / 1000)} s and ${polls} failed polls`),
  });
  poller.run(flowNode.closing).catch((error) => node.error(error));
  return poller;
}

/** Milliseconds between polls; undefined for a node that only answers messages. */
function intervalOf(node: Node, repeat: string | number | undefined, least: number): number | undefined {
  const interval = Number(repeat || 0) * 1000;
  if (interval === 0) return undefined;
  if (!(interval > 0)) {
    node.warn(`The interval "${repeat}" is not a number of seconds: this node asks on input only.`);
    return undefined;
  }
  if (interval < least)
    node.warn(`An interval of ${repeat} s is too short for a CEMM: it is asked every ${least / 1000} s.`);
  return Math.max(interval, least);
}
