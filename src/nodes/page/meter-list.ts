/** Finds out which meters a CEMM has. */
import { type CemmClient, CemmError, type Meter, type RequestOptions, USUAL_METERS } from "../../lib/internal.js";

export interface MeterList {
  meters: Pick<Meter, "alias" | "type">[];
  /** The CEMM answers, but not with its list: these are the common meters that it has. */
  isRefused: boolean;
}

/**
 * The CEMM's own list. Without one (the cloud lists no aliases, and a CEMM may refuse it), the common meters that
 * answer.
 * @throws CemmError if the CEMM does not answer
 */
export async function listMeters(client: CemmClient, options: RequestOptions): Promise<MeterList> {
  const list = await client.meters(options).catch(refusal);
  const meters = list instanceof CemmError ? [] : list.filter(({ alias }) => alias !== null);
  if (meters.length > 0) return { meters, isRefused: false };
  const usual = await answering(client, options);
  if (list instanceof CemmError && usual.length === 0) throw list;
  return { meters: usual, isRefused: list instanceof CemmError };
}

async function answering(client: CemmClient, options: RequestOptions): Promise<MeterList["meters"]> {
  const found: MeterList["meters"] = [];
  for (const meter of USUAL_METERS) {
    const { alias } = meter;
    if (client.access === "cloud" && !("cloud" in meter)) continue;
    const answer = await probe(client, alias, options).catch(refusal);
    if (!(answer instanceof CemmError)) found.push(answer);
  }
  return found;
}

/** Only the cloud has the type of a single meter. */
async function probe(client: CemmClient, alias: string, options: RequestOptions): Promise<MeterList["meters"][number]> {
  if (client.access === "cloud") return { ...(await client.meter(alias, options)), alias };
  await client.realtime(alias, options);
  return { alias, type: "" };
}

/** Rethrows errors that do not show whether the CEMM is there. */
function refusal(error: unknown): CemmError {
  if (error instanceof CemmError && !isDown(error)) return error;
  throw error;
}

/** Errors of a single request: others may be answered. */
const SINGLE_REQUEST_CODES = new Set([
  "CEMM_ALIAS_UNSUPPORTED",
  "CEMM_NOT_SUPPORTED",
  "CEMM_BAD_RESPONSE",
  "CEMM_GATEWAY",
  "CEMM_HTTP",
]);

/** Whether the CEMM as a whole does not answer. */
export const isDown = ({ code }: CemmError): boolean => !SINGLE_REQUEST_CODES.has(code);
