/** The second output of `cemm-realtime`. */
import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import { flows, startFlow } from "../support/flow.js";
import { Capture } from "../support/node-red-capture.js";
import helper from "../support/node-red-helper.js";
import { testbed, UID } from "../support/server.js";
import { type Answer, good, inTurn, later, silence, status } from "../support/server-answers.js";

const type = "cemm-realtime";
const DEFAULT_TOPIC = `cemm/${UID}/p1/realtime/availability`;

describe("availability", () => {
  flows();
  const bed = testbed();

  interface Options {
    node?: Record<string, unknown>;
    device?: Record<string, unknown>;
  }

  async function start(answer: Answer, { node, device }: Options = {}) {
    const server = await bed.serve(answer);
    const flow = await startFlow({
      node: { type, availability: true, ...node },
      device: { host: server.host, uid: UID, name: "House", ...device },
      outputs: [["sent"], ["availability"]],
      more: [{ id: "availability", type: "helper" }],
    });
    const availability = new Capture<NodeMessage>("availability message");
    helper.getNode("availability")?.on("input", (msg, _send, done) => {
      availability.add(msg);
      done();
    });
    return { flow, availability, server };
  }

  it("says online with the first answer, and nothing with the next", async () => {
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

  it("says offline with the first failure: its code, and no msg.cemm before an answer", async () => {
    const { flow, availability } = await start(status(500));
    await flow.error();
    await flow.error();
    const { _msgid, since, ...rest } = availability.all[0] ?? {};
    assert.deepEqual(rest, { payload: "offline", topic: DEFAULT_TOPIC, code: "CEMM_GATEWAY" });
    assert.equal(availability.all.length, 1);
  });

  it("says each change, with the last answer's msg.cemm while offline", async () => {
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

  it("a message of its own each time: what a flow changes in one, the next does not show", async () => {
    const { flow, availability } = await start(inTurn(good, status(418)));
    const { cemm } = await flow.answer();
    const before = structuredClone(cemm);
    if (typeof availability.all[0]?.cemm === "object")
      Object.assign(availability.all[0].cemm ?? {}, { uid: "changed", channels: {} });
    await flow.error();
    assert.deepEqual(availability.all[1]?.cemm, before);
  });

  for (const [what, options, topic] of [
    ["the node's", { node: { topic: "house" } }, "house/availability"],
    ["the configured uid, in whatever notation", { device: { uid: "001ec08596cc" } }, DEFAULT_TOPIC],
    ["the alias", { node: { alias: "mb5" } }, `cemm/${UID}/mb5/realtime/availability`],
  ] as const) {
    it(`topic: ${what}`, async () => {
      const { flow, availability } = await start(good, options);
      await flow.answer({ topic: "of the message" });
      assert.equal(availability.all[0]?.topic, topic);
    });
  }

  it("topic: else the host as configured, before and after the uid is known", async () => {
    const { flow, availability, server } = await start(inTurn(status(418), good), { device: { uid: "" } });
    await flow.error();
    await flow.answer();
    const topic = `cemm/${server.host}/p1/realtime/availability`;
    assert.deepEqual(
      availability.all.map((msg) => [msg.payload, msg.topic]),
      [
        ["offline", topic],
        ["online", topic],
      ],
    );
  });

  it("CEMMs that are asked by messages are distinguished by target and alias", async () => {
    const other = await bed.serve(status(418));
    const { flow, availability } = await start(good, {
      node: { target: "target", targetType: "msg", alias: "alias", aliasType: "msg" },
    });
    await flow.answer({ target: "", alias: "p1" });
    await flow.answer({ target: UID.toLowerCase(), alias: "p1" });
    await flow.answer({ target: "", alias: "mb5" });
    await flow.error({ target: other.host, alias: "p1" });
    assert.deepEqual(
      availability.all.map(({ payload, topic }) => `${payload} ${topic}`),
      [
        `online ${DEFAULT_TOPIC}`,
        `online cemm/${UID}/mb5/realtime/availability`,
        `offline cemm/${other.host}/p1/realtime/availability`,
      ],
    );
  });

  it("CEMM_INPUT says nothing", async () => {
    const { flow, availability } = await start(good, { node: { alias: "alias", aliasType: "msg" } });
    assert.equal((await flow.error({ alias: "P 1" })).code, "CEMM_INPUT");
    assert.deepEqual(availability.all, []);
  });

  it("CEMM_CONFIG says nothing", async () => {
    const { flow, availability } = await start(good, { device: { host: "a b" } });
    assert.equal((await flow.error()).code, "CEMM_CONFIG");
    assert.deepEqual(availability.all, []);
  });

  it("a request that msg.reset stops says nothing", async () => {
    const { flow, availability, server } = await start(inTurn(silence, good));
    const stopped = flow.give();
    while (server.questions.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    flow.give({ reset: true });
    await flow.ended(stopped);
    assert.deepEqual(availability.all, []);
  });

  it("a node that polls says it, too", async () => {
    const { availability } = await start(inTurn(good, status(418), later(10, good)), { node: { repeat: 1 } });
    const payloads = (await availability.take(3, undefined, 9000)).map(({ payload }) => payload);
    assert.deepEqual(payloads, ["online", "offline", "online"]);
  });

  it("without the property there is no second output", async () => {
    const { flow, availability } = await start(good, { node: { availability: false } });
    await flow.answer();
    assert.deepEqual(availability.all, []);
  });
});
