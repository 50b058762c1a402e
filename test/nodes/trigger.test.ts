/**
 * `cemm-trigger`, from values to an automation. When it switches: test/lib/trigger. Behind a live node:
 * trigger-chain.test.ts.
 */
import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import { z } from "zod";
import { type Flow, flows, nodeOf, startFlow } from "../support/flow.js";
import { errorOf } from "../support/flow-seen.js";

const type = "cemm-trigger";
/** On below -1000, off above -200, without a delay. */
const plain = { type, on: "-1000", onType: "num", off: "-200", offType: "num" };
const NOON = Date.UTC(2026, 5, 1, 12);
const HOME = { uid: "00-1E-C0-85-96-CC", device: "home", alias: "p1", kind: "realtime", source: "lan" };

const VerdictMessage = z.object({
  payload: z.unknown(),
  topic: z.string().optional(),
  cemm: z.object({ uid: z.string(), alias: z.string() }).optional(),
  trigger: z.object({
    state: z.enum(["on", "off"]),
    since: z.number(),
    value: z.number().nullable(),
    reason: z.enum(["condition", "lost", "start"]),
    mean: z.number().optional(),
    forecast: z.number().optional(),
    headroom: z.number().optional(),
  }),
});

/** The verdicts sent, such as `on condition`. */
const verdicts = ({ sent }: Flow) =>
  sent.all.map((msg) => VerdictMessage.parse(msg).trigger).map(({ state, reason }) => `${state} ${reason}`);
const verdictIn = (msg: NodeMessage) => VerdictMessage.parse(msg);

/** A live reading, seconds after noon. */
function live(at: number, value: number | null, cemm: object = {}): NodeMessage {
  const time = NOON + at * 1000;
  const channels = { electric_power: { unit: "W", time } };
  const about = { ...HOME, time, receivedAt: time, age: 0, stale: false, channels, ...cemm };
  return { _msgid: "", topic: "power", payload: { electric_power: value, t1: 5237.19 }, cemm: about };
}

describe("cemm-trigger", () => {
  flows();

  it("sends a message when it switches, and once at the start", async () => {
    const flow = await startFlow({ node: plain });
    for (const [n, power] of [0, 0, -1500, -1500, -900, 0, 0].entries()) await flow.end(live(n * 10, power));
    assert.deepEqual(verdicts(flow), ["off start", "on condition", "off condition"]);
  });

  it("sends payload, topic and cemm, and keeps the message's other properties", async () => {
    const flow = await startFlow({ node: plain });
    const msg = await flow.answer({ ...live(0, -1500), room: "attic" });
    const { cemm, ...rest } = verdictIn(msg);
    assert.deepEqual(rest, {
      payload: true,
      topic: "power",
      trigger: { state: "on", since: NOON, value: -1500, reason: "start" },
    });
    assert.equal("room" in msg && msg.room, "attic");
    assert.deepEqual(cemm, { uid: HOME.uid, alias: HOME.alias });
  });

  it("sends the configured payloads and topic", async () => {
    const payloads = { onPayload: '{"relay":1}', onPayloadType: "json", offPayload: "stop", offPayloadType: "str" };
    const flow = await startFlow({ node: { ...plain, ...payloads, topic: "boiler" } });
    assert.deepEqual(verdictIn(await flow.answer({ payload: 0 })).payload, "stop");
    const { payload, topic } = verdictIn(await flow.answer({ payload: -1500 }));
    assert.deepEqual([payload, topic], [{ relay: 1 }, "boiler"]);
  });

  it("sends a payload computed from the message", async () => {
    const payloads = { onPayload: "room & ' on'", onPayloadType: "jsonata", offPayload: "room", offPayloadType: "msg" };
    const flow = await startFlow({ node: { ...plain, ...payloads } });
    assert.equal(verdictIn(await flow.answer({ payload: 0, room: "attic" })).payload, "attic");
    assert.equal(verdictIn(await flow.answer({ payload: -1500, room: "attic" })).payload, "attic on");
  });

  it("uses a default topic for the meter if there is no other", async () => {
    const flow = await startFlow({ node: plain });
    const { topic, ...untitled } = live(0, 0);
    assert.equal((await flow.answer(untitled)).topic, `cemm/${HOME.uid}/p1/realtime`);
    assert.equal("topic" in (await flow.answer({ payload: -1500 })), false);
  });

  const time = NOON + 10_000;
  const ofChannel = (stale: boolean) => ({ stale: !stale, channels: { electric_power: { stale, time } } });
  const VALUES: [string, NodeMessage][] = [
    ["a number without a CEMM", { payload: -1500 }],
    ["a value", { ...live(10, 0), payload: -1500 }],
    ["a history's series", { ...live(10, 0), payload: { electric_power: [{ time, value: -1500 }] } }],
    ["a history's rows", { ...live(10, 0), payload: [{ time, electric_power: -1500 }] }],
    [
      "a history's points",
      {
        ...live(10, 0),
        payload: [
          { time, channel: "gas", value: 3 },
          { time, channel: "electric_power", value: -1500 },
        ],
      },
    ],
    ["a value whose channel is fresh although another is stale", live(10, -1500, { ...ofChannel(false), time })],
  ];
  for (const [what, msg] of VALUES) {
    it(`accepts ${what}`, async () => {
      const flow = await startFlow({ node: plain });
      const { trigger } = verdictIn(await flow.answer(msg));
      assert.deepEqual([trigger.state, trigger.value], ["on", -1500]);
      if (msg.cemm) assert.equal(trigger.since, time);
    });
  }

  const NOTHING: [string, NodeMessage][] = [
    ["another channel of a split message", { ...live(10, 0), payload: -1500, parts: { key: "t1" } }],
    ["null, from a CEMM", live(10, null)],
    ["null alone, from a CEMM", { ...live(10, 0), payload: null }],
    ["points without the channel", { ...live(10, 0), payload: [{ fields: { gas: 3 }, timestamp: new Date() }] }],
    ["a value that is stale", live(10, -1500, { stale: true })],
    ["a value whose channel is stale although others are fresh", live(10, -1500, ofChannel(true))],
    ["a value that its meter cannot have measured", live(10, -1500, { suspect: ["electric_power"] })],
  ];
  for (const [what, msg] of NOTHING) {
    it(`ignores ${what}, without an error`, async () => {
      const flow = await startFlow({ node: plain });
      const { sent, caught } = await flow.end(msg);
      assert.deepEqual([sent, caught], [[], undefined]);
    });
  }

  for (const payload of ["-1500", null, undefined, true, {}, [], { gas: 3 }, Number.NaN, [{ gas: 3 }]]) {
    it(`refuses ${JSON.stringify(payload)}, and changes nothing`, async () => {
      const flow = await startFlow({ node: plain });
      await flow.end({ payload: 0 });
      const { caught } = await flow.end({ payload });
      assert.equal((await flow.error({ payload })).code, "CEMM_INPUT");
      assert.deepEqual(caught?.payload, payload);
      assert.deepEqual(verdicts(flow), ["off start"]);
    });
  }

  it("names the missing channel, the device and the available channels", async () => {
    const flow = await startFlow({ node: { ...plain, channel: "flow" } });
    const { message } = await flow.error(live(0, 5));
    for (const part of ['"flow"', "home", "electric_power, t1"]) assert.ok(message.includes(part), message);
  });

  for (const onType of ["msg", "flow", "global", "env"]) {
    it(`reads a threshold from ${onType} for each message`, async () => {
      const flow = await startFlow({ node: { ...plain, on: "CEMM_TEST_LIMIT", onType } });
      const { flow: own, global } = nodeOf("node").context();
      const give = (CEMM_TEST_LIMIT: string) => {
        own.set("CEMM_TEST_LIMIT", CEMM_TEST_LIMIT);
        global.set("CEMM_TEST_LIMIT", CEMM_TEST_LIMIT);
        process.env.CEMM_TEST_LIMIT = CEMM_TEST_LIMIT;
        return flow.end({ payload: -1500, CEMM_TEST_LIMIT });
      };
      await give("-2000");
      await give("-1000");
      const { caught } = await give("100");
      delete process.env.CEMM_TEST_LIMIT;
      assert.deepEqual(verdicts(flow), ["off start", "on condition"]);
      assert.equal(caught && errorOf(caught).code, "CEMM_INPUT");
    });
  }

  it("refuses a missing threshold", async () => {
    const flow = await startFlow({ node: { ...plain, on: "limit", onType: "msg" } });
    assert.match((await flow.error({ payload: 0 })).message, /"on"/);
  });

  it("keeps a state for each meter", async () => {
    const flow = await startFlow({ node: plain });
    await flow.end(live(0, -1500));
    await flow.end(live(0, 0, { alias: "s01" }));
    await flow.end(live(10, -1500, { alias: "s01" }));
    await flow.end(live(10, -1500));
    assert.deepEqual(verdicts(flow), ["on start", "off start", "on condition"]);
  });

  it("forgets its state with msg.reset", async () => {
    const flow = await startFlow({ node: { ...plain, minOn: 3600 } });
    await flow.end(live(0, -1500));
    await flow.end({ reset: true, payload: "what?" });
    await flow.end(live(10, 0));
    assert.deepEqual(verdicts(flow), ["on start", "off start"]);
  });

  const at = NOON + 5000;
  const TIMES: [string, object][] = [
    ["its channel", { channels: { electric_power: { time: at } }, time: 1, receivedAt: 2 }],
    ["the message, if its channel has none", { channels: { electric_power: { time: null } }, time: at, receivedAt: 2 }],
    ["its arrival, if nothing was measured with a time", { time: null, receivedAt: at }],
  ];
  for (const [what, cemm] of TIMES) {
    it(`takes a sample's time from ${what}`, async () => {
      const flow = await startFlow({ node: plain });
      const { trigger } = verdictIn(
        await flow.answer({ payload: -1500, cemm: { uid: HOME.uid, alias: "p1", ...cemm } }),
      );
      assert.equal(trigger.since, at);
    });
  }

  it("uses now as the time of a message without one", async () => {
    const flow = await startFlow({ node: plain });
    const began = Date.now();
    const { trigger } = verdictIn(await flow.answer({ payload: -1500 }));
    assert.ok(trigger.since >= began && trigger.since <= Date.now());
  });

  it("replays a recorded day in one go", async () => {
    const flow = await startFlow({ node: { ...plain, onDelay: 120, minOn: 900 } });
    const day = Array.from({ length: 60 }, (_, n) => ({
      time: NOON + n * 60_000,
      value: n < 10 || n > 40 ? 0 : -1500,
    }));
    await flow.end({ ...live(0, 0), payload: { electric_power: day } });
    const minutes = flow.sent.all.map((msg) => (verdictIn(msg).trigger.since - NOON) / 60_000);
    assert.deepEqual(verdicts(flow), ["off start", "on condition", "off condition"]);
    assert.deepEqual(minutes, [0, 12, 41]);
  });

  it("yields to other work while it replays a long record", async () => {
    const flow = await startFlow({ node: { ...plain, measure: "average", window: 600 } });
    const series = Array.from({ length: 50_000 }, (_, n) => ({ time: NOON + n * 60_000, value: n % 2000 }));
    let turns = 0;
    const count = setInterval(() => turns++, 0);
    await flow.end({ ...live(0, 0), payload: { electric_power: series } });
    clearInterval(count);
    assert.ok(turns >= 20, String(turns));
  });

  it("changes nothing if an entry of a record is not a number", async () => {
    const flow = await startFlow({ node: plain });
    const series = [
      { time: NOON, value: -1500 },
      { time: NOON + 60_000, value: "much" },
    ];
    assert.equal((await flow.error({ ...live(0, 0), payload: { electric_power: series } })).code, "CEMM_INPUT");
    assert.deepEqual(verdicts(flow), []);
  });

  it("reports the mean so far, the forecast and the headroom of a quarter", async () => {
    const node = { type, measure: "quarter", direction: "above", on: 2500, off: 2000 };
    const flow = await startFlow({ node });
    const { trigger } = verdictIn(await flow.answer(live(450, 1000)));
    assert.deepEqual([trigger.value, trigger.mean, trigger.forecast, trigger.headroom], [1000, 1000, 1000, 3000]);
  });

  it("counts a quarter's energy by power while a register is suspect", async () => {
    const node = { type, measure: "quarter", direction: "above", on: 2500, off: 2000 };
    const flow = await startFlow({ node });
    await flow.end({ ...live(0, 0), payload: { electric_power: 0, t1: 1, t2: 1 } });
    await flow.end({ ...live(60, 0, { suspect: ["t2"] }), payload: { electric_power: 0, t1: 1, t2: 9 } });
    assert.deepEqual(verdicts(flow), ["off start"]);
    await flow.end({ ...live(120, 0), payload: { electric_power: 0, t1: 1, t2: 9 } });
    await flow.end({ ...live(180, 0), payload: { electric_power: 0, t1: 1, t2: 10 } });
    assert.deepEqual(verdicts(flow), ["off start", "on condition"]);
  });

  it("raises an error with each message if the rule is invalid", async () => {
    const flow = await startFlow({ node: { ...plain, lostAfter: "soon" } });
    for (const _ of [1, 2]) assert.equal((await flow.error({ payload: 0 })).code, "CEMM_INPUT");
    assert.equal(flow.shown().at(-1), "red ring CEMM_INPUT");
  });

  describe("without values", () => {
    it("sends the configured state, by this machine's clock, with the meter's own topic and cemm", async () => {
      const flow = await startFlow({ node: { ...plain, lostAfter: 0.2 } });
      const began = Date.now();
      await flow.end(live(0, -1500));
      const msg = await flow.sent.next((each) => verdictIn(each).trigger.reason === "lost");
      assert.ok(Date.now() - began >= 200);
      assert.deepEqual(
        [msg.payload, msg.topic, verdictIn(msg).cemm?.alias, verdictIn(msg).trigger.value],
        [false, "power", "p1", null],
      );
    });

    it("does not count a stale, null or refused payload as a value", async () => {
      const flow = await startFlow({ node: { ...plain, lostAfter: 0.3 } });
      await flow.end(live(0, -1500));
      const ending = flow.sent.next((each) => verdictIn(each).trigger.reason === "lost");
      const timer = setInterval(() => {
        flow.give(live(10, -1500, { stale: true }));
        flow.give(live(10, null));
        flow.give({ ...live(10, 0), payload: "?" });
      }, 50);
      await ending.finally(() => clearInterval(timer));
    });

    it("still sends the other meters' state if the payload for one cannot be computed", async () => {
      const offPayload = "cemm.alias = 's01' ? $error('broken') : 'off'";
      const flow = await startFlow({ node: { ...plain, lostAfter: 0.2, offPayload, offPayloadType: "jsonata" } });
      for (const alias of ["s01", "p1"]) await flow.end(live(0, -1500, { alias }));
      const { payload, cemm } = verdictIn(await flow.sent.next((each) => verdictIn(each).trigger.reason === "lost"));
      assert.deepEqual([payload, cemm?.alias], ["off", "p1"]);
      const caught = await flow.caught.next();
      assert.equal(errorOf(caught).code, "CEMM_INPUT");
      assert.equal(VerdictMessage.shape.cemm.parse(Reflect.get(caught, "cemm"))?.alias, "s01");
    });
  });

  it("shows its state, the value and what it waits for, as keys of the catalogue", async () => {
    const flow = await startFlow({ node: { ...plain, onDelay: 200 } });
    await flow.end(live(0, -820));
    await flow.statuses.next(({ text }) => text?.includes("820") ?? false);
    await flow.end(live(20, -1500));
    const { fill, shape, text } = await flow.statuses.next((status) => status.text?.includes("1500") ?? false);
    const own = "node-red-contrib-cemm/cemm-trigger:status";
    assert.deepEqual([fill, shape, text], ["grey", "dot", `${own}.off · -1500 W · ${own}.onIn`]);
  });

  it("keeps the order of messages while values are looked up", async () => {
    const flow = await startFlow({ node: { ...plain, on: "limit", onType: "flow" } });
    nodeOf("node").context().flow.set("limit", -1000);
    const ids = [0, -1500, 0, -1500, 0].map((power, n) => flow.give(live(n * 10, power)));
    await flow.ended(ids.at(-1) ?? "");
    assert.deepEqual(verdicts(flow), ["off start", "on condition", "off condition", "on condition", "off condition"]);
  });
});
