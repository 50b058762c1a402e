/** Where on the network the CEMM is, and that it is the one that is wanted. */
import type { DiscoverOptions } from "../discovery.js";
import { CemmError, describeValue, policyOf } from "../errors.js";
import { parseHost } from "../syntax.js";
import { Deadline } from "../transport/deadline.js";
import { type Call, DeadlineExpired, type RequestContext, SingleFlight } from "../transport/single-flight.js";
import { identify, type Location } from "./lan-api.js";
import { searchByUid, searchOnly } from "./lan-search.js";

/** How long a search may take, in ms. It ends as soon as the wanted CEMM has answered. */
const SEARCH = 3_000;
/** Between two searches for a CEMM that does not answer, in ms. */
const SEARCH_PAUSE = 30_000;
/** An address may come to belong to another device; so it is asked again who it is after this long, in ms. */
const TRUST = 10_000;

export interface LanRouteOptions {
  name: string;
  /** Blank: found on the network. */
  host?: string | undefined;
  /** The CEMM that must answer; it is followed when its address changes. */
  uid?: string | undefined;
  discovery?: Pick<DiscoverOptions, "broadcast" | "port"> | undefined;
  log?: ((line: string) => void) | undefined;
}

export class LanLocator {
  readonly #options: LanRouteOptions;
  readonly #locating = new SingleFlight<Location>();
  #location: Location | undefined;
  #host: string | undefined;
  #confirmedUntil = Number.NEGATIVE_INFINITY;
  #searchAllowedFrom = Number.NEGATIVE_INFINITY;

  /** @throws CemmError `CEMM_CONFIG` where the host is not an address. */
  constructor(options: LanRouteOptions) {
    this.#options = options;
    this.#host = options.host ? checkHost(options.host, options.name) : undefined;
  }

  /** Where the CEMM was last, or where it is said to be; without having asked. */
  get known(): Location | undefined {
    return this.#location ?? (this.#host === undefined ? undefined : { host: this.#host, uid: null, isCemm: false });
  }

  /** Whether the CEMM at `location` has said who it is within the last seconds, and nothing went wrong since. */
  isConfirmed({ host }: Location): boolean {
    return host === this.#location?.host && performance.now() < this.#confirmedUntil;
  }

  /** Whether a CEMM, and the wanted one where a uid is set, has said so since something went wrong last. */
  get isConfirmedCemm(): boolean {
    return this.#location?.isCemm === true && this.isConfirmed(this.#location);
  }

  /** Something went wrong: ask who is there before anything from there is believed. */
  doubt(): void {
    this.#confirmedUntil = Number.NEGATIVE_INFINITY;
  }

  /** Whether the CEMM can be known again at another address, and may be searched for now. */
  get canSearch(): boolean {
    return this.#canMove && performance.now() >= this.#searchAllowedFrom;
  }

  /** Whether only one CEMM may answer: then an answer is handed on only where it is proven to be that one's. */
  get wantsUid(): boolean {
    return this.#options.uid !== undefined;
  }

  get #canMove(): boolean {
    return this.#options.uid !== undefined || !this.#options.host;
  }

  /** How errors name the device. */
  peer(host = this.known?.host): string {
    const { name } = this.#options;
    return host && host !== name ? `${name} (${host})` : name;
  }

  /**
   * Asks the CEMM where it is known to be who it is; searches for it where that is another one, or none.
   * @throws CemmError `CEMM_WRONG_DEVICE`, `CEMM_NOT_SUPPORTED` for a CEMM 3.0, or what came from the wire.
   */
  confirm(context: RequestContext): Promise<Location> {
    return this.#locate(context, (inner, signal) => this.#confirm(inner, signal));
  }

  /** Searches the network for the CEMM, because it does not answer; undefined where it is not elsewhere. */
  async search(from: Location, context: RequestContext): Promise<Location | undefined> {
    if (!this.canSearch) return undefined;
    const found = await this.#locate(context, async (inner, signal) => {
      return (await this.#elsewhere(from.host, inner, signal)) ?? from;
    });
    return found.host === from.host ? undefined : found;
  }

  /** One at a time, for all who ask. */
  async #locate(
    context: RequestContext,
    work: (inner: RequestContext, signal: AbortSignal) => Promise<Location>,
  ): Promise<Location> {
    try {
      return await this.#locating.do("", context, async (call) => {
        const signal = call.token.signal();
        this.#location = await work(innerContext(call, signal), signal);
        return this.#location;
      });
    } catch (error) {
      if (!(error instanceof DeadlineExpired)) throw error;
      throw new CemmError(
        "CEMM_TIMEOUT",
        `${this.peer()} was not found in time. Check that it has power and network.`,
        {
          retryable: true,
        },
      );
    }
  }

  async #confirm(context: RequestContext, signal: AbortSignal): Promise<Location> {
    const { known } = this;
    if (!known) return this.#trust(await this.#search(context, signal));
    try {
      // Half the time, so that a search still has some where the address is silent.
      const { deadline } = context;
      const part = this.canSearch ? { ...context, deadline: deadline.part(deadline.timeout / 2) } : context;
      return this.#trust(this.#accept(await identify(known.host, this.peer(known.host), part)));
    } catch (error) {
      const elsewhere = policyOf(error)?.moved ? await this.#elsewhere(known.host, context, signal) : undefined;
      if (elsewhere) return this.#trust(elsewhere);
      throw error;
    }
  }

  #trust(location: Location): Location {
    this.#confirmedUntil = performance.now() + TRUST;
    return location;
  }

  /** @throws CemmError where the device there is not the wanted one. */
  #accept(location: Location): Location {
    const { host, uid } = location;
    const wanted = this.#options.uid;
    if (!wanted || uid === wanted) return location;
    const who = uid
      ? `another CEMM, ${uid}, has this address now`
      : "the device at this address does not tell a MAC address";
    throw new CemmError(
      "CEMM_WRONG_DEVICE",
      `${this.peer(host)}: ${who}. Correct the address, or the MAC address (${wanted}).`,
    );
  }

  /** The CEMM at another address than `from`; undefined where it is not found, or was searched for a moment ago. */
  async #elsewhere(from: string, context: RequestContext, signal: AbortSignal): Promise<Location | undefined> {
    if (!this.canSearch) return undefined;
    this.#searchAllowedFrom = performance.now() + SEARCH_PAUSE;
    const found = await this.#search(context, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (!found || found.host === from) return undefined;
    this.#options.log?.(`${this.#options.name}: the CEMM ${found.uid} moved from ${from} to ${found.host}`);
    return found;
  }

  async #search(context: RequestContext, signal: AbortSignal): Promise<Location> {
    // What was found has to be asked, too.
    const timeout = Math.max(1, Math.min(SEARCH, context.deadline.answerTime / 2));
    const options = { ...this.#options.discovery, timeout, signal };
    context.deadline.start();
    const { uid, name } = this.#options;
    return uid ? searchByUid(uid, name, options, context) : searchOnly(name, options, context);
  }
}

function innerContext(call: Call<Location>, signal: AbortSignal): RequestContext {
  const deadline = new Deadline(call.remaining, () => call.started());
  if (call.isContinued) deadline.start();
  return { deadline, signals: [signal], onPromise: () => call.promised() };
}

/** @throws CemmError `CEMM_CONFIG` */
function checkHost(text: string, name: string): string {
  const host = parseHost(text);
  if (host !== undefined) return host;
  throw new CemmError(
    "CEMM_CONFIG",
    `${name}: ${describeValue(text)} is not an address; enter a name or an IP address, such as 192.168.1.10.`,
  );
}
