/** Where on the network the CEMM is, and that it is the one that is wanted. */
import { setTimeout as sleep } from "node:timers/promises";
import { CemmError, policyOf, problem } from "../errors.js";
import type { RequestContext } from "../transport/single-flight.js";
import { identify, LanSearch, type LanSearchOptions, type Location } from "./lan-search.js";

/** An address may come to belong to another device; so it is asked again who it is after this long, in ms. */
const TRUST = 10_000;

/** Where the CEMM asks for a pause of less, in ms. */
const LEAST_PAUSE = 300;

/** `uid`: the CEMM that must answer; it is followed when its address changes. */
export interface LanRouteOptions extends LanSearchOptions {
  /** `host[:port]`; undefined: found on the network. */
  host?: string | undefined;
  log?: ((line: string) => void) | undefined;
}

export class LanLocator {
  /** Undefined: whichever CEMM answers. Else an answer is handed on only where it is proven to be that one's. */
  readonly uid: string | undefined;
  readonly #options: LanRouteOptions;
  readonly #search: LanSearch;
  /** Whether it can be known again at another address. */
  readonly #canFollow: boolean;
  /** Where the CEMM was last, or where it is said to be; without having asked. */
  location: Location | undefined;
  #moving = new AbortController();
  #confirmedUntil = Number.NEGATIVE_INFINITY;

  constructor(options: LanRouteOptions) {
    this.#options = options;
    this.#search = new LanSearch(options);
    this.uid = options.uid;
    this.#canFollow = options.uid !== undefined || !options.host;
    if (options.host) this.location = { host: options.host, uid: null, root: "none" };
  }

  /** Whether the CEMM there has said who it is within the last seconds, and nothing went wrong since. */
  isConfirmed({ host }: { host: string }): boolean {
    return host === this.location?.host && performance.now() < this.#confirmedUntil;
  }

  /** Whether a CEMM, and the wanted one where a uid is set, has said so since something went wrong last. */
  get isConfirmedCemm(): boolean {
    return this.location?.root === "cemm" && this.isConfirmed(this.location);
  }

  /** After an error: who is there is asked before anything from there is believed. */
  distrust(): void {
    this.#confirmedUntil = Number.NEGATIVE_INFINITY;
  }

  /** How errors name the device. */
  label(host = this.location?.host): string {
    const { name } = this.#options;
    return host && host !== name ? `${name} (${host})` : name;
  }

  /**
   * For what is asked at `location`, which may not be the CEMM's any more: while it is silent the CEMM is searched for, and
   * nobody waits for it any more once that is found elsewhere.
   */
  at(location: Location, context: RequestContext): RequestContext {
    if (!this.#canFollow) return context;
    const { deadline, onPromise, signals } = context;
    const onSilence = () => {
      this.elsewhere(location, context).catch(() => {});
    };
    return { deadline, onPromise, onSilence, signals: [...signals, this.#moving.signal] };
  }

  /**
   * Asks the CEMM where it is known to be who it is; searches for it where that is another one, or none. A CEMM that is
   * elsewhere is not confirmed there yet.
   * @throws CemmError `CEMM_WRONG_DEVICE`, `CEMM_NOT_SUPPORTED` for a CEMM 3.0, or what came from the device.
   */
  async confirm(context: RequestContext): Promise<Location> {
    const known = this.location;
    if (!known) return this.#moveTo(await this.#search.run(context));
    const { signal: moved } = this.#moving;
    try {
      this.location = this.#accept(await identify(known.host, this.label(known.host), this.at(known, context)));
      this.#confirmedUntil = performance.now() + TRUST;
      return this.location;
    } catch (error) {
      this.distrust();
      const isElsewhere = moved.aborted || policyOf(error)?.moved;
      const location = isElsewhere ? await this.elsewhere(known, context) : undefined;
      if (location) return location;
      throw error;
    }
  }

  /** Where to ask after `error` came from `from`. @throws the error itself, or what explains it, where that is nowhere else. */
  async follow(error: unknown, from: Location, context: RequestContext): Promise<Location> {
    const hasMoved = this.location?.host !== from.host;
    this.distrust();
    const isOver = context.deadline.left === 0 || context.signals.some(({ aborted }) => aborted);
    if (isOver || !(hasMoved || policyOf(error)?.moved)) throw error;
    const location = isAnswer(error) ? await this.#confirmAfter(error, context) : await this.elsewhere(from, context);
    if (location && location.host !== from.host) return location;
    if (!this.isConfirmedCemm) throw withoutPause(error);
    await pauseAfter(error, context);
    return from;
  }

  /** Who is there says more than what it answered; that it does not answer now says less. */
  async #confirmAfter(error: unknown, context: RequestContext): Promise<Location> {
    try {
      return await this.confirm(context);
    } catch (reason) {
      for (const signal of context.signals) signal.throwIfAborted();
      throw policyOf(reason)?.range === "refused" ? reason : withoutPause(error);
    }
  }

  /**
   * Where the CEMM is now, which does not answer where it was; undefined where it is not found elsewhere, or was searched
   * for a moment ago.
   */
  async elsewhere(from: Location, context: RequestContext): Promise<Location | undefined> {
    // Another question has found it meanwhile.
    if (this.location && this.location.host !== from.host) return this.location;
    if (!this.#canFollow || !this.#search.isAllowed) return undefined;
    const found = await this.#search.run(context).catch(() => undefined);
    for (const signal of context.signals) signal.throwIfAborted();
    return found && found.host !== from.host ? this.#moveTo(found) : undefined;
  }

  #moveTo(location: Location): Location {
    const { name, log } = this.#options;
    const from = this.location;
    if (from?.host === location.host) return from;
    if (from) log?.(`${name}: the CEMM ${location.uid} moved from ${from.host} to ${location.host}`);
    this.location = location;
    this.#moving.abort();
    this.#moving = new AbortController();
    return location;
  }

  /** @throws CemmError where the device there is not the wanted one. */
  #accept(location: Location): Location {
    const { host, uid, root } = location;
    const wanted = this.uid;
    if (!wanted || uid === wanted) return location;
    if (root === "none") throw problem(this.label(host), "starting");
    if (uid) throw problem(this.label(host), "otherCemm", `${uid}, not ${wanted}`);
    throw problem(this.label(host), "noMac", wanted);
  }
}

/** Somebody is there, and said so, if only that it timed out itself. */
function isAnswer(error: unknown): boolean {
  if (!(error instanceof CemmError) || error.code === "CEMM_UNREACHABLE") return false;
  return error.code !== "CEMM_TIMEOUT" || error.statusCode !== undefined;
}

/** Waits as the CEMM asked for. @throws the error itself, where it did not, or there is no time for that. */
async function pauseAfter(error: unknown, { deadline, signals }: RequestContext): Promise<void> {
  const pause = error instanceof CemmError ? error.retryAfter : undefined;
  if (pause === undefined || pause >= deadline.left) throw error;
  await sleep(Math.max(pause, LEAST_PAUSE), undefined, { signal: AbortSignal.any([...signals]) }).catch(() => {});
  for (const signal of signals) signal.throwIfAborted();
}

/** Whoever answers at an address could silence a poller for an hour: only the CEMM itself may ask for a pause. */
function withoutPause(error: unknown): unknown {
  if (!(error instanceof CemmError) || error.retryAfter === undefined) return error;
  const { code, message, statusCode, retryable, cause } = error;
  return new CemmError(code, message, { statusCode, retryable, cause });
}
