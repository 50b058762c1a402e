/** What a trigger reads of a message: the values of one channel, in any of the formats that the other nodes send. */
import type { NodeMessage } from "node-red";
import { CemmError, describeValue } from "../../lib/internal.js";
import { numberIn, propertyOf, textIn } from "./properties.js";

/** A value as it came. `time` is epoch ms, null where the message has none; `used` is t1 + t2 in kWh. */
export interface Reading {
  time: number | null;
  value: number;
  used: number | null;
}

/** Where a message comes from. */
interface About {
  topic?: string | undefined;
  cemm?: unknown;
}

/** What stands where a value should. */
interface Found {
  value: unknown;
  time?: unknown;
  used?: number | null;
}

/**
 * What a message holds of the channel, in its order; null for an entry that is no new value. Nothing where the message is
 * about another channel. One by one: a year is half a million.
 * @throws CemmError `CEMM_INPUT` where there should be a number.
 */
export function* readingsIn(msg: NodeMessage, channel: string): Generator<Reading | null> {
  const { payload, cemm } = msg;
  const key = propertyOf(msg.parts, "key");
  if ((key !== undefined && key !== channel) || isOutOfUse(cemm, channel)) return;
  const isPart = key === channel && propertyOf(payload, "value") !== undefined;
  const areCountersSuspect = isSuspect(cemm, "t1") || isSuspect(cemm, "t2");
  let count = 0;
  for (const { value, time, used = null } of isPart ? [measured(payload)] : foundIn(payload, channel)) {
    count++;
    if (value === null && isObject(cemm)) yield null;
    else if (typeof value !== "number" || !Number.isFinite(value)) throw missing(msg, channel);
    else yield { value, time: instantOf(time) ?? timeIn(msg, channel), used: areCountersSuspect ? null : used };
  }
  if (count === 0 && !isKnown(msg, channel)) throw missing(msg, channel);
}

/** A value that was measured long ago, or that its meter cannot have measured, switches nothing. */
function isOutOfUse(cemm: unknown, channel: string): boolean {
  const isStale = propertyOf(noteOf(cemm, channel), "stale") ?? propertyOf(cemm, "stale");
  return isStale === true || isSuspect(cemm, channel);
}

function isSuspect(cemm: unknown, channel: string): boolean {
  const suspect = propertyOf(cemm, "suspect");
  return Array.isArray(suspect) && suspect.includes(channel);
}

/** Which meter a message is about: a state is kept for each. */
export function meterKey({ cemm }: About): string {
  if (!isObject(cemm)) return "";
  return `${textIn(cemm, "uid") || textIn(cemm, "host")}/${textIn(cemm, "alias")}`;
}

/** The node's topic, else the message's, else one made of where the value came from. */
export function topicFor(own: string | undefined, msg: About): { topic?: string } {
  const { topic, cemm } = msg;
  if (own || topic || !isObject(cemm)) return own || topic ? { topic: own || topic || "" } : {};
  return { topic: `cemm/${meterKey(msg)}/${textIn(cemm, "kind")}` };
}

/** The unit of the channel, where the message has it. */
export function unitIn({ cemm }: NodeMessage, channel: string): string {
  return textIn(noteOf(cemm, channel), "unit");
}

function* foundIn(payload: unknown, channel: string): Generator<Found> {
  if (Array.isArray(payload)) {
    for (const item of payload) yield* itemOf(item, channel);
    return;
  }
  const entry = propertyOf(payload, channel);
  if (!isObject(payload)) yield { value: payload };
  // A history's series.
  else if (Array.isArray(entry)) for (const sample of entry) yield measured(sample);
  else yield { ...(isObject(entry) ? measured(entry) : { value: entry }), used: usedIn(payload) };
}

/** One of a list: a point for InfluxDB, a history's point, or its row. */
function itemOf(item: unknown, channel: string): Found[] {
  const fields = propertyOf(item, "fields");
  const time = propertyOf(item, "timestamp") ?? propertyOf(item, "time");
  const name = propertyOf(item, "channel");
  if (name !== undefined) return name === channel ? [measured(item)] : [];
  const values = fields ?? item;
  const value = propertyOf(values, channel);
  return value === undefined ? [] : [{ value, time, used: usedIn(values) }];
}

function measured(entry: unknown): Found {
  return { value: propertyOf(entry, "value"), time: propertyOf(entry, "time") };
}

/** The two registers of used energy, kWh. */
function usedIn(values: unknown): number | null {
  const [low, high] = [numberIn(values, "t1"), numberIn(values, "t2")];
  return low === undefined || high === undefined ? null : low + high;
}

function timeIn({ cemm }: NodeMessage, channel: string): number | null {
  const times = [propertyOf(noteOf(cemm, channel), "time"), propertyOf(cemm, "time"), propertyOf(cemm, "receivedAt")];
  return times.map(instantOf).find((time) => time !== null) ?? null;
}

/** Points for InfluxDB leave out what has no value: that the CEMM has the channel shows in its note. */
function isKnown({ cemm, payload }: NodeMessage, channel: string): boolean {
  return isObject(cemm) && (noteOf(cemm, channel) !== undefined || (Array.isArray(payload) && payload.length === 0));
}

function noteOf(cemm: unknown, channel: string): unknown {
  return propertyOf(propertyOf(cemm, "channels"), channel);
}

/** Epoch ms from a number or a Date, which may be of another realm. */
function instantOf(time: unknown): number | null {
  const instant = isObject(time) ? Number(time) : time;
  return typeof instant === "number" && Number.isFinite(instant) ? instant : null;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function missing({ payload, cemm }: NodeMessage, channel: string): CemmError {
  const from = textIn(cemm, "device") || textIn(cemm, "uid");
  const given = isObject(payload)
    ? `has ${Object.keys(payload).slice(0, 10).join(", ") || "nothing"}`
    : `is ${describeValue(payload)}`;
  return new CemmError(
    "CEMM_INPUT",
    `There is no number for "${channel}"${from ? ` from ${from}` : ""}: the payload ${given}. Choose a channel that it has, or send a number.`,
  );
}
