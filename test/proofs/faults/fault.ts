/** A row of the table: a fault, and the expected result on each route. */
import type { CemmErrorCode, Values } from "../../../src/lib/index.js";
import type { Reply } from "./raw-server.js";

/** `uid`: the LAN, with the MAC address of the wanted CEMM. */
export const FAULT_ROUTES = ["lan", "cloud", "uid"] as const;
export type FaultRoute = (typeof FAULT_ROUTES)[number];

/** How many requests for live values the server must have seen; two numbers: at least and at most. */
export type Tries = number | readonly [number, number];

/** The expected error code or values, and the number of requests. */
export interface Outcome {
  code?: CemmErrorCode;
  values?: Values;
  tries: Tries;
}

export interface Fault {
  it: string;
  /** Sent in this order; the last one repeats. Empty: nothing listens. */
  replies: readonly Reply[];
  root?: readonly Reply[];
  /** Seconds; default {@link AMPLE}. */
  timeout?: number;
  outcomes: Partial<Record<FaultRoute, Outcome>>;
}

/** Long enough for every retry, on a busy machine too. */
export const AMPLE = 40;
/** For rows that wait for their deadline. */
export const SHORT = 2;

type Outcomes = Fault["outcomes"];

/** Retried: once on the LAN, twice in the cloud. */
export function retried(code: CemmErrorCode): Outcomes {
  return { lan: { code, tries: 2 }, cloud: { code, tries: 3 }, uid: { code, tries: 2 } };
}

/** Not retried. */
export function once(code: CemmErrorCode): Outcomes {
  return everywhere({ code, tries: 1 });
}

export function right(values: Values, tries = 1): Outcomes {
  return everywhere({ values, tries });
}

export function everywhere(outcome: Outcome): Outcomes {
  return { lan: outcome, cloud: outcome, uid: outcome };
}

/** Silence is retried, as often as an error. */
export function silent(code: CemmErrorCode = "CEMM_TIMEOUT"): Outcomes {
  return retried(code);
}

/** A server that sends something now and then is not silent: the client waits until the deadline. */
export function slow(): Outcomes {
  return once("CEMM_TIMEOUT");
}

export const TIME = 1_632_948_526_000;
export const WATTS = `{"io_id":1,"data":{"electric_power":[${TIME},193]}}`;
export const POWER: Values = { electric_power: 193 };
