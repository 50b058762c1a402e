/** Node-RED copies messages for catch and complete nodes, and for a second wire. It throws if it cannot copy one. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";
import { type FlowOptions, flows, logged, startFlow } from "../support/flow.js";
import { eventually, testbed } from "../support/server.js";
import { type Answer, good, json, status } from "../support/server-answers.js";

/** Throws when it is copied. */
const uncopyable = () => ({
  box: {
    get content(): never {
      throw new Error("cannot be copied");
    },
  },
});

describe("an exception from Node-RED", () => {
  flows();
  const bed = testbed();
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown) => void unhandled.push(reason);
  before(() => process.prependListener("unhandledRejection", onUnhandled));
  after(() => process.off("unhandledRejection", onUnhandled));
  afterEach(() => assert.deepEqual(unhandled.splice(0), [], "the process would have ended"));

  const HANDED_ON = /could not be handed on: cannot be copied/;
  const NOT_COPIED = /The message cannot be copied: cannot be copied/;
  const live = { type: "cemm-realtime" };
  const trigger = { type: "cemm-trigger", on: "0", off: "10" };
  const WIRES = ["sent", "sent"];
  const THROWS: {
    it: string;
    node: FlowOptions["node"];
    wires?: string[];
    answer?: Answer;
    msg?: object;
    says: RegExp;
  }[] = [
    { it: "in done, after an answer, is logged", node: live, says: HANDED_ON },
    {
      it: "in done, after an error, is logged with that error",
      node: live,
      answer: status(500),
      says: /House.*could not be/,
    },
    { it: "in done, after a reset, is logged", node: live, msg: { reset: true }, says: HANDED_ON },
    { it: "in send is raised as its message's error", node: live, wires: WIRES, says: NOT_COPIED },
    { it: "in a trigger's done, after a verdict, is logged", node: trigger, msg: { payload: -5 }, says: HANDED_ON },
    { it: "in a trigger's done, after an error, is logged", node: trigger, msg: { payload: "none" }, says: HANDED_ON },
    { it: "in a trigger's done, after a reset, is logged", node: trigger, msg: { reset: true }, says: HANDED_ON },
    {
      it: "in a trigger's send is logged",
      node: trigger,
      wires: WIRES,
      msg: { payload: -5 },
      says: /cannot be copied/,
    },
  ];
  for (const { it: what, node, wires = ["sent"], answer = good, msg, says } of THROWS) {
    it(what, async () => {
      const { host } = await bed.serve(answer);
      const flow = await startFlow({ node, wires, device: { host, name: "House" } });
      flow.give({ ...uncopyable(), ...msg });
      await eventually(() => logged("error").length > 0, "a line in the log");
      assert.match(logged("error").join(), says);
      const { caught } = await flow.end({ payload: -5, cemm: { uid: "another" } });
      assert.equal(caught !== undefined, answer !== good, "it keeps working");
    });
  }

  it("about a topic that is not text is CEMM_INPUT if the topics of the channels begin with it", async () => {
    const { host } = await bed.serve(good);
    const flow = await startFlow({ node: { type: "cemm-realtime", split: true }, device: { host } });
    const fails = { toString: () => assert.fail("asked for its text") };
    for (const topic of [Symbol("topic"), Object.create(null), {}, [Object.create(null)], fails]) {
      assert.equal((await flow.error({ topic })).code, "CEMM_INPUT", inspect(topic));
    }
    assert.equal((await flow.answer({ topic: "house" })).topic, "house/electric_power");
  });

  for (const node of [{ split: true }, { type: "cemm-history", deliver: "each" }]) {
    it(`about a message that is nested too deeply to be copied is CEMM_INPUT, and logged, since a catch node cannot get it (${inspect(node)})`, async () => {
      const { host } = await bed.serve(json({ data: { electric_power: "type" in node ? [] : [1, 193] } }));
      const flow = await startFlow({ node: { type: "cemm-realtime", ...node }, device: { host } });
      let box: object = {};
      for (let depth = 0; depth < 20_000; depth++) box = { box };
      flow.give({ box });
      await eventually(() => logged("error").length > 0, "a line in the log");
      assert.match(logged("error").join(), /The message cannot be copied: Maximum call stack/);
      assert.doesNotMatch(logged("error").join(), /Unexpected/);
      await eventually(() => flow.shown().at(-1) === "red ring CEMM_INPUT", "its code is in the status");
      assert.deepEqual(flow.caught.all, []);
    });
  }

  for (const details of [false, true]) {
    it(`in send of a CEMM that was found is logged (details: ${details})`, async () => {
      const simulator: Simulator = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0, devices: 2 });
      const port = simulator.addresses.udp.split(":").at(-1);
      const search = { broadcast: "127.0.0.1", port, timeout: 0.3, details, deliver: "each" };
      const flow = await startFlow({ node: { type: "cemm-discover", ...search } });
      flow.give(uncopyable());
      await eventually(() => logged("error").length > 0, "a line in the log");
      await simulator.close();
      assert.match(logged("error").join(), NOT_COPIED);
    });
  }
});
