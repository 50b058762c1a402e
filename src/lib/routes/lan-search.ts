/** Identifies the device at an address of the LAN, and finds the address of a CEMM. */
import { LIMITS } from "../data/limits-table.js";
import { Cemm3Info, DeviceInfo } from "../data/schemas.js";
import { type DiscoverOptions, discover, searchNetwork } from "../discovery.js";
import { CemmError, configError, problem } from "../errors.js";
import { parseUid } from "../syntax.js";
import { lanConnections } from "../transport/http.js";
import { Api } from "../transport/request.js";
import { type Call, Deadline, DeadlineExpired, type RequestContext, SingleFlight } from "../transport/single-flight.js";
import { LAN_STATUSES } from "../transport/status.js";
import { Turns } from "../transport/turns.js";

/** One for the whole process, since a CEMM serves one connection at a time. */
export const lanApi = new Api({
  connections: lanConnections,
  concurrency: 1,
  retries: 1,
  statuses: LAN_STATUSES,
  // Another device at the address could make the client wait for hours.
  trustsRetryAfter: false,
  secrets: [],
});

export const LAN_API = "/open-api/v1/";

/** The address of a device, and what it reports at the root of its API. */
export interface Location {
  host: string;
  /** `other`: not the answer of a CEMM; `none`: there is no such page, or it was not requested. */
  root: "cemm" | "other" | "none";
  uid: string | null;
}

/** The device at `host`; `label` names it in errors. @throws CemmError, `CEMM_NOT_SUPPORTED` for a CEMM 3.0 */
export async function identify(
  host: string,
  label: string,
  context: RequestContext,
  retries?: number,
): Promise<Location> {
  try {
    const { raw } = await lanApi.get({ origin: `http://${host}`, path: LAN_API }, label, context, {
      maxBody: LIMITS.details.bytes,
      retries,
    });
    const info = DeviceInfo.safeParse(raw).data?.data;
    return { host, root: info ? "cemm" : "other", uid: parseUid(info?.mac ?? "") ?? null };
  } catch (error) {
    if (!(error instanceof CemmError && error.statusCode === 404)) throw error;
    await refuseCemm3(host, label, context);
    return { host, root: "none", uid: null };
  }
}

async function refuseCemm3(host: string, label: string, context: RequestContext): Promise<void> {
  const address = { origin: `http://${host}`, path: "/api/v1/public/cemm" };
  const successor = await lanApi.get(address, label, context, { maxBody: LIMITS.details.bytes }).catch(() => undefined);
  if (successor && Cemm3Info.safeParse(successor.raw).success) throw problem(label, "cemm3");
}

/** Maximum duration of a search, in ms. It ends as soon as the right CEMM has answered. */
const SEARCH = 3_000;
/** Between two searches for a CEMM that does not answer, in ms. */
const PAUSE = 15_000;
/** Time limit in ms for a device that claims to be the CEMM to prove it. */
const CLAIM = 1_500;
/** Maximum number of hosts tried for one MAC address: more than a network has, fewer than a flood of forged answers. */
const MAX_CLAIMS = 2000;

export interface LanSearchOptions {
  name: string;
  uid?: string | undefined;
  discovery?: Pick<DiscoverOptions, "broadcast" | "port"> | undefined;
}

/** Searches for one CEMM: one shared search at a time, with a pause between two. */
export class LanSearch {
  readonly #searches = new SingleFlight<Location>();
  #allowedFrom = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: LanSearchOptions) {}

  get isAllowed(): boolean {
    return performance.now() >= this.#allowedFrom;
  }

  /** Resolves with the CEMM's location, just identified. @throws CemmError */
  async run(context: RequestContext): Promise<Location> {
    try {
      return await this.#searches.do("", context, (call) => this.#search(call));
    } catch (error) {
      throw error instanceof DeadlineExpired ? problem(this.options.name, "notFoundInTime") : error;
    }
  }

  async #search(call: Call<Location>): Promise<Location> {
    const { uid } = this.options;
    call.asked(Number.POSITIVE_INFINITY);
    // The found device still has to be identified.
    const timeout = Math.max(1, Math.min(SEARCH, call.remaining / 2));
    try {
      return uid ? await this.#findByUid(uid, timeout, call) : await this.#findOnly(timeout, call);
    } finally {
      this.#allowedFrom = performance.now() + PAUSE;
    }
  }

  /** Asks each address that claims to be the CEMM, since a claim may be forged, until the right one has answered. */
  async #findByUid(uid: string, timeout: number, call: Call<Location>): Promise<Location> {
    const { name, discovery } = this.options;
    const done = new AbortController();
    const stop = () => done.abort();
    call.token.onCancel = stop;
    const { signal } = done;
    let found: Location | undefined;
    const tryClaim = async (host: string) => {
      const deadline = new Deadline(Math.min(CLAIM, timeout));
      const location = await identify(host, `${name} (${host})`, { deadline, signals: [signal] }, 0);
      if (location.uid !== uid) return;
      found ??= location;
      stop();
    };
    const turns = new Turns();
    const claims = new Map<string, Promise<void>>();
    await searchNetwork({ ...discovery, timeout, signal }, ({ uid: claimed, host }) => {
      if (claimed !== uid || claims.has(host) || claims.size >= MAX_CLAIMS) return;
      claims.set(
        host,
        turns.run(host, () => tryClaim(host)).catch(() => {}),
      );
    });
    const timer = setTimeout(stop, CLAIM);
    await Promise.all(claims.values());
    clearTimeout(timer);
    if (found) return found;
    throw problem(`${name}:`, "notFound", `The CEMM ${uid} did not answer`);
  }

  /** @throws CemmError `CEMM_UNREACHABLE` if there is none, `CEMM_CONFIG` if there are several. */
  async #findOnly(timeout: number, call: Call<Location>): Promise<Location> {
    const { name, discovery } = this.options;
    const signals = [call.token.signal()];
    const [cemm, ...others] = await discover({ ...discovery, timeout, signal: signals[0] });
    if (!cemm) throw problem(`${name}:`, "notFound", "No CEMM answered");
    if (others.length > 0) {
      const names = [cemm, ...others].map(({ uid, host }) => `${uid} at ${host}`).join(", ");
      throw configError(
        `${name}: several CEMMs answered: ${names}. Enter the address or the MAC address of the one you mean.`,
      );
    }
    return identify(cemm.host, `${name} (${cemm.host})`, { deadline: new Deadline(call.remaining), signals });
  }
}
