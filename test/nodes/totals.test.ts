/** `cemm-totals`: meter readings, over the LAN and the cloud. Its formats are the same as those of live values: realtime.test.ts. */
import assert from "node:assert/strict";
import { fixture } from "../support/fixtures.js";
import { flows, inCloud, startFlow } from "../support/flow.js";
import { originOf } from "../support/flow-seen.js";
import { NOBODY, testbed, UID } from "../support/server.js";
import { json } from "../support/server-answers.js";

const AT = 1_632_948_526_000;
const pairs = (values: Record<string, number>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [AT, value]]));
const WITH_TOTALS = { data: pairs({ electric_power: 5 }), totals: pairs({ t1: 10, electric_energy: 4 }) };
const LIVE_ONLY = { data: pairs({ electric_power: 5, rate: 1, t1: 10, t2: 20, t3: 4, t4: 25, gas: 7 }) };
const type = "cemm-totals";

describe("cemm-totals", () => {
  flows();
  const bed = testbed();

  async function start(properties: Record<string, unknown>, body: unknown) {
    const { host } = await bed.serve(json(body));
    return startFlow({ node: { type, ...properties }, device: { host, uid: UID, name: "House" } });
  }

  it("on the LAN, sends the answer's totals", async () => {
    const flow = await start({}, WITH_TOTALS);
    assert.deepEqual((await flow.answer()).payload, { t1: 10, electric_energy: 4 });
  });

  it("without totals, sends the readings in the live data, with net import computed as documented", async () => {
    const flow = await start({}, LIVE_ONLY);
    const expected = { t1: 10, t2: 20, t3: 4, t4: 25, gas: 7, electric_energy: 6, electric_energy_high: -5 };
    assert.deepEqual((await flow.answer()).payload, expected);
  });

  it("a past day on the LAN is CEMM_NOT_SUPPORTED", async () => {
    const flow = await start({ time: "1", timeType: "ago" }, WITH_TOTALS);
    assert.equal((await flow.error()).code, "CEMM_NOT_SUPPORTED");
  });

  it("a past day in auto comes from the cloud", async () => {
    const lan = await bed.serve(json(WITH_TOTALS));
    const cloud = await bed.serve(json(fixture("cloud/totals-p1")));
    const node = { type, time: "2017-05-31", timeType: "str" };
    const flow = await startFlow({ node, ...inCloud(cloud.host, { access: "auto", host: lan.host }) });
    const answer = await flow.answer();
    assert.equal(originOf(answer).source, "cloud");
    assert.equal(cloud.questions[0]?.url.pathname, `/v1/cemm/${UID}/p1/totals/`);
    assert.equal(lan.questions.length, 0);
  });

  it("today in auto comes from the LAN", async () => {
    const { host } = await bed.serve(json(WITH_TOTALS));
    const flow = await startFlow({ node: { type, timeType: "now" }, ...inCloud(NOBODY, { access: "auto", host }) });
    assert.equal(originOf(await flow.answer()).source, "lan");
  });

  it("sends the format influx", async () => {
    const flow = await start({ format: "influx" }, WITH_TOTALS);
    const tags = { uid: UID, alias: "p1", kind: "totals" };
    assert.deepEqual((await flow.answer()).payload, [
      { measurement: "cemm", tags, fields: { t1: 10, electric_energy: 4 }, timestamp: new Date(AT) },
    ]);
  });

  it("shows the reading in the status, and that it is stale", async () => {
    const flow = await start({}, WITH_TOTALS);
    await flow.answer();
    assert.deepEqual(flow.shown(), ["blue ring asking", "green dot 10 kWh · stale"]);
  });
});
