/** What a flow can see of an answer: `msg.error` of a catch node, `msg.status` of a status node, `msg.cemm`. */
import type { NodeMessage, NodeStatus } from "node-red";
import { z } from "zod";

/** What a status node sends. */
export const WithStatus = z.object({
  status: z.object({
    fill: z.enum(["red", "green", "yellow", "blue", "grey"]).optional(),
    shape: z.enum(["ring", "dot"]).optional(),
    text: z.string().optional(),
  }),
});

const CaughtError = z.object({
  message: z.string(),
  code: z.string().optional(),
  cause: z.unknown().optional(),
});
export type CaughtError = z.infer<typeof CaughtError>;

export function errorOf(caught: NodeMessage): CaughtError {
  return CaughtError.parse(caught.error);
}

const Instant = z.number().int().positive();
const Channel = z.strictObject({
  name: z.string(),
  unit: z.string().nullable(),
  time: Instant.nullable(),
  stale: z.boolean(),
  deviceClass: z.string().nullable(),
  stateClass: z.string().nullable(),
});

/** `msg.cemm` as documented, without other properties. */
const Origin = z.strictObject({
  uid: z.string().nullable(),
  device: z.string(),
  alias: z.string().nullable(),
  kind: z.enum(["realtime", "totals", "day", "month", "year", "discover"]),
  source: z.enum(["lan", "cloud"]),
  host: z.string().optional(),
  ioId: z.number().int().nullable(),
  requestedAt: Instant,
  receivedAt: Instant,
  time: Instant.nullable(),
  age: z.number().int().nullable(),
  stale: z.boolean(),
  suspect: z.array(z.string()).optional(),
  interval: z.number().positive().optional(),
  channels: z.record(z.string(), Channel),
  period: z
    .strictObject({ unit: z.enum(["day", "month", "year"]), start: Instant, end: Instant, timezone: z.string() })
    .optional(),
  missing: z.array(z.strictObject({ period: z.string(), start: Instant, end: Instant, code: z.string() })).optional(),
});
export type Origin = z.infer<typeof Origin>;

export function originOf(msg: NodeMessage): Origin {
  return Origin.parse(msg.cemm);
}

export function statusLine({ fill, shape, text }: NodeStatus): string {
  return `${fill} ${shape} ${text?.replace("node-red-contrib-cemm/cemm-device:status.", "")}`;
}
