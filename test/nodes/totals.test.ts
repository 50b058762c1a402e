/** `cemm-totals`: meter readings, over the LAN and the cloud. */
import assert from "node:assert/strict";
import { fixture } from "../support/fixtures.js";
import { flows, startFlow } from "../support/flow.js";
import { originOf } from "../support/flow-seen.js";
import { KEY, testbed, UID } from "../support/server.js";
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

  it("on the LAN: the answer's totals", async () => {
    const flow = await start({}, WITH_TOTALS);
    assert.deepEqual((await flow.answer()).payload, { t1: 10, electric_energy: 4 });
  });

  it("a device without them: the readings in its live data, with the balances computed as documented", async () => {
    const flow = await start({}, LIVE_ONLY);
    const expected = { t1: 10, t2: 20, t3: 4, t4: 25, gas: 7, electric_energy: 6, electric_energy_high: -5 };
    assert.deepEqual((await flow.answer()).payload, expected);
  });

  it("a past day on the LAN is CEMM_NOT_SUPPORTED", async () => {
    const flow = await start({ time: "1", timeType: "ago" }, WITH_TOTALS);
    assert.equal((await flow.error()).code, "CEMM_NOT_SUPPORTED");
  });

  it("a past day in auto: the cloud is asked", async () => {
    const lan = await bed.serve(json(WITH_TOTALS));
    const cloud = await bed.serve(json(fixture("cloud/totals-p1")));
    const account = { baseUrl: `http://${cloud.host}/v1/`, apiKey: KEY };
    const node = { type, time: "2017-05-31", timeType: "str" };
    const flow = await startFlow({ node, device: { access: "auto", host: lan.host, uid: UID }, account });
    const answer = await flow.answer();
    assert.equal(originOf(answer).source, "cloud");
    assert.deepEqual(answer.payload, {
      t1: 1350.5639648438,
      t2: 1612.3809814453,
      t3: 883.86798095703,
      t4: 2005.5209960938,
      electric_energy: 466.6960144043,
      electric_energy_high: -393.11401367188,
      gas: 2616.8449707031,
    });
    assert.equal(cloud.questions[0]?.url.pathname, `/v1/cemm/${UID}/p1/totals/`);
    assert.equal(lan.questions.length, 0);
  });

  it("today in auto: the LAN answers", async () => {
    const { host } = await bed.serve(json(WITH_TOTALS));
    const account = { baseUrl: "http://127.0.0.1:1/v1/", apiKey: KEY };
    const flow = await startFlow({ node: { type, timeType: "now" }, device: { access: "auto", host }, account });
    assert.equal(originOf(await flow.answer()).source, "lan");
  });

  it("format measurements", async () => {
    const flow = await start({ format: "measurements" }, WITH_TOTALS);
    assert.deepEqual((await flow.answer()).payload, {
      t1: { value: 10, unit: "kWh", time: AT },
      electric_energy: { value: 4, unit: "kWh", time: AT },
    });
  });

  it("format influx", async () => {
    const flow = await start({ format: "influx" }, WITH_TOTALS);
    const tags = { uid: UID, alias: "p1", kind: "totals" };
    assert.deepEqual((await flow.answer()).payload, [
      { measurement: "cemm", tags, fields: { t1: 10, electric_energy: 4 }, timestamp: new Date(AT) },
    ]);
  });

  it("format raw: the body as it came", async () => {
    const flow = await start({ format: "raw" }, WITH_TOTALS);
    assert.deepEqual((await flow.answer()).payload, WITH_TOTALS);
  });

  it("split: a message for each channel", async () => {
    const flow = await start({ split: true }, WITH_TOTALS);
    const { sent } = await flow.end();
    assert.deepEqual(
      sent.map(({ topic, payload }) => [topic, payload]),
      [
        [`cemm/${UID}/p1/totals/t1`, 10],
        [`cemm/${UID}/p1/totals/electric_energy`, 4],
      ],
    );
  });

  it("status: the reading, and that it is old", async () => {
    const flow = await start({}, WITH_TOTALS);
    await flow.answer();
    assert.deepEqual(flow.shown(), ["blue ring asking", "green dot 10 kWh · stale"]);
  });
});
