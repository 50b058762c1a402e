/** Checks the options of a client or an account, which may be anything in an untyped script or a flow file. */
import type { Access } from "./data/answer.js";
import { LIMITS } from "./data/limits-table.js";
import { configError, describeValue, inputError } from "./errors.js";
import { type BaseUrl, isLoopback, parseBaseUrl, parseHost, parseUid, variableIn } from "./syntax.js";

/** The Open API of the CEMM cloud. */
export const DEFAULT_BASE_URL = "https://open-api.cemm.nl/v1/";

export const ACCESSES = ["lan", "cloud", "auto"] as const satisfies readonly Access[];

/** A text, blank if absent. @throws CemmError `CEMM_CONFIG` */
export function checkText(option: string, value: unknown = ""): string {
  if (typeof value === "string") return value;
  throw configError(`The option "${option}" must be text, not ${describeValue(value)}.`);
}

/** The label of a CEMM in errors and log lines. */
export function nameOf({ name, host, uid }: Partial<Record<"name" | "host" | "uid", string | undefined>>): string {
  return name || host || uid || "CEMM";
}

/** @throws CemmError `CEMM_CONFIG`; `name` is the CEMM's label. */
export function checkAccess(access: unknown, name: string): Access {
  const known = ACCESSES.find((each) => each === access);
  if (known) return known;
  throw configError(`${name}: the connection (access) must be lan, cloud or auto, not ${describeValue(access)}.`);
}

/** The timeout in ms. @throws CemmError `CEMM_CONFIG` */
export function checkTimeout(seconds: unknown, name: string): number {
  const { min, max } = LIMITS.timeout;
  if (typeof seconds === "number" && seconds >= min && seconds <= max) return seconds * 1000;
  throw configError(
    `${name}: the time limit (timeout) must be ${min} to ${max} seconds, not ${describeValue(seconds)}.`,
  );
}

/** @throws CemmError `CEMM_CONFIG`; blank is undefined. */
export function checkUid(text: string, name: string): string | undefined {
  if (text === "") return undefined;
  const uid = parseUid(text);
  if (uid) return uid;
  throw configError(`${name}: ${describeValue(text)} is not a MAC address; use one such as 00-1E-C0-85-96-CC.`);
}

/** `host[:port]`; blank is undefined. @throws CemmError `CEMM_CONFIG` */
export function checkHost(text: string, name: string): string | undefined {
  if (text === "") return undefined;
  const host = parseHost(text);
  if (host !== undefined) return host;
  throw configError(
    `${name}: ${describeValue(text)} is not an address; enter a name or an IP address, such as 192.168.1.10.`,
  );
}

/** The options that change for another CEMM; `access` is that of the client. @throws CemmError `CEMM_INPUT` */
export function checkTarget(target: unknown, access: Access): { access: Access; host: string; uid: string } {
  const text = typeof target === "string" ? target : "";
  const uid = parseUid(text);
  if (uid) return { access, uid, host: "" };
  // A host is asked on the LAN only, since the cloud cannot know which CEMM is meant.
  if (access !== "cloud" && parseHost(text) !== undefined) return { access: "lan", host: text, uid: "" };
  const allowed =
    access === "cloud"
      ? "a MAC address such as 00-1E-C0-85-96-CC"
      : "a MAC address, or an address such as 192.168.1.10";
  throw inputError(`${describeValue(target)} is not a CEMM; use ${allowed}.`);
}

/** `account` is the account's name in errors. @throws CemmError `CEMM_CONFIG` */
export function checkKey(apiKey: unknown, account: string): string {
  if (typeof apiKey !== "string" || apiKey.trim() === "")
    throw configError(`${account} has no API key. Enter it, and deploy.`);
  // Node-RED leaves ${NAME} unchanged if there is no such variable.
  if (variableIn(apiKey))
    throw configError(`${account} has an API key that names an environment variable that is not set.`);
  if (!/^[\x21-\x7e]+$/.test(apiKey))
    throw configError(
      `${account} has an API key with a space, a line break or a letter that no key has. Enter it again.`,
    );
  return apiKey;
}

export function checkBaseUrl(text: string, account: string): BaseUrl {
  const base = parseBaseUrl(text);
  if (!base) {
    throw configError(`${account} has a base address that cannot be used; the usual one is ${DEFAULT_BASE_URL}.`);
  }
  if (base.protocol === "http:" && !isLoopback(base.host)) {
    throw configError(
      `${account} must have a base address with https: with http, anyone along the way to ${base.host} could read the API key.`,
    );
  }
  return base;
}

export function checkConcurrency(concurrency: number, account: string): void {
  const { min, max } = LIMITS.concurrency;
  if (Number.isInteger(concurrency) && concurrency >= min && concurrency <= max) return;
  throw configError(`${account} can have ${min} to ${max} requests at a time, not ${describeValue(concurrency)}.`);
}
