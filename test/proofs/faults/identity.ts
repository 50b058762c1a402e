/** On the LAN any device may have the address: the identity at the root is checked before and after a request. */
import { fixtureText } from "../../support/fixtures.js";
import { type Fault, type Outcome, POWER, SHORT, WATTS } from "./fault.js";
import { http, type Reply } from "./raw-server.js";

const GOOD = http(WATTS);
const OURS = http(fixtureText("lan/info"));
const OTHER = http(fixtureText("lan/info-plus"));
const bad: Outcome = { code: "CEMM_BAD_RESPONSE", tries: [0, 2] };
const wrong: Outcome = { code: "CEMM_WRONG_DEVICE", tries: [0, 1] };
const starting: Outcome = { code: "CEMM_BAD_RESPONSE", tries: [0, 2] };
const refused: Outcome = { code: "CEMM_WRONG_DEVICE", tries: [0, 2] };
const power: Outcome = { values: POWER, tries: 1 };

/** Roots of devices that are not CEMMs. Their good answers must not count as readings of the wanted uid. */
const NO_CEMM: [string, Reply][] = [
  ["a router's page", http("<html>router</html>")],
  ["a page behind a login", http("", 401)],
  ["a redirect to https", http("", 301, { location: "https://nas.local/" })],
  ["another protocol", "SSH-2.0-dropbear\r\n"],
];

const NO_MAC: [string, Reply][] = [
  ["another product's JSON", http('{"product":"P1 meter","serial":"3c39e7"}')],
  ["no MAC", http('{"data":{"name":"CEMM"}}')],
  ["an empty MAC", http('{"data":{"mac":"","name":"CEMM"}}')],
  ["an invalid MAC", http('{"data":{"mac":"none","name":"CEMM"}}')],
  ["a MAC with letters that are not hex", http('{"data":{"mac":"00:00:00:00:00:zz"}}')],
  ["a MAC that is an object", http('{"data":{"mac":{},"name":"CEMM"}}')],
];

export const IDENTITY: Fault[] = [
  ...NO_CEMM.map(([it, root]) => ({
    it: `good answers, but ${it} at the root`,
    replies: [GOOD],
    root: [root],
    outcomes: { lan: bad, uid: { ...bad, tries: [0, 2] as const } },
  })),
  {
    it: "good answers, but an internal error at the root",
    replies: [GOOD],
    root: [http("", 500)],
    outcomes: { lan: { code: "CEMM_GATEWAY", tries: [0, 2] }, uid: { code: "CEMM_GATEWAY", tries: [0, 2] } },
  },
  {
    it: "good answers, but silence at the root",
    replies: [GOOD],
    root: [() => {}],
    timeout: SHORT,
    outcomes: { uid: { code: "CEMM_TIMEOUT", tries: [0, 2] } },
  },
  {
    it: "good answers, but 404 at the root",
    replies: [GOOD],
    root: [http("", 404)],
    outcomes: { lan: power, uid: starting },
  },
  ...NO_MAC.map(([it, root]) => ({
    it: `good answers, but ${it} at the root`,
    replies: [GOOD],
    root: [root],
    outcomes: { lan: power, uid: refused },
  })),
  { it: "another CEMM has the address", replies: [GOOD], root: [OTHER], outcomes: { lan: power, uid: wrong } },
  {
    it: "another CEMM gets the address during the request",
    replies: [GOOD],
    root: [OURS, OTHER],
    outcomes: { uid: { ...refused, tries: [1, 2] } },
  },
  {
    it: "404 from another CEMM",
    replies: [http("", 404)],
    root: [OTHER],
    outcomes: { lan: { code: "CEMM_ALIAS_UNSUPPORTED", tries: 1 }, uid: wrong },
  },
  {
    it: "404, also at the root: a CEMM that is starting, or another product",
    replies: [http("", 404)],
    root: [http("", 404)],
    outcomes: { lan: { code: "CEMM_BAD_RESPONSE", tries: [1, 2] }, uid: starting },
  },
  {
    it: "404 from another product",
    replies: [http("", 404)],
    root: [http("<html>printer</html>")],
    outcomes: { lan: bad, uid: bad },
  },
  {
    it: "404 from a CEMM that is another product afterwards",
    replies: [http("", 404)],
    root: [OURS, http("<html>printer</html>")],
    outcomes: { lan: bad, uid: bad },
  },
  ...[401, 403].map((status) => ({
    it: `${status}, also at the root`,
    replies: [http("", status)],
    root: [http("", status)],
    outcomes: { lan: bad, uid: bad },
  })),
];
