/** No error, log line, status or message ever holds the API key, in no encoding. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { endFlow, type Flow, type FlowOptions, flows, flowsAtOnce, startFlow } from "../support/flow.js";
import helper from "../support/node-red-helper.js";
import { NOBODY, testbed, UID } from "../support/server.js";
import {
  type Answer,
  body,
  bytes,
  good,
  json,
  onSocket,
  promised,
  silence,
  status,
} from "../support/server-answers.js";

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

/** Answers that hold the address they were asked at, with the key in it. */
const echo =
  (answer: (url: string) => Answer): Answer =>
  (response, n) =>
    answer(response.req.url ?? "")(response, n);

const FAILURES: Record<string, Answer> = {
  401: status(401),
  403: status(403),
  404: status(404),
  408: status(408),
  412: status(412),
  418: status(418),
  429: status(429),
  500: status(500),
  502: status(502),
  "a status whose reason holds the address": (response) => {
    response.writeHead(400, `Bad Request ${encodeURIComponent(KEY)}`).end();
  },
  "a redirect to the same address elsewhere": echo((url) => status(302, { location: `http://127.0.0.1:1${url}` })),
  "a redirect to what is no address": echo((url) => status(302, { location: url })),
  "a page that shows the address": echo((url) => body(`<html>${url}</html>`)),
  "JSON that breaks off after the address": echo((url) => body(`{"url":"${url}`)),
  "JSON of another shape, with the address": echo((url) => json({ data: url, [url]: url })),
  "a compressed answer, its coding the address": echo((url) => body("x", 200, { "content-encoding": url })),
  "an empty answer": body(""),
  "no HTTP": bytes("\0\x01\x02"),
  "a header that is none, with the address": echo((url) => bytes(`HTTP/1.1 200 OK\r\n${url}\r\n\r\n`)),
  reset: onSocket((socket) => void socket.resetAndDestroy()),
  silence,
  "a promise that never ends": promised,
};

function assertAbsent(what: unknown): void {
  const text = inspect(what, { depth: 12, maxStringLength: null, maxArrayLength: null, showHidden: true });
  for (const secret of ENCODED) assert.ok(!text.includes(secret), text.slice(0, 2000));
}

function optionsOf(baseUrl: string, node: { type: string }, apiKey = KEY): FlowOptions {
  const account = { name: "Home", baseUrl, apiKey };
  return { node, device: { access: "cloud", uid: UID, timeout: 0.6 }, account };
}

/** Sends a message, and looks through all that can be seen of it. Returns whether it failed. */
async function runAndLook(flow: Flow): Promise<boolean> {
  const raised: unknown[] = [];
  flow.node.once("call:error", ({ args }: { args: unknown[] }) => raised.push(args));
  const { sent, caught } = await flow.end({ payload: "asked" });
  const calls = helper.log().args;
  assertAbsent([sent, caught, flow.statuses.all, raised, calls]);
  assertAbsent(JSON.stringify([sent, caught, calls.map(([entry]) => entry)]));
  return caught !== undefined;
}

describe("the API key, in failures", () => {
  const bed = testbed();
  const rows = Object.entries(FAILURES).map(([what, answer]) => ({ it: `appears nowhere: ${what}`, answer }));

  flowsAtOnce(
    rows,
    async ({ answer }) => optionsOf(`http://${(await bed.serve(answer)).host}/v1/`, { type: "cemm-realtime" }),
    async (flow) => assert.ok(await runAndLook(flow), "it fails"),
  );
});

describe("the API key", () => {
  flows();
  const bed = testbed();

  async function run(...of: Parameters<typeof optionsOf>): Promise<boolean> {
    const failed = await runAndLook(await startFlow(optionsOf(...of)));
    await endFlow();
    return failed;
  }

  for (const type of ["cemm-realtime", "cemm-history", "cemm-totals", "cemm-discover"]) {
    it(`appears nowhere: ${type}, refused`, async () => {
      const source = type === "cemm-discover" ? { source: "cloud" } : {};
      assert.ok(await run(`http://${NOBODY}/v1/`, { type, ...source }));
    });
  }

  it("appears nowhere: no such name, no TLS", async () => {
    const { host } = await bed.serve(good);
    assert.ok(await run("https://cemm-test.invalid/v1/", { type: "cemm-realtime" }));
    assert.ok(await run(`https://${host}/v1/`, { type: "cemm-realtime" }));
  });

  it("appears nowhere: a base address that holds it", async () => {
    for (const base of [`https://h/?api_key=${KEY}`, `http://h/${KEY}`, `https://u:${KEY}@h/`, KEY]) {
      assert.ok(await run(base, { type: "cemm-realtime" }));
    }
  });

  it("appears nowhere: a key that cannot be used", async () => {
    for (const wrong of [`${KEY}\n${KEY}`, `${KEY} ${KEY}`, `${KEY}ü`]) {
      const { host } = await bed.serve(good);
      assert.ok(await run(`http://${host}/v1/`, { type: "cemm-realtime" }, wrong));
    }
  });

  for (const node of [
    { type: "cemm-realtime", format: "raw" },
    { type: "cemm-totals", split: true },
  ]) {
    it(`appears nowhere in an answer (${node.type})`, async () => {
      const { host } = await bed.serve(good);
      assert.ok(!(await run(`http://${host}/v1/`, node)));
    });
  }

  it("appears nowhere in a range with failing periods", async () => {
    const { host } = await bed.serve((response, n) =>
      (n === 1 ? status(403) : json({ data: { gas: [] } }))(response, n),
    );
    const range = { period: "month", time: "2026-01", timeType: "str", to: "2026-03", toType: "str" };
    assert.ok(await run(`http://${host}/v1/`, { ...range, type: "cemm-history" }));
  });
});
