/** CEMMs on this machine: their local APIs, the cloud in front of them, and discovery. */
import { lookup } from "node:dns/promises";
import { isIPv6 } from "node:net";
import { addressTowards, anyOwnAddress } from "./addresses.js";
import { Cemm } from "./cemm.js";
import { cloudApi } from "./cloud-api.js";
import { startDiscovery } from "./discovery.js";
import { FaultDraw } from "./faults.js";
import { Household } from "./household.js";
import { startHttpServer } from "./http-server.js";
import { lanApi } from "./lan-api.js";
import { metersOf, solarMeters } from "./meters.js";
import { type CheckedOptions, checked, type Given, OptionError } from "./options.js";

export type { SimulatorOptions } from "./options.js";

export interface Simulator {
  addresses: {
    /** `127.0.0.1:8080`, one for each CEMM. */
    lan: string[];
    /** `http://127.0.0.1:8081/v1/` */
    cloud: string;
    /** `127.0.0.1:9777` */
    udp: string;
  };
  /** As the cloud spells them, in the order of `addresses.lan`. */
  uids: string[];
  apiKey: string;
  /** Ends every connection immediately. */
  close(): Promise<void>;
}

const FULL_HOUSE = ["p1", "p1-gas", "s01", "pulse-3", "mb3", "usage"];
const SMALL_HOUSE = ["p1", "p1-gas", "s01", "usage"];

/** A household takes a second to compute, so many CEMMs share a few of them, each with its own meter readings. */
const MAX_HOUSEHOLDS = 10;
// A household is a pure function: simulators of one process with the same options share it.
const households = new Map<string, Household>();

export async function startSimulator(given: Given = {}): Promise<Simulator> {
  const options = checked(given);
  const address = await resolveHost(options.host);
  const open: Closable[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.splice(0).map((server) => server.close()));
  };
  try {
    return { ...(await listen(options, address, open)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Closable {
  close(): Promise<void>;
}

async function resolveHost(host: string): Promise<string> {
  try {
    return (await lookup(host, { verbatim: false })).address;
  } catch {
    throw new OptionError(`--host: "${host}" cannot be resolved`);
  }
}

/** Opens the LAN APIs, the cloud and discovery; each is added to `open`, so that a failure can close it. */
async function listen(options: CheckedOptions, address: string, open: Closable[]): Promise<Omit<Simulator, "close">> {
  const { seed, faults, apiKey, latency } = options;
  const isEvery = address === "0.0.0.0" || address === "::";
  const shown = isEvery ? anyOwnAddress() : address;
  const cemms = Array.from({ length: options.devices }, (_, index) => makeCemm(options, index));
  const local = await listenLocally(cemms, options, address, open);
  const api = cloudApi({ ...options, cemms });
  const draw = new FaultDraw(faults, seed, "cloud");
  const server = { host: address, port: options.cloudPort, option: "--cloud-port", api, faults: draw, latency };
  const cloud = await startHttpServer(server);
  open.push(cloud);
  const udpDraw = new FaultDraw(faults, seed, "udp");
  const ipFor = isEvery ? addressTowards : () => shown;
  const discovery = await startDiscovery({ address, port: options.udpPort, cemms: local, ipFor, faults: udpDraw });
  open.push(discovery);
  const addresses = {
    lan: local.map(({ port }) => authority(shown, port)),
    cloud: `http://${authority(shown, cloud.port)}/v1/`,
    udp: authority(shown, discovery.port),
  };
  return { addresses, uids: cemms.map(({ uid }) => uid), apiKey };
}

/** A local API for each CEMM; none if no port was chosen. */
async function listenLocally(
  cemms: readonly Cemm[],
  { lanPort, faults, seed, latency, now }: CheckedOptions,
  host: string,
  open: Closable[],
): Promise<{ cemm: Cemm; port: number }[]> {
  if (lanPort === undefined) return [];
  const local: { cemm: Cemm; port: number }[] = [];
  for (const [index, cemm] of cemms.entries()) {
    const port = lanPort && lanPort + index;
    const draw = new FaultDraw(faults, `${seed} ${index}`, "lan");
    const server = { host, port, option: "--lan-port", api: lanApi(cemm, now), faults: draw, latency };
    const lan = await startHttpServer(server);
    open.push(lan);
    local.push({ cemm, port: lan.port });
  }
  return local;
}

function makeCemm({ seed, timezone, meters }: CheckedOptions, index: number): Cemm {
  const aliases = meters ?? (index === 0 ? FULL_HOUSE : SMALL_HOUSE);
  const solar = solarMeters(metersOf(aliases));
  const size = index === 0 ? 1 : 0.6;
  const household = index === 0 ? 0 : 1 + ((index - 1) % (MAX_HOUSEHOLDS - 1));
  const own = { seed: `${seed} ${household}`, timezone, size, solar };
  const key = JSON.stringify(own);
  const known = households.get(key) ?? new Household(own);
  households.set(key, known);
  return new Cemm({ seed, index, aliases, household: known });
}

function authority(address: string, port: number): string {
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`;
}
