/** `cemm-account`: one Open API account. */
import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import { flows, type Properties, startFlow, variable } from "../support/flow.js";
import { KEY, testbed, UID } from "../support/server.js";
import { good, later } from "../support/server-answers.js";

const node = { type: "cemm-realtime" };
const device = { access: "cloud", uid: UID, name: "House" };
const UNSET = variable("CEMM_TEST_IS_NOT_SET");

async function failure(account: Properties & { apiKey?: unknown }) {
  const flow = await startFlow({ node, device, account: { name: "Home", ...account } });
  return flow.error();
}

describe("cemm-account", () => {
  flows();
  const bed = testbed();

  it("sends the key in the query of every request", async () => {
    const server = await bed.serve(good);
    const flow = await startFlow({ node, device, account: { baseUrl: `http://${server.host}/v1`, apiKey: KEY } });
    await flow.answer();
    assert.equal(server.questions[0]?.url.searchParams.get("api_key"), KEY);
  });

  it(`takes ${variable("ENV")} for baseUrl and apiKey, from a file of Windows, too`, async () => {
    const server = await bed.serve(good);
    Object.assign(process.env, { CEMM_TEST_URL: `http://${server.host}/v1/\r`, CEMM_TEST_KEY: "from-env\r" });
    const account = { baseUrl: variable("CEMM_TEST_URL"), apiKey: variable("CEMM_TEST_KEY") };
    const flow = await startFlow({ node, device, account });
    await flow.answer();
    assert.equal(server.questions[0]?.url.searchParams.get("api_key"), "from-env");
    for (const name of ["CEMM_TEST_URL", "CEMM_TEST_KEY"]) delete process.env[name];
  });

  for (const [concurrency, expected] of [
    [undefined, 4],
    ["", 4],
    [2, 2],
    ["6", 6],
  ] as const) {
    it(`concurrency ${concurrency}: ${expected} requests under way at a time`, async () => {
      const server = await bed.serve(later(100, good));
      const account = { baseUrl: `http://${server.host}/v1/`, apiKey: KEY, concurrency };
      const flow = await startFlow({ node: { ...node, alias: "alias", aliasType: "msg" }, device, account });
      await Promise.all(Array.from({ length: 8 }, (_, n) => flow.answer({ alias: `mb${n}` })));
      assert.equal(server.busiest, expected);
    });
  }

  for (const concurrency of [0, 33, 1.5, "many", UNSET]) {
    it(`CEMM_CONFIG where the concurrency is ${concurrency}`, async () => {
      const { code, message } = await failure({ baseUrl: "http://127.0.0.1:9/", apiKey: KEY, concurrency });
      assert.equal(code, "CEMM_CONFIG");
      assert.match(message, /Home/);
    });
  }

  const WRONG_KEYS: [string, unknown, RegExp][] = [
    ["missing", undefined, /no API key/],
    ["blank", "  ", /no API key/],
    ["not text", 5, /no API key/],
    ["with a line feed", "abc\ndef", /line feed/],
    ["with non-ASCII letters", "schlüssel", /letter/],
    ["an unset variable", UNSET, /not set/],
  ];
  for (const [what, apiKey, told] of WRONG_KEYS) {
    it(`CEMM_CONFIG where the key is ${what}`, async () => {
      const { code, message } = await failure({ apiKey });
      assert.equal(code, "CEMM_CONFIG");
      assert.match(message, told);
      assert.match(message, /Home/, "it names the account");
      if (typeof apiKey === "string" && apiKey.trim() && apiKey !== UNSET) assert.ok(!message.includes(apiKey));
    });
  }

  const WRONG_URLS: [string, string, RegExp][] = [
    ["http to another machine", "http://open-api.cemm.nl/v1/", /https/],
    ["no address", "open-api", /base address/],
    ["another protocol", "ftp://127.0.0.1/", /base address/],
    ["an address with a query", `http://127.0.0.1/?api_key=${KEY}`, /base address/],
    ["an unset variable", UNSET, /CEMM_TEST_IS_NOT_SET.*not set/],
  ];
  for (const [what, baseUrl, told] of WRONG_URLS) {
    it(`CEMM_CONFIG where baseUrl is ${what}`, async () => {
      const { code, message } = await failure({ baseUrl, apiKey: KEY });
      assert.equal(code, "CEMM_CONFIG");
      assert.match(message, told);
      assert.ok(!message.includes(KEY));
    });
  }

  it("http is taken for loopback addresses", async () => {
    const { host } = await bed.serve(good);
    const port = host.split(":").at(-1);
    const flow = await startFlow({ node, device, account: { baseUrl: `http://localhost:${port}/v1/`, apiKey: KEY } });
    await flow.answer();
  });

  it("CEMM_CONFIG where the account is missing or disabled", async () => {
    const flow = await startFlow({ node, device, account: { apiKey: KEY, d: true } });
    const { code, message } = await flow.error();
    assert.equal(code, "CEMM_CONFIG");
    assert.match(message, /House.*no account/);
  });

  it("the message survives, with nothing changed", async () => {
    const flow = await startFlow({ node, device, account: {} });
    const payload = { nested: { deep: [1] } };
    const { caught } = await flow.end({ payload, topic: "t" });
    const { error, ...rest }: NodeMessage = { ...caught };
    assert.deepEqual(rest, { payload, topic: "t", _msgid: rest._msgid });
  });
});
