/** The options of a simulator, on the command line and in code. */
import { isTimezone } from "./calendar.js";
import { type FaultShares, faultNames, isFaultName } from "./faults.js";
import { isKnownAlias, KNOWN_ALIASES, metersOf, sharingConnection } from "./meters.js";

export interface SimulatorOptions {
  host: string;
  /** Of the first CEMM; the n-th has this + n - 1. 0: any free ports. Default: 8080, or none for more than 100 CEMMs. */
  lanPort: number;
  /** Default: 8081, or the first port after the CEMMs' if one of them has that. */
  cloudPort: number;
  udpPort: number;
  apiKey: string;
  devices: number;
  /** The aliases of every CEMM; default: a full house first, smaller ones after it. */
  meters: readonly string[];
  timezone: string;
  seed: number;
  /** Delay of a promise, ms; 0: none. */
  promise: number;
  /** Share of the cloud's requests that get one, 0 to 1. */
  promiseShare: number;
  /** Delay of each HTTP answer, ms. */
  latency: number;
  /** Shares of the requests, 0 to 1. */
  faults: FaultShares;
  now: () => number;
}

export class OptionError extends Error {
  override name = "OptionError";
}

export type CheckedOptions = Omit<SimulatorOptions, "meters" | "seed" | "lanPort"> & {
  /** None: only the cloud answers. */
  lanPort: number | undefined;
  seed: string;
  meters: readonly string[] | undefined;
};

export type Given = { [Name in keyof SimulatorOptions]?: SimulatorOptions[Name] | undefined };

const DEFAULT_LAN_PORT = 8080;
const DEFAULT_CLOUD_PORT = 8081;
const MAX_PORT = 65_535;
const MAX_DEVICES = 1000;
const MAX_LOCAL = 100;
const MAX_LATENCY = 60_000;

export function checked(given: Given): CheckedOptions {
  const { devices = 1, seed = 1 } = given;
  const lanPort = given.lanPort ?? (devices > MAX_LOCAL ? undefined : DEFAULT_LAN_PORT);
  const options: CheckedOptions = {
    host: given.host ?? "127.0.0.1",
    lanPort,
    cloudPort: given.cloudPort ?? freeOf(lanPort ?? 0, devices),
    udpPort: given.udpPort ?? 9777,
    apiKey: given.apiKey ?? "demo",
    devices,
    meters: given.meters,
    timezone: given.timezone ?? "Europe/Amsterdam",
    seed: String(seed),
    promise: given.promise ?? 0,
    promiseShare: given.promiseShare ?? 1,
    latency: given.latency ?? 0,
    faults: given.faults ?? {},
    now: given.now ?? Date.now,
  };
  inRange("--devices", devices, 1, MAX_DEVICES);
  inRange("--lan-port", lanPort ?? 0, 0, MAX_PORT - devices + 1);
  inRange("--cloud-port", options.cloudPort, 0, MAX_PORT);
  inRange("--udp-port", options.udpPort, 0, MAX_PORT);
  inRange("--seed", seed, 0, Number.MAX_SAFE_INTEGER);
  inRange("--promise", options.promise, 0, Number.MAX_SAFE_INTEGER);
  if (!isShare(options.promiseShare)) throw new OptionError("--promise: the share must be from 0 to 1");
  inRange("--latency", options.latency, 0, MAX_LATENCY);
  if (!isTimezone(options.timezone))
    throw new OptionError(`--timezone: "${options.timezone}" is not an IANA time zone`);
  if (options.apiKey === "") throw new OptionError("--api-key: it must not be empty");
  if (options.meters) checkMeters(options.meters);
  for (const [name, share] of Object.entries(options.faults)) checkFault(name, share);
  return options;
}

function checkMeters(aliases: readonly string[]): void {
  for (const alias of aliases) {
    if (!isKnownAlias(alias))
      throw new OptionError(`--meters: no meter has the alias "${alias}"; known: ${KNOWN_ALIASES}`);
  }
  const [one, other] = sharingConnection(metersOf(aliases)) ?? [];
  if (one && other) throw new OptionError(`--meters: ${one.alias} and ${other.alias} share a connection`);
}

function freeOf(lanPort: number, devices: number): number {
  const isTaken = lanPort > 0 && lanPort <= DEFAULT_CLOUD_PORT && lanPort + devices > DEFAULT_CLOUD_PORT;
  return isTaken ? lanPort + devices : DEFAULT_CLOUD_PORT;
}

function inRange(option: string, value: number, lowest: number, highest: number): void {
  if (!Number.isInteger(value) || value < lowest || value > highest) {
    throw new OptionError(`${option}: a whole number from ${lowest} to ${highest} is needed`);
  }
}

function checkFault(name: string, share: number): void {
  if (!isFaultName(name)) throw new OptionError(`--fault: "${name}" is not known; known: ${faultNames.join(", ")}`);
  if (!isShare(share)) throw new OptionError(`--fault: the share of "${name}" must be from 0 to 1`);
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1;
}
