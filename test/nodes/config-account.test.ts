/** `cemm-account`: one Open API account. Which keys and addresses are valid: test/lib/secrets.test.ts. */
import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import { flows, inCloud, type Properties, startFlow, variable } from "../support/flow.js";
import { errorOf } from "../support/flow-seen.js";
import { KEY, testbed } from "../support/server.js";
import { good, later } from "../support/server-answers.js";

const node = { type: "cemm-realtime" };
const UNSET = variable("CEMM_TEST_IS_NOT_SET");

describe("cemm-account", () => {
  flows();
  const bed = testbed();

  const start = (host: string, more: Properties = {}) => {
    const { device, account } = inCloud(host);
    return startFlow({ node: { ...node, alias: "alias", aliasType: "msg" }, device, account: { ...account, ...more } });
  };

  it("sends the key in the query of every request", async () => {
    const server = await bed.serve(good);
    await (await start(server.host)).answer({ alias: "p1" });
    assert.equal(server.questions[0]?.url.searchParams.get("api_key"), KEY);
  });

  it(`resolves ${variable("ENV")} in baseUrl and apiKey, also from a file written on Windows`, async () => {
    const server = await bed.serve(good);
    Object.assign(process.env, { CEMM_TEST_URL: `http://${server.host}/v1/\r`, CEMM_TEST_KEY: "from-env\r" });
    const flow = await start("", { baseUrl: variable("CEMM_TEST_URL"), apiKey: variable("CEMM_TEST_KEY") });
    await flow.answer({ alias: "p1" });
    assert.equal(server.questions[0]?.url.searchParams.get("api_key"), "from-env");
    for (const name of ["CEMM_TEST_URL", "CEMM_TEST_KEY"]) delete process.env[name];
  });

  for (const [concurrency, expected] of [
    [undefined, 4],
    ["", 4],
    [2, 2],
    ["6", 6],
  ] as const) {
    it(`concurrency ${concurrency}: ${expected} requests at a time`, async () => {
      const server = await bed.serve(later(100, good));
      const flow = await start(server.host, { concurrency });
      await Promise.all(Array.from({ length: 8 }, (_, n) => flow.answer({ alias: `mb${n}` })));
      assert.equal(server.busiest, expected);
    });
  }

  const INCOMPLETE: [what: string, account: Properties, says: RegExp][] = [
    ...[0, 33, 1.5, "many", UNSET].map((concurrency): [string, Properties, RegExp] => [
      `concurrency ${concurrency}`,
      { concurrency },
      /Home/,
    ]),
    ["a missing key", { apiKey: undefined }, /Home.*no API key/],
    ["a key that is not text", { apiKey: 5 }, /Home.*no API key/],
    ["an unset variable as the key", { apiKey: UNSET }, /Home.*not set/],
    ["http to another machine", { baseUrl: "http://open-api.cemm.nl/v1/" }, /Home.*https/],
    ["an unset variable as the address", { baseUrl: UNSET }, /CEMM_TEST_IS_NOT_SET.*not set/],
    ["a disabled account", { d: true }, /House.*no account/],
  ];
  for (const [what, account, says] of INCOMPLETE) {
    it(`raises CEMM_CONFIG for ${what}, with the message unchanged`, async () => {
      const flow = await start("127.0.0.1:9", { name: "Home", ...account });
      const payload = { nested: { deep: [1] } };
      const { caught } = await flow.end({ payload, topic: "t", alias: "p1" });
      const { error: _, ...rest }: NodeMessage = { ...caught };
      assert.deepEqual(rest, { payload, topic: "t", alias: "p1", _msgid: rest._msgid });
      const { code, message } = errorOf({ ...caught });
      assert.equal(code, "CEMM_CONFIG");
      assert.match(message, says);
      assert.ok(!message.includes(KEY));
    });
  }
});
