/** The text that users paste into a report. */
import assert from "node:assert/strict";
import { diagnostics } from "../../src/lib/index.js";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";
import { KEY, NOBODY, testbed } from "../support/server.js";
import { good, inTurn, status } from "../support/server-answers.js";

const NAME = "Summer house of the Janssens";

describe("diagnostics", () => {
  const bed = testbed();
  let simulator: Simulator;
  before(async () => {
    simulator = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0, apiKey: KEY });
  });
  after(() => simulator.close());

  const address = () => simulator.addresses.lan[0] ?? assert.fail();
  const uid = () => simulator.uids[0] ?? assert.fail();
  const onLan = () => bed.client({ host: address(), name: NAME });
  const inCloud = () => {
    const account = bed.account(new URL(simulator.addresses.cloud).host);
    return bed.client({ access: "cloud", account, uid: uid(), name: NAME });
  };

  it("contain versions, access, the CEMM, its meters with their channels, and the last requests", async () => {
    const text = await diagnostics(onLan());
    assert.match(text, /^node-red-contrib-cemm \d+\.\d+\.\d+, Node\.js v\d+/);
    assert.match(text, /^access: lan, time zone: Europe\/Amsterdam$/m);
    assert.match(text, /^CEMM: firmware [\d.]+, core [\d.]+, MAC address [0-9A-F]{2}-[0-9A-F]{2}-[0-9A-F]{2}-…$/m);
    assert.match(text, /^meter p1: p1, port 3; .*electric_power.*; age -?\d+ ms$/m);
    assert.match(text, /^20\d\d-\S+Z realtime p1: lan, \d+ ms$/m);
  });

  it("contain them through the cloud, where less is known", async () => {
    const text = await diagnostics(inCloud());
    assert.match(text, /^CEMM: does not describe itself$/m);
    assert.match(text, /^meter \?: p1, port 3; .*electric_power/m);
    assert.match(text, / info: CEMM_NOT_SUPPORTED, \d+ ms$/m);
    assert.match(text, / realtime p1: cloud, \d+ ms$/m);
  });

  it("contain the codes of earlier failed requests, with their status", async () => {
    const { host } = await bed.serve(inTurn(status(418), good));
    const client = bed.client({ host });
    await client.realtime("p1").catch(() => {});
    await client.realtime("p1", { signal: AbortSignal.abort() }).catch(() => {});
    const text = await diagnostics(client);
    assert.match(text, / realtime p1: CEMM_HTTP 418, \d+ ms$/m);
    assert.match(text, / realtime p1: aborted, \d+ ms$/m);
  });

  it("work for a CEMM that does not answer", async () => {
    const text = await diagnostics(bed.client({ host: NOBODY }));
    assert.match(text, / meters: CEMM_UNREACHABLE, \d+ ms$/m);
  });

  it("contain the last 30 requests", async () => {
    const { host } = await bed.serve(good);
    const client = bed.client({ host });
    for (let n = 0; n < 40; n++) await client.realtime(`mb${n}`);
    const questions = client.recentRequests.map(({ question }) => question);
    assert.equal(questions.length, 30);
    assert.deepEqual([questions[0], questions[29]], ["realtime mb10", "realtime mb39"]);
  });

  for (const [route, client] of [
    ["LAN", onLan],
    ["cloud", inCloud],
  ] as const) {
    it(`contain no key, address, name or whole MAC address: ${route}`, async () => {
      const text = await diagnostics(client());
      for (const secret of [KEY, NAME, uid(), uid().slice(-8), address(), "127.0.0.1"]) {
        assert.ok(!text.includes(secret), `${secret} in ${text}`);
      }
    });
  }
});
