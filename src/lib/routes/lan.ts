/** The way over the local network, to the CEMM's own web server. */
import { z } from "zod";
import { parseHost, parseUid } from "../address.js";
import type { CemmInfo, Meter } from "../data/answer.js";
import type { Period } from "../data/calendar.js";
import { readingsIn } from "../data/channels.js";
import { Cemm3Info, DeviceInfo, History, IoList, Readings } from "../data/schemas.js";
import { type DiscoverOptions, discover } from "../discovery.js";
import { CemmError } from "../errors.js";
import { type Address, lanWire } from "../transport/http.js";
import { Flights } from "../transport/single-flight.js";
import { Api, type Ask } from "../transport/transport.js";
import { epochSeconds, noSuchMeter, type Reply, type Route, toMeter } from "./route.js";

/** One for the whole process: a CEMM serves one connection at a time, whoever asks. */
const api = new Api({ wire: lanWire(), width: 1, retries: 1 });

/** An address may come to belong to another device; so who answers there is asked anew after this long, in ms. */
const TRUST = 60_000;
const SEARCH = 3_000;
/** Between two searches for a CEMM that does not answer, in ms. */
const SEARCH_PAUSE = 30_000;

export interface LanRouteOptions {
  name: string;
  /** Blank: found on the network. */
  host?: string | undefined;
  /** The CEMM that must answer; it is followed when its address changes. */
  uid?: string | undefined;
  discovery?: Pick<DiscoverOptions, "broadcast" | "port"> | undefined;
  log?: ((line: string) => void) | undefined;
}

/** Looking for the CEMM, on behalf of all who ask for it now. */
interface Search extends Ask {
  signal: AbortSignal;
}

/** Where the CEMM is, and who answered there. */
interface Place {
  root: URL;
  uid: string | null;
}

export class LanRoute implements Route {
  readonly #options: LanRouteOptions;
  readonly #locating = new Flights<Place>();
  #root: URL | undefined;
  #place: Place | undefined;
  #trustedUntil = 0;
  #searchFrom = 0;

  /** @throws CemmError `CEMM_CONFIG` where the host is not an address. */
  constructor(options: LanRouteOptions) {
    this.#options = options;
    this.#root = options.host ? parseHost(options.host) : undefined;
  }

  /** Of the CEMM that answered last. */
  get uid(): string | null {
    return this.#place?.uid ?? null;
  }

  async info(ask: Ask): Promise<CemmInfo> {
    const { body, uid, host } = await this.#get("", DeviceInfo, ask);
    const { name, version, core } = body.data;
    return { uid, host, name: name ?? null, firmware: version ?? null, core: core ?? null };
  }

  async meters(ask: Ask): Promise<Meter[]> {
    const { body } = await this.#get("io/", IoList, ask);
    return body.data.map(toMeter);
  }

  async meter(alias: string, ask: Ask): Promise<Meter> {
    const meter = (await this.meters(ask)).find((meter) => meter.alias === alias);
    if (!meter) throw noSuchMeter(this.#peer(), alias);
    return meter;
  }

  realtime(alias: string, ask: Ask): Promise<Reply<Readings>> {
    return this.#getAlias(alias, "realtime/", Readings, ask);
  }

  history(alias: string, period: Period, ask: Ask): Promise<Reply<History>> {
    return this.#getAlias(alias, `data/${period.unit}/?time=${epochSeconds(period)}`, History, ask);
  }

  async totals(alias: string, day: Period, ask: Ask): Promise<Reply<Readings>> {
    if (day.end <= Date.now() || day.start > Date.now()) {
      throw new CemmError(
        "CEMM_NOT_SUPPORTED",
        `${this.#peer()}: on the LAN a CEMM tells its readings of now only. Ask the cloud for those of another day.`,
      );
    }
    const reply = await this.#getAlias(alias, "realtime/", Readings, ask);
    const { totals = {}, data: live } = reply.body;
    const data = Object.keys(totals).length > 0 ? totals : readingsIn(live);
    if (Object.keys(data).length > 0) return { ...reply, body: { ...reply.body, data } };
    throw new CemmError(
      "CEMM_NOT_SUPPORTED",
      `${this.#peer()}: the meter "${alias}" tells no readings on the LAN. Ask the cloud for them.`,
    );
  }

  async #getAlias<S extends z.ZodType>(alias: string, path: string, schema: S, ask: Ask): Promise<Reply<z.output<S>>> {
    try {
      return await this.#get(`${alias}/${path}`, schema, ask);
    } catch (error) {
      throw isStatus(error, 404) ? noSuchMeter(this.#peer(), alias, 404) : error;
    }
  }

  /** The answer at `path`, from the CEMM that is meant, wherever it is now. */
  async #get<S extends z.ZodType>(path: string, schema: S, ask: Ask): Promise<Reply<z.output<S>> & { host: string }> {
    const place = await this.#locate(ask);
    try {
      return await this.#getAt(place, path, schema, ask);
    } catch (error) {
      // Whatever went wrong, see who is there before it is asked again.
      this.#trustedUntil = 0;
      if (!isLost(error) || !this.#mayMove() || ask.deadline.expired) throw error;
      const now = await this.#locate(ask);
      if (now.root.host === place.root.host) throw error;
      return this.#getAt(now, path, schema, ask);
    }
  }

  async #getAt<S extends z.ZodType>(
    place: Place,
    path: string,
    schema: S,
    ask: Ask,
  ): Promise<Reply<z.output<S>> & { host: string }> {
    const { root, uid } = place;
    const parsed = await api.get(below(root, path), schema, this.#peer(root), ask);
    // What is spread comes last: first, it costs Node 20 many times as much.
    return { source: "lan", uid, host: root.host, ...parsed };
  }

  #locate(ask: Ask): Promise<Place> {
    if (this.#place && performance.now() < this.#trustedUntil) return Promise.resolve(this.#place);
    return this.#locating.join("", ask, async (control) => {
      const signal = control.signal();
      this.#place = await this.#find({ deadline: ask.deadline, signals: [signal], signal });
      this.#root = this.#place.root;
      this.#trustedUntil = performance.now() + TRUST;
      return this.#place;
    });
  }

  async #find(ask: Search): Promise<Place> {
    if (!this.#root) return this.#search(ask);
    // Half the time, so that a search still has some where the address is silent.
    const { deadline } = ask;
    const part = this.#mayMove() ? { ...ask, deadline: deadline.atMost(deadline.timeout / 2) } : ask;
    try {
      const here = await this.#identify(this.#root, part);
      // Who tells no MAC address may be a router or a printer: the CEMM may have moved.
      return here.uid || !this.#options.uid ? here : ((await this.#elsewhere(this.#root, ask)) ?? here);
    } catch (error) {
      const elsewhere = isLost(error) ? await this.#elsewhere(this.#root, ask) : undefined;
      if (!elsewhere) throw error;
      return elsewhere;
    }
  }

  /** Who answers at `root`, checked against the uid that is wanted. */
  async #identify(root: URL, ask: Ask): Promise<Place> {
    const uid = await this.#uidAt(root, ask);
    const wanted = this.#options.uid;
    if (!wanted || !uid || uid === wanted) return { root, uid };
    throw new CemmError(
      "CEMM_WRONG_DEVICE",
      `${this.#peer(root)}: another CEMM, ${uid}, has this address now. Correct the host or the uid (${wanted}).`,
    );
  }

  async #uidAt(root: URL, ask: Ask): Promise<string | null> {
    const peer = this.#peer(root);
    try {
      const { raw } = await api.get(below(root, ""), z.unknown(), peer, ask);
      const info = DeviceInfo.safeParse(raw).data;
      return (info && parseUid(info.data.mac)) ?? null;
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
      await refuseCemm3(root, peer, ask);
      return null;
    }
  }

  /** Whether there is a way to know the CEMM again at another address. */
  #mayMove(): boolean {
    return this.#options.uid !== undefined || !this.#options.host;
  }

  /** The CEMM at another address than `from`; undefined where it is not found, or was searched for a moment ago. */
  async #elsewhere(from: URL, ask: Search): Promise<Place | undefined> {
    if (!this.#mayMove() || performance.now() < this.#searchFrom) return undefined;
    this.#searchFrom = performance.now() + SEARCH_PAUSE;
    const place = await this.#search(ask).catch(() => undefined);
    ask.signal.throwIfAborted();
    if (!place || place.root.host === from.host) return undefined;
    this.#options.log?.(`${this.#options.name}: the CEMM ${place.uid} moved from ${from.host} to ${place.root.host}`);
    return place;
  }

  async #search(ask: Search): Promise<Place> {
    const { uid, discovery, name } = this.#options;
    // What was found has to be asked, too.
    const timeout = Math.max(1, Math.min(SEARCH, ask.deadline.remaining / 2));
    const found = await discover({ ...discovery, timeout, signal: ask.signal, ...(uid && { uid }) });
    const candidates = uid ? found.filter((cemm) => cemm.uid === uid) : found;
    const [cemm, ...others] = candidates;
    if (!cemm) {
      const whom = uid ? `The CEMM ${uid}` : "No CEMM";
      throw new CemmError(
        "CEMM_UNREACHABLE",
        `${name}: ${whom} ${uid ? "did not answer" : "answered"} on this network. Enter its address; a container or another VLAN keeps broadcasts out, and a CEMM before core 1.23 does not answer them.`,
        { retryable: true },
      );
    }
    if (others.length > 0) {
      const names = candidates.map(({ uid, host }) => `${uid} at ${host}`).join(", ");
      throw new CemmError(
        "CEMM_CONFIG",
        `${name}: several CEMMs answered: ${names}. Enter the host or the uid of the one you mean.`,
      );
    }
    return this.#identify(parseHost(cemm.host), ask);
  }

  #peer(root = this.#root): string {
    const { name } = this.#options;
    return root && root.host !== name ? `${name} (${root.host})` : name;
  }
}

/** @throws CemmError `CEMM_NOT_SUPPORTED` where a CEMM 3.0 answers: its API is another. */
async function refuseCemm3(root: URL, peer: string, ask: Ask): Promise<void> {
  const address = { origin: root.origin, path: "/api/v1/public/cemm" };
  const successor = await api.get(address, Cemm3Info, peer, ask).catch(() => undefined);
  if (successor) {
    throw new CemmError(
      "CEMM_NOT_SUPPORTED",
      `${peer} is a CEMM 3.0, whose interface is another. This package is for CEMM Basic and Plus.`,
    );
  }
}

function below({ origin }: URL, path: string): Address {
  return { origin, path: `/open-api/v1/${path}` };
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof CemmError && error.statusCode === status;
}

/** What another device at the address may be behind; a CEMM 3.0 or a mistake of the user's is told as it is. */
function isLost(error: unknown): boolean {
  return error instanceof CemmError && !["CEMM_NOT_SUPPORTED", "CEMM_CONFIG", "CEMM_INPUT"].includes(error.code);
}
