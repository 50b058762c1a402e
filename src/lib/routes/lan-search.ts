/** Finds a CEMM on the network by discovery, and asks who is there before it is believed. */
import { type DiscoverOptions, discover, type SearchOptions, searchNetwork } from "../discovery.js";
import { CemmError } from "../errors.js";
import { onAbort } from "../transport/cancel-token.js";
import { type RequestContext, SingleFlight } from "../transport/single-flight.js";
import { identify, type Location } from "./lan-api.js";

/** How long a search may take, in ms. It ends as soon as the wanted CEMM has answered. */
const SEARCH = 3_000;
/** Between two searches for a CEMM that does not answer, in ms. */
const PAUSE = 15_000;
/** Addresses that are tried for one MAC address: more than a network holds, less than a flood brings. */
const MAX_CLAIMS = 2000;

export interface LanSearchOptions {
  /** The device's, in errors. */
  name: string;
  /** Undefined: the only CEMM on the network. */
  uid?: string | undefined;
  discovery?: Pick<DiscoverOptions, "broadcast" | "port"> | undefined;
}

/** Searches for one CEMM: one search at a time, for all who ask, and a pause between two. */
export class LanSearch {
  readonly #options: LanSearchOptions;
  readonly #searches = new SingleFlight<Location>();
  #allowedFrom = Number.NEGATIVE_INFINITY;

  constructor(options: LanSearchOptions) {
    this.#options = options;
  }

  get isAllowed(): boolean {
    return performance.now() >= this.#allowedFrom;
  }

  /** Where it is, as it has just confirmed itself. @throws CemmError, or DeadlineExpired */
  run(context: RequestContext): Promise<Location> {
    return this.#searches.do("", context, async (call) => {
      try {
        return await this.#search(call.context());
      } finally {
        this.#allowedFrom = performance.now() + PAUSE;
      }
    });
  }

  #search(context: RequestContext): Promise<Location> {
    const { uid, name, discovery } = this.#options;
    // What was found has to be asked, too.
    const timeout = Math.max(1, Math.min(SEARCH, context.deadline.answerTime / 2));
    const [signal] = context.signals;
    context.deadline.start();
    const options = { ...discovery, timeout, ...(signal && { signal }) };
    return uid ? searchByUid(uid, name, options, context) : searchOnly(name, options, context);
  }
}

/**
 * The CEMM `uid`. Each address that claims to be it is asked: a claim may be forged, or lead nowhere. Ends as soon as
 * the right one has answered.
 * @throws CemmError `CEMM_UNREACHABLE` where it was not found. `name` is the device's, in errors.
 */
async function searchByUid(
  uid: string,
  name: string,
  options: SearchOptions & { timeout: number },
  context: RequestContext,
): Promise<Location> {
  const done = new AbortController();
  const forget = options.signal ? onAbort(options.signal, () => done.abort()) : () => {};
  const claims = new Map<string, Promise<void>>();
  let found: Location | undefined;
  const tryClaim = async (host: string) => {
    const signals = [...context.signals, done.signal];
    // Who claims, and is silent then, must not cost the time of who asks.
    const deadline = context.deadline.part(options.timeout);
    const location = await identify(host, `${name} (${host})`, { deadline, signals });
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
async function searchOnly(name: string, options: SearchOptions, context: RequestContext): Promise<Location> {
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
