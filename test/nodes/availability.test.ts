/** The second output of `cemm-realtime`, and the default topic: the same for values, errors and availability, as long as a node runs. */
import assert from "node:assert/strict";
import { fixtureText } from "../support/fixtures.js";
import { flows, inCloud, startFlow } from "../support/flow.js";
import { eventually, testbed, UID } from "../support/server.js";
import { type Answer, body, good, inTurn, later, silence, status } from "../support/server-answers.js";

const type = "cemm-realtime";
const TOPIC = `cemm/${UID}/p1/realtime`;
const DEFAULT_TOPIC = `${TOPIC}/availability`;

describe("availability", () => {
  flows();
  const bed = testbed();

  interface Options {
    node?: Record<string, unknown>;
    device?: Record<string, unknown>;
    /** The answer of the CEMM's root. */
    root?: Answer;
  }

  async function start(answer: Answer, { node, device, root = body(fixtureText("lan/info")) }: Options = {}) {
    const server = await bed.serve(answer, { root });
    const flow = await startFlow({
      ...inCloud(server.host),
      node: { type, availability: true, ...node },
      device: { host: server.host, uid: UID, name: "House", ...device },
    });
    return { flow, availability: flow.availability, server };
  }

  it("sends online with the first answer, and nothing with the next", async () => {
    const { flow, availability } = await start(good);
    const before = Date.now();
    const { cemm } = await flow.answer();
    await flow.answer();
    const [first, ...more] = availability.all;
    assert.deepEqual(more, []);
    const { _msgid, since, ...rest } = first ?? {};
    assert.deepEqual(rest, { payload: "online", topic: DEFAULT_TOPIC, cemm });
    assert.ok(typeof since === "number" && since >= before && since <= Date.now());
    assert.equal(typeof _msgid, "string");
  });

  it("sends offline with the first failure, with its code, and without msg.cemm before the first answer", async () => {
    const { flow, availability } = await start(status(500));
    await flow.error();
    await flow.error();
    const { _msgid, since, ...rest } = availability.all[0] ?? {};
    assert.deepEqual(rest, { payload: "offline", topic: DEFAULT_TOPIC, code: "CEMM_GATEWAY" });
    assert.equal(availability.all.length, 1);
  });

  it("sends each change, with the last answer's msg.cemm while offline", async () => {
    const { flow, availability } = await start(inTurn(good, status(418), status(418), good));
    await flow.answer();
    await flow.error();
    await flow.error();
    await flow.answer();
    assert.deepEqual(
      availability.all.map(({ payload, code }) => [payload, code]),
      [
        ["online", undefined],
        ["offline", "CEMM_HTTP"],
        ["online", undefined],
      ],
    );
    assert.deepEqual(availability.all[1]?.cemm, availability.all[0]?.cemm);
    assert.ok(Number(availability.all[0]?.since) <= Number(availability.all[1]?.since));
  });

  it("sends a new message each time: a change that a flow makes to one does not show in the next", async () => {
    const { flow, availability } = await start(inTurn(good, status(418)));
    const { cemm } = await flow.answer();
    const before = structuredClone(cemm);
    if (typeof availability.all[0]?.cemm === "object")
      Object.assign(availability.all[0].cemm ?? {}, { uid: "changed", channels: {} });
    await flow.error();
    assert.deepEqual(availability.all[1]?.cemm, before);
  });

  const TOPICS: [what: string, options: Options, topic: string][] = [
    ["the node's own", { node: { topic: "house" } }, "house"],
    ["the configured uid, in any notation", { device: { uid: "001ec08596cc" } }, TOPIC],
    ["the alias", { node: { alias: "mb5" } }, `cemm/${UID}/mb5/realtime`],
    ["the configured host, even once the uid is known", { device: { uid: "" } }, "cemm/HOST/p1/realtime"],
    ["the host of a CEMM that reports no MAC", { device: { uid: "" }, root: status(404) }, "cemm/HOST/p1/realtime"],
  ];
  for (const [what, options, topic] of TOPICS) {
    it(`uses the same topic for values and availability, before and after the first answer: ${what}`, async () => {
      const { flow, availability, server } = await start(inTurn(status(418), good), options);
      await flow.error({ topic: "" });
      const value = await flow.answer({ topic: "" });
      const expected = topic.replace("HOST", server.host);
      assert.equal(value.topic, expected);
      assert.deepEqual(
        availability.all.map((msg) => [msg.payload, msg.topic]),
        ["offline", "online"].map((payload) => [payload, `${expected}/availability`]),
      );
    });
  }

  it("distinguishes the CEMMs that messages choose by target and alias", async () => {
    const other = await bed.serve(good);
    const { flow, availability } = await start(good, {
      node: { target: "target", targetType: "msg", alias: "alias", aliasType: "msg" },
    });
    const topics: unknown[] = [];
    for (const [target, alias] of [
      ["", "p1"],
      [UID.toLowerCase(), "p1"],
      ["", "mb5"],
      [other.host, "p1"],
    ])
      topics.push((await flow.answer({ target, alias })).topic);
    const [own, , ofMeter, ofOther] = topics;
    assert.deepEqual(topics, [TOPIC, TOPIC, `cemm/${UID}/mb5/realtime`, `cemm/${other.host}/p1/realtime`]);
    assert.deepEqual(
      availability.all.map(({ payload, topic }) => `${payload} ${topic}`),
      [own, ofMeter, ofOther].map((topic) => `online ${topic}/availability`),
    );
  });

  const NOTHING: [code: string, options: Options][] = [
    ["CEMM_INPUT", { node: { alias: "P 1" } }],
    ["CEMM_CONFIG", { device: { host: "a b" } }],
  ];
  for (const [code, options] of NOTHING) {
    it(`sends nothing for ${code}`, async () => {
      const { flow, availability } = await start(good, options);
      assert.equal((await flow.error()).code, code);
      assert.deepEqual(availability.all, []);
    });
  }

  it("sends nothing for a request that msg.reset stops", async () => {
    const { flow, availability, server } = await start(inTurn(silence, good));
    const stopped = flow.give();
    await eventually(() => server.questions.length > 0, "it is asked");
    flow.give({ reset: true });
    await flow.ended(stopped);
    assert.deepEqual(availability.all, []);
  });

  it("sends it from a polling node, too, with the same topic for its errors and values", async () => {
    const { flow, availability } = await start(inTurn(status(418), good, later(10, status(418))), {
      node: { repeat: 1 },
    });
    const payloads = (await availability.take(3, undefined, 9000)).map(({ payload }) => payload);
    assert.deepEqual(payloads, ["offline", "online", "offline"]);
    assert.deepEqual(
      [flow.caught, flow.sent].map(({ all }) => all[0]?.topic),
      [TOPIC, TOPIC],
    );
  });

  it("sends nothing if the property is not set", async () => {
    const { flow, availability } = await start(good, { node: { availability: false } });
    await flow.answer();
    assert.deepEqual(availability.all, []);
  });
});
