/** How answers become messages. */
import type { NodeAPI, NodeMessage } from "node-red";
import { type Answer, type Kind, newestTime, type Period, type RouteName } from "../../lib/index.js";

/** A failed period of a range, as `msg.cemm.missing` lists it. */
export interface MissingPeriod {
  period: string;
  start: number;
  end: number;
  code: string;
}

interface ChannelNote {
  name: string;
  unit: string | null;
  time: number | null;
  deviceClass: string | null;
  stateClass: string | null;
}

/** `msg.cemm`: where a payload comes from and what its channels mean. Times are epoch ms. */
export interface Origin {
  uid: string | null;
  device: string;
  alias: string | null;
  kind: Kind | "discover";
  source: RouteName;
  host?: string;
  ioId: number | null;
  requestedAt: number;
  receivedAt: number;
  time: number | null;
  age: number | null;
  stale: boolean;
  suspect?: string[];
  channels: Record<string, ChannelNote>;
  period?: Period;
  missing?: MissingPeriod[];
}

/** The origin of a payload that was made of these answers, oldest first; there must be one at least. */
export function originOf(answers: readonly [Answer, ...Answer[]], device: string): Origin {
  const [first] = answers;
  const last = answers[answers.length - 1] ?? first;
  const { uid, host, alias, kind, source, receivedAt } = last;
  const ioId = answers.find((answer) => answer.ioId !== null)?.ioId ?? null;
  return {
    uid,
    device,
    alias,
    kind,
    source,
    ioId,
    requestedAt: first.requestedAt,
    receivedAt,
    time: newestTime(answers),
    age: last.age,
    stale: last.stale,
    ...(last.suspects.length > 0 && { suspect: last.suspects.map(({ channel }) => channel) }),
    channels: channelNotes(answers),
    ...(host !== undefined && { host }),
    ...(first.period && last.period && { period: { ...first.period, end: last.period.end } }),
  };
}

/** The same for a message with one channel only. Its own copy: what one flow changes, the next must not see. */
export function ofChannel({ channels, ...origin }: Origin, channel: string): Origin {
  const note = channels[channel];
  return { ...structuredClone(origin), channels: note ? { [channel]: note } : {} };
}

function channelNotes(answers: readonly Answer[]): Record<string, ChannelNote> {
  const notes: Record<string, ChannelNote> = {};
  for (const { channels } of answers) {
    for (const [key, { name, unit, deviceClass, stateClass, samples }] of Object.entries(channels)) {
      const before = notes[key];
      const time = samples.at(-1)?.time ?? before?.time ?? null;
      // A day that has only begun does not tell the unit of its gas: the days before it do.
      notes[key] = before && unit === null ? { ...before, time } : { name, unit, time, deviceClass, stateClass };
    }
  }
  return notes;
}

/** The node's topic, else the incoming one, else `cemm/<uid or host>/<alias>/<kind>`. */
export function topicFor(topic: string | undefined, msg: NodeMessage, { uid, host, alias, kind }: Origin): string {
  if (topic) return topic;
  if (msg.topic) return msg.topic;
  return kind === "discover" ? "cemm/discover" : `cemm/${uid ?? host}/${alias}/${kind}`;
}

interface Parts {
  id: string;
  type: "object" | "array";
  index: number;
  count?: number;
  key?: string;
}

/**
 * A message of a sequence, with the parts that the core split and join nodes use. It is a copy: what one flow
 * changes in its message, neither the next message nor a later error may show.
 */
export function partOf(RED: NodeAPI, msg: NodeMessage, changes: NodeMessage, parts: Parts): NodeMessage {
  const { payload: _replaced, ...kept } = msg;
  const copy = RED.util.cloneMessage(kept);
  // As the core split node does: what was split before is kept, one level down.
  return { ...copy, ...changes, parts: "parts" in copy ? { ...parts, parts: copy.parts } : parts };
}
