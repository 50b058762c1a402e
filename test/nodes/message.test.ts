/** `msg.cemm`, the topic, and what is kept of the incoming message. */
import assert from "node:assert/strict";
import { flows, inCloud, type Properties, startFlow } from "../support/flow.js";
import { originOf } from "../support/flow-seen.js";
import { testbed, UID } from "../support/server.js";
import { json, status } from "../support/server-answers.js";

const AT = 1_632_948_526_000;
const START = Date.parse("2026-01-01T00:00+01:00");
const POWER = { name: "Power", unit: "W", deviceClass: "power", stateClass: "measurement" };
const LIVE = { io_id: 7, data: { electric_power: [AT, 1], gas: [0, 0], odd: [AT - 1000, 2] } };
const DAY = { io_id: "88", data: { electric_power: [[START, 1]] } };
const NODES = [
  { type: "cemm-realtime", body: LIVE, kind: "realtime" },
  { type: "cemm-totals", body: { data: {}, totals: { t1: [AT, 1] } }, kind: "totals" },
  { type: "cemm-history", time: "2026-01-01", timeType: "str", body: DAY, kind: "day" },
];

describe("the message", () => {
  flows();
  const bed = testbed();

  async function start({ body, ...node }: Properties & { type: string }, cloud = false) {
    const { host } = await bed.serve(json(body));
    const device = { host, access: cloud ? "cloud" : "lan" };
    return { host, flow: await startFlow({ node, ...inCloud(host, device) }) };
  }

  it("msg.cemm of realtime, over the LAN", async () => {
    const { flow, host } = await start({ type: "cemm-realtime", body: LIVE });
    const before = Date.now();
    const { requestedAt, receivedAt, age, ...origin } = originOf(await flow.answer());
    assert.equal(age, receivedAt - AT);
    assert.ok(before <= requestedAt && requestedAt <= receivedAt && receivedAt <= Date.now());
    const channels = {
      electric_power: { ...POWER, time: AT, stale: true },
      gas: { name: "Gas", unit: "m³", deviceClass: "gas", stateClass: "total_increasing", time: null, stale: true },
      odd: { name: "odd", unit: null, deviceClass: null, stateClass: null, time: AT - 1000, stale: false },
    };
    const common = { uid: UID, device: "House", alias: "p1", ioId: 7, host };
    assert.deepEqual(origin, { ...common, kind: "realtime", source: "lan", time: AT, stale: true, channels });
  });

  it("msg.cemm of history, over the cloud: no host", async () => {
    const { flow } = await start({ type: "cemm-history", time: "2026-01-01", timeType: "str", body: DAY }, true);
    const { requestedAt: _, receivedAt: __, ...origin } = originOf(await flow.answer());
    assert.deepEqual(origin, {
      ...{ uid: UID, device: "House", alias: "p1", kind: "day", source: "cloud", ioId: 88, time: START },
      ...{ age: null, stale: false },
      channels: { electric_power: { ...POWER, time: START, stale: false } },
      period: { unit: "day", start: START, end: START + 86_400_000, timezone: "Europe/Amsterdam" },
    });
  });

  it("msg.cemm of totals", async () => {
    const { flow, host } = await start({ type: "cemm-totals", body: { data: {}, totals: { t1: [AT, 1] } } });
    const { requestedAt: _, receivedAt, age, period, ...origin } = originOf(await flow.answer());
    assert.deepEqual(origin, {
      ...{
        uid: UID,
        device: "House",
        alias: "p1",
        kind: "totals",
        source: "lan",
        host,
        ioId: null,
        time: AT,
        stale: true,
      },
      channels: {
        t1: {
          name: "Import, low tariff (or single counter)",
          unit: "kWh",
          deviceClass: "energy",
          stateClass: "total_increasing",
          time: AT,
          stale: true,
        },
      },
    });
    assert.equal(age, receivedAt - AT);
    assert.ok(period?.unit === "day" && period.start <= receivedAt && receivedAt < period.end);
  });

  it("msg.cemm: uid is null if a LAN device does not report a MAC", async () => {
    const { host } = await bed.serve(json(LIVE), { root: status(404) });
    const flow = await startFlow({ node: { type: "cemm-realtime" }, device: { host } });
    const answer = await flow.answer();
    assert.equal(originOf(answer).uid, null);
  });

  it("msg.cemm: time is null if no channel ever reported, and the answer is stale", async () => {
    const { flow } = await start({ type: "cemm-realtime", body: { data: { gas: [0, 0] } } });
    const answer = await flow.answer();
    const { time, stale } = originOf(answer);
    assert.deepEqual([time, stale, answer.payload], [null, true, { gas: null }]);
  });

  for (const { kind, ...node } of NODES) {
    it(`${node.type}: a blank topic keeps the incoming topic, or else uses the default`, async () => {
      const { flow } = await start(node);
      assert.equal((await flow.answer({ topic: "mine" })).topic, "mine");
      for (const topic of [undefined, ""]) assert.equal((await flow.answer({ topic })).topic, `cemm/${UID}/p1/${kind}`);
      assert.equal((await flow.answer()).topic, `cemm/${UID}/p1/${kind}`);
    });

    it(`${node.type}: its own topic takes precedence over the incoming one`, async () => {
      const { flow } = await start({ ...node, ...{ topic: "house" } });
      assert.equal((await flow.answer({ topic: "mine" })).topic, "house");
    });

    it(`${node.type}: keeps every other property of the incoming message, and clones nothing`, async () => {
      const { flow } = await start(node);
      const nested = { deep: [1, { deeper: true }] };
      const parts = { id: "x", index: 0, count: 1 };
      const {
        payload: _,
        cemm,
        topic: __,
        _msgid: ___,
        ...rest
      } = await flow.answer({ payload: 1, nested, parts, n: 0 });
      assert.deepEqual(rest, { nested, parts, n: 0 });
      assert.equal(rest.nested, nested);
      assert.equal(originOf({ cemm }).kind, kind);
    });

    it(`${node.type}: an error comes with the original message, payload untouched`, async () => {
      const { host } = await bed.serve(status(500));
      const { body: _, ...properties } = node;
      const flow = await startFlow({ node: { ...properties, topic: "house" }, device: { host } });
      const payload = { nested: { deep: [1] } };
      const given = { payload, topic: "mine", cemm: "mine too", other: payload.nested };
      const { sent, caught } = await flow.end(given);
      const { error: __, _msgid: ___, ...rest } = { ...caught };
      assert.deepEqual(rest, given);
      assert.deepEqual(payload, { nested: { deep: [1] } });
      assert.deepEqual(sent, []);
    });
  }

  it("each of several messages has its own msg.cemm", async () => {
    const { flow } = await start({ ...{ split: true }, type: "cemm-realtime", body: LIVE });
    const { sent } = await flow.end();
    assert.equal(new Set(sent.map(({ cemm }) => cemm)).size, 3);
  });

  it("two nodes of one device do not share what they send", async () => {
    const { host } = await bed.serve(json(DAY));
    const history = { type: "cemm-history", time: "2026-01-01", timeType: "str" };
    const flow = await startFlow({ node: history, device: { host } });
    const [first, second] = await Promise.all([flow.answer(), flow.answer()]);
    const samples = Object.values(first.payload ?? {}).flat();
    for (const sample of samples) Object.assign(sample, { value: "changed" });
    assert.deepEqual(second.payload, { electric_power: [{ time: START, value: 1 }] });
  });
});
