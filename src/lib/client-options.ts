/** A client's options, and what is wrong with them. */
import type { CemmAccount } from "./account.js";
import type { Access } from "./data/answer.js";
import { LIMITS } from "./data/limits-table.js";
import type { DiscoverOptions } from "./discovery.js";
import { CemmError, describeValue } from "./errors.js";
import { isAlias, parseHost, parseUid } from "./syntax.js";

/** How a CEMM can be reached. */
export const ACCESSES = ["lan", "cloud", "auto"] as const satisfies readonly Access[];

/** One CEMM: where it is, how it is reached, how long an answer may take. */
export interface CemmClientOptions {
  /** `lan`, `cloud`, or `auto`: the LAN first, the cloud while the LAN fails. Default `lan`. */
  access?: Access | undefined;
  /** Address on the LAN: `host`, `host:port`, `[v6]:port`. Blank: found on the network. */
  host?: string | undefined;
  /** MAC address in any usual notation. Blank: whoever answers at the host, or the only CEMM there is. */
  uid?: string | undefined;
  /** For `cloud` and `auto`. An account may be shared by many clients. */
  account?: CemmAccount | undefined;
  /** IANA name of the zone in which days, months and years begin; default Europe/Amsterdam. */
  timezone?: string | undefined;
  /** Seconds that one answer may take in all, promises and retries included; default 30. */
  timeout?: number | undefined;
  /** As errors and log lines call it. */
  name?: string | undefined;
  /** Where and how a CEMM without a host is searched for; default: everywhere. */
  discovery?: Pick<DiscoverOptions, "broadcast" | "port"> | undefined;
  /** Called with each line that a person may want to read in a log. */
  log?: ((line: string) => void) | undefined;
}

/** As errors and log lines call a CEMM. */
export function nameOf({ name, host, uid }: Pick<CemmClientOptions, "name" | "host" | "uid">): string {
  return name || host || uid || "CEMM";
}

/** @throws CemmError `CEMM_CONFIG`; `name` is the CEMM's in it. */
export function checkAccess(access: unknown, name: string): Access {
  const known = ACCESSES.find((each) => each === access);
  if (known) return known;
  throw new CemmError(
    "CEMM_CONFIG",
    `${name}: the connection (access) must be lan, cloud or auto, not ${describeValue(access)}.`,
  );
}

/** The timeout in ms. @throws CemmError `CEMM_CONFIG` */
export function checkTimeout(seconds: unknown, name: string): number {
  const { least, most } = LIMITS.timeout;
  if (typeof seconds === "number" && seconds >= least && seconds <= most) return seconds * 1000;
  throw new CemmError(
    "CEMM_CONFIG",
    `${name}: the time limit (timeout) must be ${least} to ${most} seconds, not ${describeValue(seconds)}.`,
  );
}

/** @throws CemmError `CEMM_INPUT` */
export function checkAlias(alias: unknown): asserts alias is string {
  if (typeof alias === "string" && isAlias(alias)) return;
  throw new CemmError(
    "CEMM_INPUT",
    `${describeValue(alias)} is not an alias; use lower-case letters, digits and dashes, such as p1, p1-gas or mb5.`,
  );
}

/** @throws CemmError `CEMM_CONFIG` */
export function checkUid(text: string, name: string): string {
  const uid = parseUid(text);
  if (uid) return uid;
  throw new CemmError(
    "CEMM_CONFIG",
    `${name}: ${describeValue(text)} is not a MAC address; use one such as 00-1E-C0-85-96-CC.`,
  );
}

/** What changes for another CEMM. @throws CemmError `CEMM_INPUT` */
export function targetOptions(target: unknown, { access = "lan" }: CemmClientOptions): Partial<CemmClientOptions> {
  const text = typeof target === "string" ? target : "";
  const uid = parseUid(text);
  if (uid) return { uid, host: "" };
  // A host is asked on the LAN only: the cloud would not know which CEMM is meant.
  if (access !== "cloud" && parseHost(text) !== undefined) return { access: "lan", host: text, uid: "" };
  const allowed =
    access === "cloud"
      ? "a MAC address such as 00-1E-C0-85-96-CC"
      : "a MAC address, or an address such as 192.168.1.10";
  throw new CemmError("CEMM_INPUT", `${describeValue(target)} is not a CEMM; use ${allowed}.`);
}
