import type { Node, NodeAPI } from "node-red";
import type { RouteName } from "../../lib/internal.js";
import { deviceName } from "./config-nodes.js";
import type { FlowNode } from "./flow-node.js";
import { Poller } from "./poller.js";
import { Problem } from "./problem.js";

export function startPoller(
  RED: NodeAPI,
  node: Node,
  device: string,
  flowNode: Pick<FlowNode<RouteName>, "poll" | "closing">,
  { topic, ...pace }: { interval: number; route: RouteName; topic: () => string },
): Poller {
  const poller = new Poller({
    ...pace,
    poll: () => flowNode.poll(),
    onOutage: (error) => node.error(new Problem(error), { _msgid: RED.util.generateId(), topic: topic() }),
    onRecovery: ({ ms, polls }) =>
      node.log(
        `${deviceName(RED, device)}: answers again after ${Math.round(ms / 1000)} s and ${polls} failed ${polls === 1 ? "poll" : "polls"}`,
      ),
  });
  poller.run(flowNode.closing).catch((error) => node.error(new Problem(error)));
  return poller;
}

/** Milliseconds between polls; undefined for a node that only answers messages. `label`: the CEMM's, for log lines. */
export function intervalOf(
  node: Node,
  label: string,
  repeat: string | number | undefined,
  min: number,
): number | undefined {
  const interval = Number(repeat || 0) * 1000;
  if (interval === 0) return undefined;
  if (!(interval > 0)) {
    node.warn(`${label}: Ask every: "${repeat}" is not a number of seconds. This node only answers messages.`);
    return undefined;
  }
  if (interval < min) node.warn(`${label}: Ask every: ${repeat} s is too often. It is asked every ${min / 1000} s.`);
  return Math.max(interval, min);
}
