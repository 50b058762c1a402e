import type { NodeAPI, NodeMessage } from "node-red";
import { type Answer, CemmError, type Channel, type Kind, newestTime } from "../../lib/internal.js";
import type { MeterRef } from "./device-field.js";
import { messageOf } from "./problem.js";

/** A failed period of a range, as `msg.cemm.missing` lists it. */
export interface MissingPeriod {
  period: string;
  start: number;
  end: number;
  code: string;
}

type ChannelNote = Pick<Channel, "name" | "unit" | "stale" | "deviceClass" | "stateClass"> & { time: number | null };

type FromAnswer = "uid" | "source" | "host" | "ioId" | "requestedAt" | "receivedAt" | "age" | "stale" | "period";

/** `msg.cemm`: the origin of a payload and the meaning of its channels. Times are epoch ms. */
export interface Origin extends Pick<Answer, FromAnswer> {
  device: string;
  alias: string | null;
  kind: Kind | "discover";
  time: number | null;
  suspect?: string[];
  /** Seconds between the polls of a node that polls. */
  interval?: number;
  channels: Record<string, ChannelNote>;
  missing?: MissingPeriod[];
}

export type AnswerOrigin = Origin & { kind: Kind };

/** The origin of a payload of one answer. `interval`: ms between polls. */
export function originOf(answer: Answer, device: string, interval?: number): AnswerOrigin {
  const { uid, host, alias, kind, source, ioId, requestedAt, receivedAt, age, stale, suspects, period } = answer;
  return {
    uid,
    device,
    alias,
    kind,
    source,
    ioId,
    requestedAt,
    receivedAt,
    time: newestTime(answer),
    age,
    stale,
    ...(suspects.length > 0 && { suspect: suspects.map(({ channel }) => channel) }),
    ...(interval !== undefined && { interval: interval / 1000 }),
    channels: channelNotes(answer),
    ...(host !== undefined && { host }),
    ...(period && { period }),
  };
}

/** The origin of a payload of several answers: merges the next answer. */
export function joinedOrigin(before: AnswerOrigin, next: AnswerOrigin): AnswerOrigin {
  const { requestedAt, ioId, time, channels, period } = before;
  return {
    ...next,
    requestedAt,
    ioId: ioId ?? next.ioId,
    time: Math.max(time ?? 0, next.time ?? 0) || null,
    channels: joinedNotes(channels, next.channels),
    ...(period && next.period && { period: { ...period, end: next.period.end } }),
  };
}

/** The same for a message with one channel only. A copy, so that changes by one flow do not reach the next. */
export function ofChannel({ channels, ...origin }: Origin, channel: string): Origin {
  const note = channels[channel];
  return { ...structuredClone(origin), channels: note ? { [channel]: note } : {} };
}

function channelNotes({ channels }: Answer): Record<string, ChannelNote> {
  const notes: Record<string, ChannelNote> = {};
  for (const [key, { name, unit, stale, deviceClass, stateClass, samples }] of Object.entries(channels)) {
    notes[key] = { name, unit, time: samples.at(-1)?.time ?? null, stale, deviceClass, stateClass };
  }
  return notes;
}

function joinedNotes(before: Origin["channels"], next: Origin["channels"]): Origin["channels"] {
  const notes = { ...before };
  for (const [key, note] of Object.entries(next)) {
    const known = Object.hasOwn(before, key) ? before[key] : undefined;
    const time = note.time ?? known?.time ?? null;
    // A day that has just begun does not show the unit of its gas; earlier days do.
    notes[key] = { ...(known && note.unit === null ? known : note), time };
  }
  return notes;
}

/** The node's topic, else the incoming one, else the default. */
export function topicFor(topic: string | undefined, msg: NodeMessage, otherwise: string): string {
  return topic || msg.topic || otherwise;
}

/** The default topic of values, availability and errors. `uid`: of the CEMM that answered, if one did. */
export function defaultTopic(
  { deviceKey, device, alias }: Pick<MeterRef, "deviceKey" | "device" | "alias">,
  kind: Kind,
  uid?: string | null,
): string {
  return `cemm/${deviceKey ?? uid ?? (device || "cemm")}/${alias}/${kind}`;
}

interface Parts {
  id: string;
  type: "object" | "array";
  index: number;
  count?: number;
  key?: string;
}

/** A message of a sequence: a copy, so that changes by one flow do not show in the next message or an error. */
export function partOf(RED: NodeAPI, msg: NodeMessage, changes: NodeMessage, parts: Parts): NodeMessage {
  const { payload: _replaced, ...kept } = msg;
  const copy = copying(() => RED.util.cloneMessage(kept));
  // As the core split node does: existing parts are kept, one level down.
  return { ...copy, ...changes, parts: "parts" in copy ? { ...parts, parts: copy.parts } : parts };
}

/** The result of `copy`. @throws CemmError `CEMM_INPUT` if a message cannot be copied */
export function copying<T>(copy: () => T): T {
  try {
    return copy();
  } catch (error) {
    if (error instanceof CemmError) throw error;
    const advice = "Remove what is nested too deeply or is not plain data.";
    throw new CemmError("CEMM_INPUT", `The message cannot be copied: ${messageOf(error)}. ${advice}`);
  }
}
