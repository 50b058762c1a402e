/** Where on the network the CEMM is, and that it is the one that is wanted. */
import { CemmError, describeValue, policyOf } from "../errors.js";
import { parseHost } from "../syntax.js";
import { DeadlineExpired, type RequestContext, SingleFlight } from "../transport/single-flight.js";
import { identify, type Location } from "./lan-api.js";
import { LanSearch, type LanSearchOptions } from "./lan-search.js";

/** An address may come to belong to another device; so it is asked again who it is after this long, in ms. */
const TRUST = 10_000;

/** `uid`: the CEMM that must answer; it is followed when its address changes. */
export interface LanRouteOptions extends LanSearchOptions {
  /** Blank: found on the network. */
  host?: string | undefined;
  log?: ((line: string) => void) | undefined;
}

export class LanLocator {
  readonly #options: LanRouteOptions;
  readonly #search: LanSearch;
  readonly #confirmations = new SingleFlight<Location>();
  #location: Location | undefined;
  #moving = new AbortController();
  #confirmedUntil = Number.NEGATIVE_INFINITY;

  /** @throws CemmError `CEMM_CONFIG` where the host is not an address. */
  constructor(options: LanRouteOptions) {
    this.#options = options;
    this.#search = new LanSearch(options);
    if (options.host) this.#location = { host: checkHost(options.host, options.name), uid: null, isCemm: false };
  }

  /** Where the CEMM was last, or where it is said to be; without having asked. */
  get known(): Location | undefined {
    return this.#location;
  }

  /** Aborts once the CEMM is known to be elsewhere: then nobody need wait for an answer from here. */
  get moved(): AbortSignal {
    return this.#moving.signal;
  }

  /** Whether the CEMM at `location` has said who it is within the last seconds, and nothing went wrong since. */
  isConfirmed({ host }: Location): boolean {
    return host === this.#location?.host && performance.now() < this.#confirmedUntil;
  }

  /** Whether a CEMM, and the wanted one where a uid is set, has said so since something went wrong last. */
  get isConfirmedCemm(): boolean {
    return this.#location?.isCemm === true && this.isConfirmed(this.#location);
  }

  /** After an error: who is there is asked before anything from there is believed. */
  doubt(): void {
    this.#confirmedUntil = Number.NEGATIVE_INFINITY;
  }

  /** Whether the CEMM can be known again at another address, and may be searched for now. */
  get canSearch(): boolean {
    const { uid, host } = this.#options;
    return (uid !== undefined || !host) && this.#search.isAllowed;
  }

  /** Whether only one CEMM may answer: then an answer is handed on only where it is proven to be that one's. */
  get wantsUid(): boolean {
    return this.#options.uid !== undefined;
  }

  /** How errors name the device. */
  peer(host = this.known?.host): string {
    const { name } = this.#options;
    return host && host !== name ? `${name} (${host})` : name;
  }

  /**
   * Asks the CEMM where it is known to be who it is; searches for it where that is another one, or none. A CEMM that is
   * elsewhere is not confirmed there yet.
   * @throws CemmError `CEMM_WRONG_DEVICE`, `CEMM_NOT_SUPPORTED` for a CEMM 3.0, or what came from the device.
   */
  confirm(context: RequestContext): Promise<Location> {
    return this.#inTime(this.#confirmations.do("", context, (call) => this.#confirm(call.context())));
  }

  async #confirm(context: RequestContext): Promise<Location> {
    const { known } = this;
    if (!known) return this.#moveTo(await this.#search.run(context));
    try {
      // Half the time, so that a search still has some where the address is silent.
      const { deadline } = context;
      const part = this.canSearch ? { ...context, deadline: deadline.part(deadline.timeout / 2) } : context;
      this.#location = this.#accept(await identify(known.host, this.peer(known.host), part));
      this.#confirmedUntil = performance.now() + TRUST;
      return this.#location;
    } catch (error) {
      this.doubt();
      const location = policyOf(error)?.moved ? await this.elsewhere(known, context) : undefined;
      if (location) return location;
      throw error;
    }
  }

  /**
   * Where the CEMM is now, which does not answer where it was; undefined where it is not found elsewhere, or was searched
   * for a moment ago.
   */
  async elsewhere(from: Location, context: RequestContext): Promise<Location | undefined> {
    const { known } = this;
    // Another question has found it meanwhile.
    if (known && known.host !== from.host) return known;
    if (!this.canSearch) return undefined;
    const found = await this.#inTime(this.#search.run(context)).catch(() => undefined);
    for (const signal of context.signals) signal.throwIfAborted();
    return found && found.host !== from.host ? this.#moveTo(found) : undefined;
  }

  #moveTo(location: Location): Location {
    const { name, log } = this.#options;
    const from = this.#location?.host;
    if (from !== undefined && from !== location.host) {
      log?.(`${name}: the CEMM ${location.uid} moved from ${from} to ${location.host}`);
    }
    this.#location = location;
    this.#moving.abort();
    this.#moving = new AbortController();
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

  async #inTime(location: Promise<Location>): Promise<Location> {
    try {
      return await location;
    } catch (error) {
      if (!(error instanceof DeadlineExpired)) throw error;
      const text = `${this.peer()} was not found in time. Check that it has power and network.`;
      throw new CemmError("CEMM_TIMEOUT", text, { retryable: true });
    }
  }
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
