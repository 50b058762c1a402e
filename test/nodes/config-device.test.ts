/** `cemm-device`: one CEMM, on the LAN or through the cloud. */
import assert from "node:assert/strict";
import { fixtureText } from "../support/fixtures.js";
import {
  deploy,
  endFlow,
  flowOf,
  flows,
  flowsAtOnce,
  inCloud,
  nodeOf,
  type Properties,
  startFlow,
  variable,
} from "../support/flow.js";
import { originOf } from "../support/flow-seen.js";
import { NOBODY, testbed, UID } from "../support/server.js";
import { type Answer, body, good, json, later } from "../support/server-answers.js";

const REALTIME = { type: "cemm-realtime" };

describe("cemm-device", () => {
  flows();
  const bed = testbed();

  it("access: lan is the default; accepts a host with http:// and blanks, and a uid in any notation", async () => {
    const { host } = await bed.serve(good);
    const flow = await startFlow({ node: REALTIME, device: { host: ` http://${host}/ `, uid: "001ec08596cc" } });
    const { payload, topic } = await flow.answer();
    assert.deepEqual([payload, topic], [{ electric_power: 193 }, `cemm/${UID}/p1/realtime`]);
  });

  it("access: cloud asks the account for the uid, or for its only CEMM if the uid is blank", async () => {
    const server = await bed.serve((response, n) => (n === 1 ? json({ data: [{ uid: UID }] }) : good)(response, n));
    for (const uid of [UID, ""]) {
      const flow = await startFlow({ node: REALTIME, ...inCloud(server.host, { uid }) });
      assert.equal((await flow.answer()).topic, `cemm/${UID}/p1/realtime`);
      assert.equal(server.questions.at(-1)?.url.pathname, `/v1/cemm/${UID}/p1/realtime/`);
      await endFlow();
    }
  });

  it("access: auto asks the LAN first, the cloud while the LAN fails, and the LAN again once it answers", async () => {
    let isDown = false;
    const unlessDown =
      (answer: Answer): Answer =>
      (response, n) =>
        isDown ? void response.destroy() : answer(response, n);
    const lan = await bed.serve(unlessDown(good), { root: unlessDown(body(fixtureText("lan/info"))) });
    const cloud = await bed.serve(good);
    const device = { access: "auto", host: lan.host, uid: "" };
    const flow = await startFlow({ node: REALTIME, ...inCloud(cloud.host, device) });
    const sources: unknown[] = [];
    for (const down of [false, true, false]) {
      isDown = down;
      sources.push(originOf(await flow.answer()).source);
    }
    assert.deepEqual(sources, ["lan", "cloud", "cloud"]);
    // A probe asks the LAN in the background.
    while (sources.at(-1) === "cloud") sources.push(originOf(await flow.answer()).source);
    assert.equal(sources.at(-1), "lan");
    // It asks for the CEMM that answered on the LAN, not for just any of the account.
    assert.equal(cloud.questions[0]?.url.pathname, `/v1/cemm/${UID}/p1/realtime/`);
  });

  it("timezone: sets when days begin", async () => {
    const server = await bed.serve(json({ data: { electric_power: [] } }));
    const node = { type: "cemm-history", time: "2026-01-15", timeType: "str" };
    const flow = await startFlow({ node, device: { host: server.host, timezone: "America/New_York" } });
    await flow.answer();
    assert.equal(server.questions[0]?.url.searchParams.get("time"), String(Date.parse("2026-01-15T05:00Z") / 1000));
  });

  it("timeout: limits one answer to this many seconds in all; blank allows more", async () => {
    const { host } = await bed.serve(later(1000, good));
    const flow = await startFlow({ node: REALTIME, device: { host, timeout: "0.5" } });
    assert.equal((await flow.error()).code, "CEMM_TIMEOUT");
    await endFlow();
    await (await startFlow({ node: REALTIME, device: { host, timeout: "" } })).answer();
  });

  it(`resolves ${variable("ENV")} in the host`, async () => {
    const { host } = await bed.serve(good);
    process.env.CEMM_TEST_HOST = host;
    const flow = await startFlow({ node: REALTIME, device: { host: variable("CEMM_TEST_HOST") } });
    await flow.answer();
    delete process.env.CEMM_TEST_HOST;
  });

  it("raises CEMM_CONFIG if the config node is missing, not chosen, disabled, or of another type", async () => {
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
      await endFlow();
    }
  });

  it("uses a changed config node from the deploy on", async () => {
    const before = await bed.serve(good);
    const after = await bed.serve(json({ data: { electric_power: [1_632_948_526_000, 7] } }));
    await startFlow({ node: REALTIME, device: { host: before.host } });
    const { nodes } = flowOf({ node: REALTIME, device: { host: after.host } });
    await deploy(nodes, "nodes");
    const sent = new Promise<unknown>((resolve) => {
      nodeOf("sent").once("input", ({ payload }: { payload: unknown }) => resolve(payload));
    });
    nodeOf("node").receive({});
    assert.deepEqual(await sent, { electric_power: 7 });
    assert.equal(before.questions.length, 0);
  });
});

/** Which values are valid: field-names.test.ts. */
const INCOMPLETE: { it: string; device: Properties; says: RegExp }[] = [
  { it: "cloud without an account", device: { access: "cloud", uid: UID, account: "" }, says: /account/ },
  { it: "auto without an account", device: { access: "auto", host: "h", account: "" }, says: /account/ },
  { it: "a timeout that is not a number", device: { host: "h", timeout: "soon" }, says: /timeout/ },
  ...["host", "uid", "access", "timezone", "timeout"].map((name) => ({
    it: `an unset variable as ${name}`,
    device: { host: NOBODY, name: "House", [name]: variable("CEMM_TEST_IS_NOT_SET") },
    says: /CEMM_TEST_IS_NOT_SET.*not set/,
  })),
];

describe("cemm-device raises CEMM_CONFIG for", () => {
  flowsAtOnce(
    INCOMPLETE,
    async ({ device }) => ({ node: REALTIME, device }),
    async (flow, { says }) => {
      const { code, message } = await flow.error();
      assert.equal(code, "CEMM_CONFIG");
      assert.match(message, says);
      assert.deepEqual(flow.shown(), ["blue ring asking", "red ring CEMM_CONFIG"]);
    },
  );
});
