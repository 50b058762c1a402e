/** Promises: kept, broken, renewed, endless, and things that only look like one. */
import { everywhere, type Fault, type Outcome, once, POWER, retried, right, WATTS } from "./fault.js";
import { http, type Reply } from "./raw-server.js";

const GOOD = http(WATTS);
const PROMISE = '{"promise":"59f2c0e3a1b84"}';
const promised = http(PROMISE, 202);

let count = 0;
const renewed: Reply = (socket) => void socket.end(http(`{"promise":"id-${count++}"}`, 202));

const KEPT: [string, Reply][] = [
  ["a promise with status 202", promised],
  ["a promise with status 200", http(PROMISE)],
  ["a promise with status 201", http(PROMISE, 201)],
  ["a 202 without a promise", http("{}", 202)],
  ["a 202 without a body", http("", 202)],
  ["a 202 with a page", http("<html>wait</html>", 202)],
  ["a 202 whose promise is a number", http('{"promise":42}', 202)],
  ["a promise beside data", http(`{"promise":"x","data":{"electric_power":[1,2]}}`)],
  ["a promise with Retry-After 0", http(PROMISE, 202, { "retry-after": "0" })],
  ["a promise with Retry-After 1", http(PROMISE, 202, { "retry-after": "1" })],
  ["a promise with an absurd Retry-After", http(PROMISE, 202, { "retry-after": "-3" })],
];

const ENDLESS: [string, Reply][] = [
  ["the same promise every time", promised],
  ["a new promise each time", renewed],
  ["promises with status 200 every time", http(PROMISE)],
  ["a promise with a Retry-After beyond the deadline", http(PROMISE, 202, { "retry-after": "3600" })],
];

const twice = (outcome: Omit<Outcome, "tries">) => everywhere({ ...outcome, tries: 2 });
const LOCKED = { code: "CEMM_BAD_RESPONSE", tries: 2 } as const;

export const PROMISE_FAULTS: Fault[] = [
  ...KEPT.map(([it, reply]) => ({ it: `${it}, kept`, replies: [reply, GOOD], outcomes: right(POWER, 2) })),
  ...ENDLESS.map(([it, reply]) => ({
    it,
    replies: [reply],
    timeout: 6,
    outcomes: everywhere({ code: "CEMM_PROMISE_TIMEOUT", tries: [2, 12] }),
  })),
  { it: "two promises, then data", replies: [promised, promised, GOOD], outcomes: right(POWER, 3) },
  {
    it: "a promise, then 412",
    replies: [promised, http("{}", 412)],
    outcomes: twice({ code: "CEMM_ALIAS_UNSUPPORTED" }),
  },
  {
    it: "a promise, then 403",
    replies: [promised, http("{}", 403)],
    outcomes: { lan: LOCKED, uid: LOCKED, cloud: { code: "CEMM_UNAUTHORIZED", tries: 2 } },
  },
  { it: "a promise, then a page", replies: [promised, http("<html>")], outcomes: twice({ code: "CEMM_BAD_RESPONSE" }) },
  { it: "a promise, then 408 once", replies: [promised, http("{}", 408), GOOD], outcomes: right(POWER, 3) },
  { it: "a promise, then 502 once", replies: [promised, http("{}", 502), GOOD], outcomes: right(POWER, 3) },
  { it: "a promise, then a broken connection once", replies: [promised, "", GOOD], outcomes: right(POWER, 3) },
  { it: "502 once, then a promise, then data", replies: [http("", 502), promised, GOOD], outcomes: right(POWER, 3) },
  {
    it: "a promise, then 502 every time",
    replies: [promised, http("{}", 502)],
    outcomes: {
      lan: { code: "CEMM_GATEWAY", tries: 3 },
      cloud: { code: "CEMM_GATEWAY", tries: 4 },
      uid: { code: "CEMM_GATEWAY", tries: 3 },
    },
  },
  { it: "promise null, and data", replies: [http(`{"promise":null,${WATTS.slice(1)}`)], outcomes: right(POWER) },
  ...["42", "null", "{}", "[]", "true"].map((value) => ({
    it: `a promise that is ${value}, with status 200`,
    replies: [http(`{"promise":${value}}`)],
    outcomes: once("CEMM_BAD_RESPONSE"),
  })),
  { it: "a promise that breaks off", replies: [http('{"promise":"59f')], outcomes: retried("CEMM_BAD_RESPONSE") },
];
