/** `cemm-device`: one CEMM, however it is reached. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { fixtureText } from "../support/fixtures.js";
import { flowOf, flows, nodeOf, startFlow, variable } from "../support/flow.js";
import { originOf } from "../support/flow-seen.js";
import helper from "../support/node-red-helper.js";
import { eventually, KEY, testbed, UID } from "../support/server.js";
import { type Answer, body, good, json, later } from "../support/server-answers.js";

const REALTIME = { type: "cemm-realtime" };
const UNSET = variable("CEMM_TEST_IS_NOT_SET");
const OTHER = json({ data: { mac: "00:1E:C0:00:00:01", name: "CEMM", version: "2", core: "1.25" } });

describe("cemm-device", () => {
  flows();
  const bed = testbed();

  it("access: lan is the default", async () => {
    const { host } = await bed.serve(good);
    const flow = await startFlow({ node: REALTIME, device: { host } });
    assert.deepEqual((await flow.answer()).payload, { electric_power: 193 });
  });

  for (const spelling of ["http://HOST", "http://HOST/", " HOST "]) {
    it(`host: takes "${spelling}"`, async () => {
      const { host } = await bed.serve(good);
      const flow = await startFlow({ node: REALTIME, device: { host: spelling.replace("HOST", host) } });
      assert.deepEqual((await flow.answer()).payload, { electric_power: 193 });
    });
  }

  it("access: cloud asks the account", async () => {
    const { host, questions } = await bed.serve(good);
    const account = { baseUrl: `http://${host}/v1/`, apiKey: KEY };
    const flow = await startFlow({ node: REALTIME, device: { access: "cloud", uid: UID }, account });
    await flow.answer();
    assert.equal(questions[0]?.url.pathname, `/v1/cemm/${UID}/p1/realtime/`);
  });

  it("access: auto asks the LAN first, the cloud while the LAN fails, and the LAN again once it answers", async () => {
    let isDown = false;
    const unlessDown =
      (answer: Answer): Answer =>
      (response, n) =>
        isDown ? void response.destroy() : answer(response, n);
    const lan = await bed.serve(unlessDown(good), { root: unlessDown(body(fixtureText("lan/info"))) });
    const cloud = await bed.serve(good);
    const account = { baseUrl: `http://${cloud.host}/v1/`, apiKey: KEY };
    const flow = await startFlow({ node: REALTIME, device: { access: "auto", host: lan.host }, account });
    const sources: unknown[] = [];
    for (const down of [false, true, false]) {
      isDown = down;
      sources.push(originOf(await flow.answer()).source);
    }
    assert.deepEqual(sources, ["lan", "cloud", "cloud"]);
    await eventually(() => lan.greetings.length >= 2, "a probe greets the LAN in the background");
    await delay(50);
    assert.equal(originOf(await flow.answer()).source, "lan");
    // The CEMM from the LAN, not any of the account.
    assert.equal(cloud.questions[0]?.url.pathname, `/v1/cemm/${UID}/p1/realtime/`);
  });

  for (const notation of ["00:1e:c0:85:96:cc", "00-1E-C0-85-96-CC", "001ec08596cc", "001e.c085.96cc"]) {
    it(`uid: ${notation} is shown as ${UID}`, async () => {
      const { host } = await bed.serve(good);
      const flow = await startFlow({ node: REALTIME, device: { host, uid: notation } });
      assert.equal((await flow.answer()).topic, `cemm/${UID}/p1/realtime`);
    });
  }

  it("with a uid, an address that answers with another MAC is refused (CEMM_WRONG_DEVICE)", async () => {
    const server = await bed.serve(good, { root: OTHER });
    const flow = await startFlow({ node: REALTIME, device: { host: server.host, uid: UID, timeout: 1 } });
    const { code, message } = await flow.error();
    assert.equal(code, "CEMM_WRONG_DEVICE");
    assert.match(message, /00-1E-C0-00-00-01/);
  });

  it("cloud with a blank uid: the account's only CEMM", async () => {
    const list = json({ data: [{ uid: UID }] });
    const server = await bed.serve((response, n) => (n === 0 ? list : good)(response, n));
    const account = { baseUrl: `http://${server.host}/v1/`, apiKey: KEY };
    const flow = await startFlow({ node: REALTIME, device: { access: "cloud", uid: "" }, account });
    assert.equal((await flow.answer()).topic, `cemm/${UID}/p1/realtime`);
  });

  it("cloud with a blank uid and several CEMMs: CEMM_CONFIG, naming them", async () => {
    const server = await bed.serve(json({ data: [{ uid: UID }, { uid: "00-1E-C0-00-00-01" }] }));
    const account = { baseUrl: `http://${server.host}/v1/`, apiKey: KEY };
    const flow = await startFlow({ node: REALTIME, device: { access: "cloud", uid: "" }, account });
    const { code, message } = await flow.error();
    assert.equal(code, "CEMM_CONFIG");
    for (const uid of [UID, "00-1E-C0-00-00-01"]) assert.ok(message.includes(uid));
  });

  it("timezone: sets where days begin", async () => {
    const server = await bed.serve(json({ data: { electric_power: [] } }));
    const node = { type: "cemm-history", time: "2026-01-15", timeType: "str" };
    const flow = await startFlow({ node, device: { host: server.host, timezone: "America/New_York" } });
    await flow.answer();
    assert.equal(server.questions[0]?.url.searchParams.get("time"), String(Date.parse("2026-01-15T05:00Z") / 1000));
  });

  it("timeout: seconds that one answer may take in all", async () => {
    const server = await bed.serve(later(2000, good));
    const flow = await startFlow({ node: REALTIME, device: { host: server.host, timeout: "0.5" } });
    const began = performance.now();
    assert.equal((await flow.error()).code, "CEMM_TIMEOUT");
    assert.ok(performance.now() - began < 1500);
  });

  it("timeout: the default of 30 s holds where it is blank", async () => {
    const { host } = await bed.serve(later(100, good));
    const flow = await startFlow({ node: REALTIME, device: { host, timeout: "" } });
    await flow.answer();
  });

  it(`takes ${variable("ENV")}`, async () => {
    const { host } = await bed.serve(good);
    process.env.CEMM_TEST_HOST = host;
    const flow = await startFlow({ node: REALTIME, device: { host: variable("CEMM_TEST_HOST") } });
    await flow.answer();
    delete process.env.CEMM_TEST_HOST;
  });

  const INCOMPLETE: [string, Record<string, unknown>, RegExp][] = [
    ["a host that is none", { host: "http://x/y?z" }, /address/],
    ["a uid that is none", { host: "h", uid: "00-1E" }, /MAC address/],
    ["an unknown access", { access: "usb", host: "h" }, /usb/],
    ["cloud without an account", { access: "cloud", uid: UID, account: "" }, /account/],
    ["auto without an account", { access: "auto", host: "h", account: "" }, /account/],
    ["an unknown time zone", { host: "h", timezone: "Mars/Base" }, /Mars\/Base/],
    ["a timeout of 0", { host: "h", timeout: 0 }, /timeout/],
    ["a timeout that is no number", { host: "h", timeout: "soon" }, /timeout/],
    ...["host", "uid", "access", "timezone", "timeout"].map((name): [string, Record<string, unknown>, RegExp] => [
      `an unset variable as ${name}`,
      { host: "127.0.0.1:1", name: "House", [name]: UNSET },
      /CEMM_TEST_IS_NOT_SET.*not set/,
    ]),
  ];
  for (const [what, device, told] of INCOMPLETE) {
    it(`CEMM_CONFIG for ${what}`, async () => {
      const flow = await startFlow({ node: REALTIME, device });
      const { code, message } = await flow.error();
      assert.equal(code, "CEMM_CONFIG");
      assert.match(message, told);
      assert.deepEqual(flow.shown(), ["blue ring asking", "red ring CEMM_CONFIG"]);
    });
  }

  it("CEMM_CONFIG where the config node is missing, not chosen, disabled, or of another type", async () => {
    const CASES = [
      { node: REALTIME },
      { node: { ...REALTIME, device: "" } },
      { node: REALTIME, device: { d: true } },
      { node: { ...REALTIME, device: "sent" } },
    ];
    for (const options of CASES) {
      const flow = await startFlow(options);
      const { code, message } = await flow.error();
      assert.equal(code, "CEMM_CONFIG");
      assert.match(message, /Choose one that exists/);
      await helper.unload();
    }
  });

  it("a changed config node holds from the deploy on", async () => {
    const before = await bed.serve(good);
    const after = await bed.serve(json({ data: { electric_power: [1_632_948_526_000, 7] } }));
    await startFlow({ node: REALTIME, device: { host: before.host } });
    const { nodes } = flowOf({ node: REALTIME, device: { host: after.host } });
    await helper.setFlows(nodes, "nodes");
    const sent = new Promise<unknown>((resolve) => {
      nodeOf("sent").once("input", ({ payload }: { payload: unknown }) => resolve(payload));
    });
    nodeOf("node").receive({});
    assert.deepEqual(await sent, { electric_power: 7 });
    assert.equal(before.questions.length, 0);
  });
});
