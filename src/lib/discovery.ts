/** Finds CEMMs on the network: a UDP broadcast, answered by CEMMs with core 1.23 or later. */
import type { RemoteInfo } from "node:dgram";
import { tryJson } from "./data/json-check.js";
import { LIMITS } from "./data/limits-table.js";
import { DiscoveryAnswer } from "./data/schemas.js";
import { inputError } from "./errors.js";
import { isIPv4, parseUid } from "./syntax.js";
import { type Broadcast, broadcast, broadcastAddresses } from "./transport/broadcast.js";
import { type Call, Deadline, SingleFlight } from "./transport/single-flight.js";

/** The UDP port on which a CEMM answers. */
export const DISCOVERY_PORT = 9777;
const QUERY = Buffer.from("cemm_query");
const MAX_ANSWER = 2048;
/** More CEMMs than a network has, fewer than a flood of forged answers. */
const MAX_FOUND = 1000;

/** A CEMM that answered the broadcast. `host` is the address the answer came from. */
export interface DiscoveredCemm {
  uid: string;
  mac: string;
  host: string;
  model: string | null;
  core: string | null;
  initState: number | null;
}

/** How to search a network. */
export interface SearchOptions {
  /** How long to listen, in ms; default 5000. */
  timeout?: number;
  /** IPv4 addresses to ask; default: the broadcast address of every interface. */
  broadcast?: readonly string[];
  /** Default 9777. */
  port?: number;
  signal?: AbortSignal | undefined;
}

/** How and for which CEMM to search. */
export interface DiscoverOptions extends SearchOptions {
  /** Stop as soon as this CEMM has answered. */
  uid?: string;
  /** Called with each CEMM as it is found. An error that it throws is rethrown at the end of the search. */
  onFound?: (cemm: DiscoveredCemm) => void;
}

const searches = new SingleFlight<DiscoveredCemm[], DiscoveredCemm>();

/**
 * The CEMMs that answered, sorted by uid, one for each MAC address. An empty array if there are none. Concurrent
 * searches with the same options are one search.
 * @throws CemmError `CEMM_INPUT` for a wrong option, `CEMM_UNREACHABLE` if no socket can be opened; the signal's
 * reason; or what `onFound` threw.
 */
export async function discover(options: DiscoverOptions = {}): Promise<DiscoveredCemm[]> {
  const { uid = "", signal, onFound } = options;
  const failures: unknown[] = [];
  const onPart = (cemm: DiscoveredCemm) => {
    try {
      onFound?.(cemm);
    } catch (error) {
      failures.push(error);
    }
  };
  const search = checked(options);
  const key = `${search.timeout} ${search.port} ${uid} ${search.addresses.join()}`;
  const deadline = new Deadline(search.timeout + OVERTIME);
  const found = await searches.do(key, { deadline, signals: signal ? [signal] : [], onPart }, (call) =>
    findAll(options, uid, call),
  );
  if (failures.length > 0) throw failures[0];
  return found;
}

/** Extra time for a search to end, in ms, since this machine may be busy. */
const OVERTIME = 60_000;

async function findAll(
  options: SearchOptions,
  wanted: string,
  call: Call<DiscoveredCemm[], DiscoveredCemm>,
): Promise<DiscoveredCemm[]> {
  const found = new Map<string, DiscoveredCemm>();
  const done = new AbortController();
  const stop = () => done.abort();
  call.token.onCancel = stop;
  await searchNetwork({ ...options, signal: done.signal }, (cemm) => {
    const isWanted = cemm.uid === wanted;
    if (found.has(cemm.uid) || (found.size >= MAX_FOUND && !isWanted)) return;
    found.set(cemm.uid, cemm);
    call.part(cemm);
    if (isWanted) stop();
  });
  return [...found.values()].sort((a, b) => (a.uid < b.uid ? -1 : 1));
}

/** Passes on every answer as it arrives, repeats of a MAC address too, until the time is up or `signal` aborts. */
export async function searchNetwork(options: SearchOptions, onAnswer: (cemm: DiscoveredCemm) => void): Promise<void> {
  await broadcast(checked(options), (datagram, sender) => {
    const cemm = readAnswer(datagram, sender);
    if (cemm) onAnswer(cemm);
  });
}

function checked({
  timeout = LIMITS.searchTime.default * 1000,
  broadcast: chosen,
  port = DISCOVERY_PORT,
  signal = new AbortController().signal,
}: SearchOptions): Broadcast {
  const { min, max } = LIMITS.searchTime;
  if (!(timeout >= min * 1000 && timeout <= max * 1000)) {
    throw inputError(`Listen for ${min} to ${max} seconds, not ${timeout / 1000}.`);
  }
  if (chosen && chosen.length > LIMITS.addresses) {
    throw inputError(`A search may have at most ${LIMITS.addresses} broadcast addresses, not ${chosen.length}.`);
  }
  const addresses = chosen ?? broadcastAddresses();
  const wrong = addresses.find((address) => !isIPv4(address));
  if (wrong !== undefined) {
    throw inputError(`"${wrong}" is not a broadcast address; use one such as 192.168.1.255.`);
  }
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw inputError(`${port} is not a UDP port; CEMMs listen on ${DISCOVERY_PORT}.`);
  }
  return { query: QUERY, addresses, port, timeout, signal };
}

function readAnswer(datagram: Buffer, { address }: RemoteInfo): DiscoveredCemm | undefined {
  if (datagram.length > MAX_ANSWER) return undefined;
  const answer = DiscoveryAnswer.safeParse(tryJson(datagram.toString())).data;
  const uid = answer && parseUid(answer.mac);
  if (!uid) return undefined;
  const { port = 80, type, version, init_state } = answer;
  return {
    uid,
    mac: uid.replaceAll("-", ":"),
    // Uses the sender's address: the one in the answer may belong to another network, or be forged.
    host: port === 80 ? address : `${address}:${port}`,
    model: type ?? null,
    core: version ?? null,
    initState: init_state ?? null,
  };
}
