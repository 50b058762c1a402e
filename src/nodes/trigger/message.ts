/** Parses a message: the values of one channel, in any format of the other nodes. */
import type { NodeMessage } from "node-red";
import { CemmError, describeValue } from "../../lib/internal.js";
import { numberIn, propertyOf, textIn } from "./properties.js";

/** A received value. `time` is epoch ms, null if the message has none; `used` is t1 + t2 in kWh. */
export interface Reading {
  time: number | null;
  value: number;
  used: number | null;
}

interface About {
  topic?: string | undefined;
  cemm?: unknown;
}

interface Found {
  value: unknown;
  time?: unknown;
  used?: number | null;
}

/**
 * The values of the channel in a message, in order; null for an entry without a new value. A generator, since a year
 * has half a million. @throws CemmError `CEMM_INPUT` for anything else that is not a number.
 */
export function* readingsIn(msg: NodeMessage, channel: string): Generator<Reading | null> {
  const { payload, cemm } = msg;
  const key = propertyOf(msg.parts, "key");
  if ((key !== undefined && key !== channel) || isIgnored(cemm, channel)) return;
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

/** Stale and suspect values do not switch. */
function isIgnored(cemm: unknown, channel: string): boolean {
  const isStale = propertyOf(noteOf(cemm, channel), "stale") ?? propertyOf(cemm, "stale");
  return isStale === true || isSuspect(cemm, channel);
}

function isSuspect(cemm: unknown, channel: string): boolean {
  const suspect = propertyOf(cemm, "suspect");
  return Array.isArray(suspect) && suspect.includes(channel);
}

/** The meter of a message: each has its own state. */
export function meterKey({ cemm }: About): string {
  if (!isObject(cemm)) return "";
  return `${textIn(cemm, "uid") || textIn(cemm, "host")}/${textIn(cemm, "alias")}`;
}

/** The node's topic, else the message's, else one from the source of the value. */
export function topicOf(own: string | undefined, msg: About): string | undefined {
  const { topic, cemm } = msg;
  return own || topic || (isObject(cemm) ? `cemm/${meterKey(msg)}/${textIn(cemm, "kind")}` : undefined);
}

/** The unit of the channel, if the message has it. */
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
  // A series of CEMM history.
  else if (Array.isArray(entry)) for (const sample of entry) yield measured(sample);
  else yield { ...(isObject(entry) ? measured(entry) : { value: entry }), used: usedIn(payload) };
}

/** An entry of a list: an InfluxDB point, or a point or row of CEMM history. */
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

/** The two import registers, kWh. */
function usedIn(values: unknown): number | null {
  const [low, high] = [numberIn(values, "t1"), numberIn(values, "t2")];
  return low === undefined || high === undefined ? null : low + high;
}

function timeIn({ cemm }: NodeMessage, channel: string): number | null {
  const times = [propertyOf(noteOf(cemm, channel), "time"), propertyOf(cemm, "time"), propertyOf(cemm, "receivedAt")];
  return times.map(instantOf).find((time) => time !== null) ?? null;
}

/** Points for InfluxDB lack channels without a value; `msg.cemm` shows whether the CEMM has the channel. */
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
  const source = textIn(cemm, "device") || textIn(cemm, "uid");
  const given = isObject(payload)
    ? `has ${Object.keys(payload).slice(0, 10).join(", ") || "nothing"}`
    : `is ${describeValue(payload)}`;
  return new CemmError(
    "CEMM_INPUT",
    `There is no number for "${channel}"${source ? ` from ${source}` : ""}: the payload ${given}. Choose a channel that it has, or send a number.`,
  );
}
