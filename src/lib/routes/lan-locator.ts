/** Finds the CEMM on the network, and verifies that it is the right one. */
import { setTimeout as sleep } from "node:timers/promises";
import { CemmError, policyOf, problem } from "../errors.js";
import { lastingController } from "../transport/cancel-token.js";
import type { RequestContext } from "../transport/single-flight.js";
import { identify, LanSearch, type LanSearchOptions, type Location } from "./lan-search.js";

/** An address may pass to another device, so the CEMM is identified again after this time, in ms. */
const TRUST = 10_000;

/** Minimum pause before a repeat, in ms, if the CEMM asks for a shorter one. */
const MIN_PAUSE = 300;

/** `uid`: the CEMM that must answer; it is found again when its address changes. */
export interface LanRouteOptions extends LanSearchOptions {
  host?: string | undefined;
  log: (line: string) => void;
}

export class LanLocator {
  /** Undefined: any CEMM. Otherwise an answer is passed on only if it is proven to come from that one. */
  readonly uid: string | undefined;
  readonly #search: LanSearch;
  /** Whether the CEMM can be recognised at another address. */
  readonly #canFollow: boolean;
  location: Location | undefined;
  #moving = lastingController();
  #confirmedUntil = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: LanRouteOptions) {
    this.#search = new LanSearch(options);
    this.uid = options.uid;
    this.#canFollow = options.uid !== undefined || !options.host;
    if (options.host) this.location = { host: options.host, uid: null, root: "none" };
  }

  /** Whether the CEMM there was identified in the last few seconds, without an error since. */
  isConfirmed({ host }: { host: string }): boolean {
    return host === this.location?.host && performance.now() < this.#confirmedUntil;
  }

  /** Whether a CEMM (with a uid: the right one) was identified since the last error. */
  get isConfirmedCemm(): boolean {
    return this.location?.root === "cemm" && this.isConfirmed(this.location);
  }

  /** After an error: the device is identified again before its answers are trusted. */
  distrust(): void {
    this.#confirmedUntil = Number.NEGATIVE_INFINITY;
  }

  label(host = this.location?.host): string {
    const { name } = this.options;
    return host && host !== name ? `${name} (${host})` : name;
  }

  /** The context of a request to `location`: on silence the CEMM is searched for; found elsewhere, it is aborted. */
  at(location: Location, context: RequestContext): RequestContext {
    if (!this.#canFollow) return context;
    const { deadline, onPromise, signals } = context;
    const onSilence = () => {
      this.elsewhere(location, context).catch(() => {});
    };
    return { deadline, onPromise, onSilence, signals: [...signals, this.#moving.signal] };
  }

  /** Identifies the CEMM at its known address; searches for it if another one is there, or none. @throws CemmError */
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
      const isElsewhere = moved.aborted || policyOf(error)?.deviceFails;
      const location = isElsewhere ? await this.elsewhere(known, context) : undefined;
      if (location) return location;
      throw error;
    }
  }

  /** Where to ask next after `error` came from `from`. @throws the error, or one that explains it, if nowhere */
  async follow(error: unknown, from: Location, context: RequestContext): Promise<Location> {
    const hasMoved = this.location?.host !== from.host;
    this.distrust();
    const isOver = context.deadline.left === 0 || context.signals.some(({ aborted }) => aborted);
    if (isOver || !(hasMoved || policyOf(error)?.deviceFails)) throw error;
    const location = isAnswer(error) ? await this.#confirmAfter(error, context) : await this.elsewhere(from, context);
    if (location && location.host !== from.host) return location;
    if (!this.isConfirmedCemm) throw withoutPause(error);
    await pauseAfter(error, context);
    return from;
  }

  /** Identifies the device. Another device explains `error` better; if there is no answer now, `error` is thrown. */
  async #confirmAfter(error: unknown, context: RequestContext): Promise<Location> {
    try {
      return await this.confirm(context);
    } catch (reason) {
      for (const signal of context.signals) signal.throwIfAborted();
      throw policyOf(reason)?.range === "refused" ? reason : withoutPause(error);
    }
  }

  /** Where the CEMM is if it does not answer at `from`; undefined if not found, or searched for a moment ago. */
  async elsewhere(from: Location, context: RequestContext): Promise<Location | undefined> {
    // Another request has found it meanwhile.
    if (this.location && this.location.host !== from.host) return this.location;
    if (!this.#canFollow || !this.#search.isAllowed) return undefined;
    const found = await this.#search.run(context).catch(() => undefined);
    for (const signal of context.signals) signal.throwIfAborted();
    return found && found.host !== from.host ? this.#moveTo(found) : undefined;
  }

  #moveTo(location: Location): Location {
    const from = this.location;
    if (from?.host === location.host) return from;
    if (from) this.options.log(`the CEMM ${location.uid} moved from ${from.host} to ${location.host}`);
    this.location = location;
    this.#moving.abort();
    this.#moving = lastingController();
    return location;
  }

  /** @throws CemmError if the device there is not the right one. */
  #accept(location: Location): Location {
    const { host, uid, root } = location;
    const wanted = this.uid;
    if (!wanted || uid === wanted) return location;
    if (root === "none") throw problem(this.label(host), "starting");
    if (uid) throw problem(this.label(host), "otherCemm", `${uid}, not ${wanted}`);
    throw problem(this.label(host), "noMac", wanted);
  }
}

/** Whether something answered there, if only with a status that says it timed out. */
function isAnswer(error: unknown): boolean {
  if (!(error instanceof CemmError) || error.code === "CEMM_UNREACHABLE") return false;
  return error.code !== "CEMM_TIMEOUT" || error.statusCode !== undefined;
}

/** Waits for the pause that the CEMM asked for. @throws the error itself, if there is none, or not enough time. */
async function pauseAfter(error: unknown, { deadline, signals }: RequestContext): Promise<void> {
  const pause = error instanceof CemmError ? error.retryAfter : undefined;
  if (pause === undefined || pause >= deadline.left) throw error;
  await sleep(Math.max(pause, MIN_PAUSE), undefined, { signal: AbortSignal.any([...signals]) }).catch(() => {});
  for (const signal of signals) signal.throwIfAborted();
}

/** Only the CEMM itself may ask for a pause: another device could silence a poller for an hour. */
function withoutPause(error: unknown): unknown {
  if (!(error instanceof CemmError) || error.retryAfter === undefined) return error;
  const { code, message, statusCode, retryable, cause } = error;
  return new CemmError(code, message, { statusCode, retryable, cause });
}
