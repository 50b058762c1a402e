/**
 * No node shows the API key. Every fault and answer that repeats the key, through a live node and the
 * client, and every field in which a user may type it by mistake: test/proofs/secrets.
 */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { type Flow, flowsAtOnce, inCloud } from "../support/flow.js";
import helper from "../support/node-red-helper.js";
import { testbed } from "../support/server.js";
import { type Answer, body, good, json, status } from "../support/server-answers.js";

const KEY = "p%k+y/=&x";
const ENCODED = [
  KEY,
  encodeURIComponent(KEY),
  encodeURI(KEY),
  new URLSearchParams({ k: KEY }).toString().slice(2),
  Buffer.from(KEY).toString("base64"),
  Buffer.from(KEY).toString("base64url"),
  Buffer.from(KEY).toString("hex"),
];

/** Repeats the request's address, which contains the key. */
const page: Answer = (response, n) => body(`<html>${response.req.url}</html>`)(response, n);
const exceptSecond: Answer = (response, n) => (n === 1 ? status(403) : json({ data: { gas: [] } }))(response, n);
const RANGE = { period: "month", time: "2026-01", timeType: "str", to: "2026-03", toType: "str" };

const ROWS = [
  { it: "a live value, refused", node: { type: "cemm-realtime" }, answer: page, fails: true },
  { it: "a history, refused", node: { type: "cemm-history" }, answer: page, fails: true },
  { it: "readings, refused", node: { type: "cemm-totals" }, answer: page, fails: true },
  { it: "a search, refused", node: { type: "cemm-discover", source: "cloud" }, answer: page, fails: true },
  { it: "a range with a failing period", node: { type: "cemm-history", ...RANGE }, answer: exceptSecond, fails: true },
  { it: "the body of an answer", node: { type: "cemm-realtime", format: "raw" }, answer: good, fails: false },
  { it: "readings, one message each", node: { type: "cemm-totals", split: true }, answer: good, fails: false },
];

function assertAbsent(what: unknown): void {
  const text = inspect(what, { depth: 12, maxStringLength: null, maxArrayLength: null, showHidden: true });
  for (const secret of ENCODED) assert.ok(!text.includes(secret), text.slice(0, 2000));
}

/** Sends a message, and searches everything that a user can see of it. Returns whether it failed. */
async function runAndLook(flow: Flow): Promise<boolean> {
  const raised: unknown[] = [];
  flow.node.once("call:error", ({ args }: { args: unknown[] }) => raised.push(args));
  const { sent, caught } = await flow.end({ payload: "asked" });
  const calls = helper.log().args;
  assertAbsent([sent, caught, flow.statuses.all, raised, calls]);
  assertAbsent(JSON.stringify([sent, caught, calls.map(([entry]) => entry)]));
  return caught !== undefined;
}

describe("the API key appears nowhere in", () => {
  const bed = testbed();

  flowsAtOnce(
    ROWS,
    async ({ node, answer }) => {
      const { device, account } = inCloud((await bed.serve(answer)).host);
      return { node, device, account: { ...account, apiKey: KEY } };
    },
    async (flow, { fails }) => assert.equal(await runAndLook(flow), fails),
  );
});
