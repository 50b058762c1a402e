/** Every status, and every kind of Retry-After. */
import type { CemmErrorCode } from "../../../src/lib/index.js";
import { type Fault, once, POWER, retried, right, WATTS } from "./fault.js";
import { http } from "./raw-server.js";

const GOOD = http(WATTS);
const LOCATION = { location: "http://elsewhere.example/login?next=%2F" };

const REDIRECTS = [300, 301, 302, 303, 304, 305, 307, 308];
const UNEXPECTED = [
  400, 402, 405, 406, 407, 409, 410, 411, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 431, 451,
  499,
];
const SERVER_ERRORS = [500, 501, 505, 506, 507, 508, 510, 511, 520, 599];
const NOT_HTTP = [600, 799, 999];
const SUCCESSES = [201, 203, 206, 226, 299];

const RETRIED: [number, CemmErrorCode][] = [
  [408, "CEMM_TIMEOUT"],
  [429, "CEMM_RATE_LIMITED"],
  [502, "CEMM_GATEWAY"],
  [503, "CEMM_GATEWAY"],
  [504, "CEMM_GATEWAY"],
];

/** Times beyond the deadline, and texts that are not times. */
const TOO_LATE = ["3600", "999999999999", `1${"0".repeat(400)}`, "Fri, 31 Dec 2999 23:59:59 GMT"];
const NO_TIME = ["0", "-1", "soon", "", "1e3", "Thu, 01 Jan 1970 00:00:00 GMT"];

const LAN_404 = { code: "CEMM_ALIAS_UNSUPPORTED", tries: 1 } as const;
const LOCKED = { code: "CEMM_BAD_RESPONSE", tries: 1 } as const;
const DENIED = { code: "CEMM_UNAUTHORIZED", tries: 1 } as const;

const answer = (status: number, headers: Record<string, string> = {}) => http("{}", status, headers);
const each = (statuses: number[], row: (status: number) => Omit<Fault, "it">): Fault[] =>
  statuses.map((status) => ({ it: `status ${status}`, ...row(status) }));

export const STATUS: Fault[] = [
  ...each([401, 403], (status) => ({
    replies: [answer(status)],
    outcomes: { lan: LOCKED, uid: LOCKED, cloud: DENIED },
  })),
  ...each([404], (status) => ({
    replies: [answer(status)],
    outcomes: { lan: LAN_404, uid: LAN_404, cloud: { code: "CEMM_HTTP", tries: 1 } },
  })),
  ...each([412], (status) => ({ replies: [answer(status)], outcomes: once("CEMM_ALIAS_UNSUPPORTED") })),
  ...each(REDIRECTS, (status) => ({ replies: [answer(status, LOCATION)], outcomes: once("CEMM_BAD_RESPONSE") })),
  ...each(UNEXPECTED, (status) => ({ replies: [answer(status)], outcomes: once("CEMM_HTTP") })),
  ...each(SERVER_ERRORS, (status) => ({ replies: [answer(status)], outcomes: once("CEMM_GATEWAY") })),
  ...each(NOT_HTTP, (status) => ({ replies: [answer(status)], outcomes: once("CEMM_BAD_RESPONSE") })),
  ...each(SUCCESSES, (status) => ({ replies: [http(WATTS, status)], outcomes: right(POWER) })),
  ...each([204, 205], (status) => ({
    replies: [Buffer.from(`HTTP/1.1 ${status} None\r\nconnection: close\r\n\r\n`)],
    outcomes: once("CEMM_BAD_RESPONSE"),
  })),
  ...RETRIED.map(([status, code]) => ({ it: `status ${status}`, replies: [answer(status)], outcomes: retried(code) })),
  ...RETRIED.map(([status]) => ({
    it: `status ${status}, once`,
    replies: [answer(status), GOOD],
    outcomes: right(POWER, 2),
  })),
  ...[429, 503].flatMap((status): Fault[] => [
    ...TOO_LATE.map((after) => ({
      it: `status ${status} with Retry-After ${after.slice(0, 30)}`,
      replies: [answer(status, { "retry-after": after })],
      outcomes: once(status === 429 ? "CEMM_RATE_LIMITED" : "CEMM_GATEWAY"),
    })),
    ...NO_TIME.map((after) => ({
      it: `status ${status} once, with Retry-After "${after}"`,
      replies: [answer(status, { "retry-after": after }), GOOD],
      outcomes: right(POWER, 2),
    })),
    {
      it: `status ${status} once, with Retry-After 1`,
      replies: [answer(status, { "retry-after": "1" }), GOOD],
      outcomes: right(POWER, 2),
    },
  ]),
];
