/** The LAN API of a CEMM: its addresses, and who answers there. */
import { z } from "zod";
import { type CemmIdentity, readIdentity } from "../data/identity.js";
import { Cemm3Info } from "../data/schemas.js";
import { CemmError } from "../errors.js";
import { type Address, lanDispatcher } from "../transport/http.js";
import type { RequestContext } from "../transport/single-flight.js";
import { LAN_STATUSES } from "../transport/status-failure.js";
import { Transport } from "../transport/transport.js";

/** One for the whole process: a CEMM serves one connection at a time, whoever asks. */
export const lanTransport = new Transport({
  dispatcher: lanDispatcher,
  concurrency: 1,
  retries: 1,
  statuses: LAN_STATUSES,
});

/** Where a device is, and who it has said that it is. */
export interface Location extends CemmIdentity {
  host: string;
}

/** An address of the LAN API. */
export function addressAt(host: string, path: string): Address {
  return { origin: `http://${host}`, path: `/open-api/v1/${path}` };
}

/**
 * Who answers at `host`; `peer` names it in errors.
 * @throws CemmError `CEMM_NOT_SUPPORTED` for a CEMM 3.0, or the failure of the request.
 */
export async function identify(host: string, peer: string, context: RequestContext): Promise<Location> {
  try {
    const { raw } = await lanTransport.get(addressAt(host, ""), z.unknown(), peer, context);
    return { host, ...readIdentity(raw) };
  } catch (error) {
    if (!(error instanceof CemmError && error.statusCode === 404)) throw error;
    await refuseCemm3(host, peer, context);
    return { host, isCemm: false, uid: null };
  }
}

/** Its API is another. */
async function refuseCemm3(host: string, peer: string, context: RequestContext): Promise<void> {
  const address = { origin: `http://${host}`, path: "/api/v1/public/cemm" };
  const successor = await lanTransport.get(address, Cemm3Info, peer, context).catch(() => undefined);
  if (successor) {
    throw new CemmError(
      "CEMM_NOT_SUPPORTED",
      `${peer} is a CEMM 3.0, which has a different API. This package is for CEMM Basic and Plus.`,
    );
  }
}
