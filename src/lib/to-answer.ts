import type { Answer } from "./data/answer.js";
import type { Kind } from "./data/channel-table.js";
import type { ReadChannels } from "./data/channels.js";
import { CemmError } from "./errors.js";
import type { RouteResponse } from "./routes/route.js";

export type ReadingResponse = RouteResponse<{ io_id?: number | null | undefined }>;

/**
 * What a route answered, as callers get it; `name` is the CEMM's.
 * @throws CemmError `CEMM_BAD_RESPONSE` where no channel can be used
 */
export function toAnswer(
  kind: Kind,
  alias: string,
  response: ReadingResponse,
  read: ReadChannels,
  name: string,
): Answer {
  const { source, uid, host, requestedAt, receivedAt, raw, body } = response;
  if (!read.usable) {
    throw new CemmError(
      "CEMM_BAD_RESPONSE",
      `${name} (${host ?? uid}) sent no usable channel for "${alias}". Check that this meter is connected and activated.`,
    );
  }
  return {
    kind,
    source,
    uid,
    alias,
    ioId: body.io_id ?? null,
    requestedAt,
    receivedAt,
    age: null,
    stale: false,
    suspects: [],
    channels: read.channels,
    unusable: read.unusable,
    badNames: read.badNames,
    raw,
    ...(host && { host }),
  };
}
