/**
 * The bodies of answers, as the CEMM's interface pages describe them and as real devices answer. Pairs are checked one
 * by one in `channels.ts`, so that a broken one does not affect the others.
 * @module
 */
import { z } from "zod";
import { LIMITS } from "./limits-table.js";
import { cleanText } from "./text.js";

// The LAN's history gives io_id as a string ("88"), the cloud as a number.
const IoId = z.coerce.number().int();

const isRecord = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A text from a device, made safe to show, log and pass on. */
const Text = z.string().transform(cleanText);

// Not a record schema, which copies each channel.
const Pairs = z.custom<Record<string, unknown>>(
  (pairs) => isRecord(pairs) && Object.keys(pairs).length <= LIMITS.channels,
  { error: ({ input }) => (isRecord(input) ? `more than ${LIMITS.channels} channels` : "") },
);

/** A list of these, counted first, because a schema collects an issue for each invalid entry. */
const listOf = <Entry extends z.ZodType>(entry: Entry) =>
  z
    .custom<z.input<Entry>[]>((list) => Array.isArray(list) && list.length <= LIMITS.listEntries, {
      error: ({ input }) => (Array.isArray(input) ? `more than ${LIMITS.listEntries} entries` : ""),
    })
    .pipe(z.array(entry));

/** `GET cemm/`: the CEMMs of an account. */
export const CemmList = z.object({ data: listOf(z.object({ uid: Text })) });
export type CemmList = z.infer<typeof CemmList>;

/** `GET io/`, `GET cemm/<uid>/io/`, `GET cemm/<uid>/<alias>/`: activated inputs and outputs. Only the LAN names the `alias`. */
export const IoList = z.object({
  data: listOf(
    z.object({
      io_id: IoId,
      port: z.coerce.number().nullish(),
      type: Text,
      port_option: Text.nullish(),
      full_id: z.coerce.number().nullish(),
      alias: Text.nullish(),
    }),
  ),
});
export type IoList = z.infer<typeof IoList>;

/** `GET /open-api/v1/` on the LAN. */
export const DeviceInfo = z.object({
  data: z.object({
    mac: Text,
    name: Text.nullish(),
    type: Text.nullish(),
    version: Text.nullish(),
    core: Text.nullish(),
  }),
});
export type DeviceInfo = z.infer<typeof DeviceInfo>;

/** `…/<alias>/realtime/` and `…/<alias>/totals/`: one `[time, value]` pair for each channel. */
export const Readings = z.object({
  io_id: IoId.nullish().catch(null),
  time: z.unknown().optional(),
  data: Pairs,
  // Only the LAN's realtime answer has these, and the vendor's page does not show them.
  totals: z.preprocess((totals) => (isRecord(totals) ? totals : undefined), Pairs.optional()),
});
export type Readings = z.infer<typeof Readings>;

/** `…/<alias>/data/<day|month|year>/`: a list of `[time, value]` pairs for each channel, newest first. */
export const History = z.object({
  io_id: IoId.nullish().catch(null),
  time: z.unknown().optional(),
  data: Pairs,
});
export type History = z.infer<typeof History>;

/** A 202, or any 2xx body with this shape: the CEMM is being asked; send the same request again. */
export const ApiPromise = z.object({ promise: z.string() });
export type ApiPromise = z.infer<typeof ApiPromise>;

/** The UDP answer to `cemm_query`. A simulator, or a CEMM behind another port than 80, adds `port`. */
export const DiscoveryAnswer = z.object({
  mac: Text,
  ip: Text.nullish().catch(null),
  version: Text.nullish().catch(null),
  type: Text.nullish().catch(null),
  init_state: z.number().nullish().catch(null),
  port: z.int().min(1).max(65535).optional().catch(undefined),
});
export type DiscoveryAnswer = z.infer<typeof DiscoveryAnswer>;

/** `/api/v1/public/cemm` of a CEMM 3.0, which this package recognises and rejects. */
export const Cemm3Info = z.object({ id: z.unknown(), mac: z.string(), modules: z.unknown() });
export type Cemm3Info = z.infer<typeof Cemm3Info>;
