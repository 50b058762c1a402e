/** Finds a CEMM on the network by discovery, and asks who is there before it is believed. */
import { discover, type SearchOptions, searchNetwork } from "../discovery.js";
import { CemmError } from "../errors.js";
import { onAbort } from "../transport/cancel-token.js";
import type { RequestContext } from "../transport/single-flight.js";
import { identify, type Location } from "./lan-api.js";

/** Addresses that are tried for one MAC address: more than a network holds, less than a flood brings. */
const MAX_CLAIMS = 1000;

/**
 * The CEMM `uid`. Each address that claims to be it is asked: a claim may be forged, or lead nowhere. Ends as soon as
 * the right one has answered.
 * @throws CemmError `CEMM_UNREACHABLE` where it was not found. `name` is the device's, in errors.
 */
export async function searchByUid(
  uid: string,
  name: string,
  options: SearchOptions,
  context: RequestContext,
): Promise<Location> {
  const done = new AbortController();
  const forget = options.signal ? onAbort(options.signal, () => done.abort()) : () => {};
  const claims = new Map<string, Promise<void>>();
  let found: Location | undefined;
  const tryClaim = async (host: string) => {
    const signals = [...context.signals, done.signal];
    const location = await identify(host, `${name} (${host})`, { ...context, signals });
    if (location.uid !== uid) return;
    found ??= location;
    done.abort();
  };
  await searchNetwork({ ...options, signal: done.signal }, (cemm) => {
    if (cemm.uid !== uid || claims.has(cemm.host) || claims.size >= MAX_CLAIMS) return;
    claims.set(
      cemm.host,
      tryClaim(cemm.host).catch(() => {}),
    );
  });
  await Promise.all(claims.values());
  forget();
  if (found) return found;
  throw notFound(name, `The CEMM ${uid} did not answer`);
}

/**
 * The only CEMM on the network.
 * @throws CemmError `CEMM_UNREACHABLE` where there is none, `CEMM_CONFIG` where there are several.
 */
export async function searchOnly(name: string, options: SearchOptions, context: RequestContext): Promise<Location> {
  const [cemm, ...others] = await discover(options);
  if (!cemm) throw notFound(name, "No CEMM answered");
  if (others.length > 0) {
    const names = [cemm, ...others].map(({ uid, host }) => `${uid} at ${host}`).join(", ");
    throw new CemmError(
      "CEMM_CONFIG",
      `${name}: several CEMMs answered: ${names}. Enter the address or the MAC address of the one you mean.`,
    );
  }
  return identify(cemm.host, `${name} (${cemm.host})`, context);
}

function notFound(name: string, what: string): CemmError {
  const hint =
    "It may be off or not connected. Enter its address where a container or another VLAN keeps broadcasts out, or where its core is older than 1.23, which does not answer them.";
  return new CemmError("CEMM_UNREACHABLE", `${name}: ${what} on this network. ${hint}`, { retryable: true });
}
