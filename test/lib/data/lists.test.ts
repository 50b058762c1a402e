/** Lists of meters and CEMMs. Other bodies: test/proofs/faults/payload.ts. */
import assert from "node:assert/strict";
import { failure, testbed } from "../../support/server.js";
import { json } from "../../support/server-answers.js";

const manyMeters = (count: number) => Array.from({ length: count }, (_, n) => ({ io_id: n, type: "p1" }));

describe("a list", () => {
  const bed = testbed();

  for (const [what, data] of [
    ["that is not an array", {}],
    ["with a meter without a number", [{ type: "p1" }]],
    ["of more than a thousand meters", manyMeters(1001)],
    ["of a million empty meters", Array.from({ length: 1_000_000 }, () => ({}))],
  ] as const) {
    it(`${what}: CEMM_BAD_RESPONSE`, async () => {
      const server = await bed.serve(json({ data }));
      assert.equal((await failure(bed.over("cloud", server.host).meters())).code, "CEMM_BAD_RESPONSE");
    });
  }

  it("of a thousand meters is read", async () => {
    const server = await bed.serve(json({ data: manyMeters(1000) }));
    assert.equal((await bed.over("cloud", server.host).meters()).length, 1000);
  });

  it("of CEMMs without uids: CEMM_BAD_RESPONSE", async () => {
    const server = await bed.serve(json({ data: [{}] }));
    assert.equal((await failure(bed.account(server.host).cemms())).code, "CEMM_BAD_RESPONSE");
  });

  it("without meters is an empty list", async () => {
    const server = await bed.serve(json({ data: [] }));
    assert.deepEqual(await bed.over("cloud", server.host).meters(), []);
    const error = await failure(bed.over("cloud", server.host).meter("p1"));
    assert.equal(error.code, "CEMM_ALIAS_UNSUPPORTED");
  });

  it("has texts of at most 100 characters, without control characters", async () => {
    const meter = { io_id: 1, type: `so\nl\u001b[31mar${"x".repeat(3_000_000)}`, alias: "s01" };
    const server = await bed.serve(json({ data: [meter] }));
    const [{ type, alias } = { type: "", alias: "" }] = await bed.over("lan", server.host).meters();
    assert.deepEqual([type.slice(0, 10), type.length, alias], ["sol[31marx", 100, "s01"]);
  });
});
