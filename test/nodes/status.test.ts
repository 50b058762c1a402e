/** The statuses, in order: blue ring, yellow ring, green dot, red ring. */
import assert from "node:assert/strict";
import { flows, inCloud, startFlow, statusOnceDeployed } from "../support/flow.js";
import { testbed } from "../support/server.js";
import { type Answer, inTurn, json, promised, status } from "../support/server-answers.js";

const AT = Date.now();
const OLD = AT - 6 * 60_000;
const good = json({ data: { electric_power: [AT, 193] } });
const type = "cemm-realtime";

describe("status", () => {
  flows();
  const bed = testbed();

  const overCloud = async (answer: Answer) => startFlow({ node: { type }, ...inCloud((await bed.serve(answer)).host) });

  it("shows a blue ring while asking, then a green dot with the reading", async () => {
    const flow = await overCloud(good);
    await flow.answer();
    assert.deepEqual(flow.shown(), ["blue ring asking", "green dot 193 W"]);
  });

  it("shows a yellow ring while it waits for a promised answer", async () => {
    const flow = await overCloud(inTurn(promised, good));
    await flow.answer();
    assert.deepEqual(flow.shown(), ["blue ring asking", "yellow ring promised", "green dot 193 W"]);
  });

  it("shows a red ring with the error, then a blue ring when it asks again", async () => {
    const flow = await overCloud(inTurn(status(403), good));
    await flow.error();
    await flow.answer();
    await flow.statuses.next(({ fill }) => fill === "green");
    const failed = ["blue ring asking", "red ring CEMM_UNAUTHORIZED"];
    assert.deepEqual(flow.shown(), [...failed, "blue ring asking", "green dot 193 W"]);
  });

  it("uses keys of the catalogue for fixed texts", async () => {
    const flow = await overCloud(inTurn(promised, status(412)));
    await flow.error();
    const keys = flow.statuses.all.map(({ text }) => text);
    const catalogue = "node-red-contrib-cemm/cemm-device:status";
    assert.deepEqual(
      keys,
      ["asking", "promised", "CEMM_ALIAS_UNSUPPORTED"].map((key) => `${catalogue}.${key}`),
    );
  });

  for (const type of ["cemm-realtime", "cemm-history", "cemm-totals", "cemm-discover"]) {
    it(`${type}: shows a grey ring after a deploy, while it waits for a message`, async () => {
      assert.deepEqual(await statusOnceDeployed({ node: { type } }), ["grey ring idle"]);
    });
  }

  it("a polling node does not show that it waits for a message", async () => {
    assert.deepEqual(await statusOnceDeployed({ node: { type, repeat: 60 } }), []);
  });

  it("polls do not show a blue ring", async () => {
    const { host } = await bed.serve(good);
    const flow = await startFlow({ node: { type, repeat: 1 }, device: { host } });
    await flow.statuses.take(2, ({ fill }) => fill === "green");
    assert.deepEqual(new Set(flow.shown()), new Set(["green dot 193 W"]));
  });

  it("a message to a polling node shows a blue ring", async () => {
    const { host } = await bed.serve(good);
    const flow = await startFlow({ node: { type, repeat: 60 }, device: { host } });
    await flow.answer();
    assert.ok(flow.shown().includes("blue ring asking"));
  });

  const READINGS: [string, Record<string, unknown>, string][] = [
    ["power before anything else", { t1: [AT, 5], electric_power: [AT, -4.5] }, "-4.5 W"],
    ["zero", { electric_power: [AT, 0] }, "0 W"],
    ["flow", { volume: [AT, 7], flow: [AT, 1.23456] }, "1.235 L/min"],
    ["a meter reading", { gas: [AT, 2617] }, "2617 m³"],
    [
      "both tariffs added up, for import and export",
      { t1: [AT, 1], t2: [AT, 2], t3: [AT, 3], t4: [AT, 4] },
      "↓ 3 kWh ↑ 7 kWh",
    ],
    ["both tariffs added up, without export", { t1: [AT, 1], t2: [AT, 2] }, "3 kWh"],
    ["the one counter of a Modbus meter", { t1: [AT, 1] }, "1 kWh"],
    ["power before the first pulse, beside a live counter", { electric_power: [0, 0], t1: [AT, 3] }, "0 W"],
    ["an unknown channel, by its name", { odd: [AT, 3] }, "3 odd"],
    ["stale", { electric_power: [OLD, 193], gas: [AT, 5] }, "193 W · stale"],
    ["not stale if only a channel that it does not show is", { t1: [OLD, null], gas: [AT, 5] }, "5 m³"],
    ["no value", { gas: [0, 0] }, "noValue"],
  ];
  for (const [what, data, text] of READINGS) {
    it(`the reading: ${what}: ${text}`, async () => {
      const flow = await overCloud(json({ data }));
      await flow.answer();
      assert.equal(flow.shown().at(-1), `green dot ${text}`);
    });
  }
});
