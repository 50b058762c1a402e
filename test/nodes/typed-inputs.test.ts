/** Every field that names a value is a typed input, so one node can serve many CEMMs. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import type { NodeMessage } from "node-red";
import { endFlow, type Flow, flows, startFlow } from "../support/flow.js";
import { testbed } from "../support/server.js";
import { json } from "../support/server-answers.js";

const DAY = json({ data: { electric_power: [] } });
const READING = json({ data: { electric_power: [1_632_948_526_000, 1] }, totals: { t1: [1_632_948_526_000, 1] } });

/** For each type: what the field holds, and how the flow provides the value. */
const TYPES: Record<
  string,
  (name: string, value: string) => { field: string; msg?: NodeMessage; prepare?: (flow: Flow) => void }
> = {
  str: (_name, value) => ({ field: value }),
  msg: (name, value) => ({ field: `${name}.value`, msg: { [name]: { value } } }),
  flow: (name, value) => ({ field: name, prepare: ({ node }) => node.context().flow.set(name, value) }),
  global: (name, value) => ({ field: name, prepare: ({ node }) => node.context().global.set(name, value) }),
  env: (name, value) => {
    // As from a file written on Windows.
    process.env[`CEMM_TEST_${name}`] = `${value}\r`;
    return { field: `CEMM_TEST_${name}` };
  },
  jsonata: (name, value) => ({
    field: `${name}.first & ${name}.rest`,
    msg: { [name]: { first: value[0], rest: value.slice(1) } },
  }),
};

describe("typed inputs", () => {
  flows();
  const bed = testbed();
  after(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith("CEMM_TEST_")) delete process.env[name];
  });

  /** A flow whose fields get these values by that type, and the message that it needs. */
  async function startWith(type: string, node: string, host: string, values: Record<string, string>) {
    const fields = Object.entries(values).map(([name, value]) => ({ name, ...TYPES[type]?.(name, value) }));
    const properties = fields.map(({ name, field }) => ({ [name]: field, [`${name}Type`]: type }));
    const flow = await startFlow({ node: Object.assign({ type: node }, ...properties), device: { host } });
    for (const { prepare } of fields) prepare?.(flow);
    return { flow, msg: Object.assign({}, ...fields.map(({ msg }) => msg)) };
  }

  for (const type of Object.keys(TYPES)) {
    for (const node of ["cemm-realtime", "cemm-history", "cemm-totals"]) {
      it(`${node}: alias and target of type ${type}`, async () => {
        const answer = node === "cemm-history" ? DAY : READING;
        const [device, other] = [await bed.serve(answer), await bed.serve(answer)];
        const { flow, msg } = await startWith(type, node, device.host, { alias: "mb5", target: other.host });
        await flow.answer(msg);
        assert.match(other.questions[0]?.url.pathname ?? "", /\/mb5\//);
        assert.equal(device.connections, 0);
      });
    }

    it(`cemm-history: period, time and to of type ${type}`, async () => {
      const server = await bed.serve(DAY);
      const values = { period: "month", time: "2026-02-10", to: "2026-04-01" };
      const { flow, msg } = await startWith(type, "cemm-history", server.host, values);
      await flow.answer(msg);
      assert.deepEqual(
        server.questions.map(({ url }) => monthOf(url)),
        ["2026-02", "2026-03", "2026-04"],
      );
    });
  }

  it("time of type num: epoch s and epoch ms", async () => {
    const server = await bed.serve(DAY);
    const time = Date.parse("2026-02-10T11:00Z");
    for (const value of [time, time / 1000]) {
      const node = { type: "cemm-history", period: "month", time: String(value), timeType: "num" };
      const flow = await startFlow({ node, device: { host: server.host } });
      await flow.answer();
      await endFlow();
    }
    assert.deepEqual(
      server.questions.map(({ url }) => monthOf(url)),
      ["2026-02", "2026-02"],
    );
  });

  it("an invalid JSONata expression is CEMM_INPUT in every field, before any request", async () => {
    const server = await bed.serve(DAY);
    for (const name of ["alias", "target", "period", "time", "to"]) {
      const node = { type: "cemm-history", [name]: "$sum(((", [`${name}Type`]: "jsonata" };
      const flow = await startFlow({ node, device: { host: server.host } });
      const { code, message } = await flow.error();
      assert.equal(code, "CEMM_INPUT");
      assert.match(message, /\$sum\(\(\(.*cannot be evaluated/);
      await endFlow();
    }
    assert.equal(server.connections, 0);
  });

  it("a JSONata expression that fails for a message is CEMM_INPUT", async () => {
    const server = await bed.serve(READING);
    const node = { type: "cemm-realtime", alias: "$error('no such meter')", aliasType: "jsonata" };
    const flow = await startFlow({ node, device: { host: server.host } });
    assert.equal((await flow.error()).code, "CEMM_INPUT");
  });

  const NO_TEXT = [undefined, null, 5, true, {}, ["p1"], Symbol("p1"), Object.create(null)];
  const NO_ALIAS = [...NO_TEXT, "", "P1", "p1/../io", "p1 ", "p_1", "ü", "a".repeat(65)];
  it("an alias with anything but lower-case letters, digits and dashes is CEMM_INPUT, before any request", async () => {
    const server = await bed.serve(READING);
    const node = { type: "cemm-realtime", alias: "alias", aliasType: "msg" };
    const flow = await startFlow({ node, device: { host: server.host } });
    for (const alias of NO_ALIAS) assert.equal((await flow.error({ alias })).code, "CEMM_INPUT", inspect(alias));
    assert.equal(server.connections, 0);
  });

  it("alias: p1 is the default; target: a blank field of any type means the device itself", async () => {
    const server = await bed.serve(READING);
    const node = { type: "cemm-realtime", target: "", targetType: "msg" };
    const flow = await startFlow({ node, device: { host: server.host } });
    await flow.answer();
    assert.equal(server.questions[0]?.url.pathname, "/open-api/v1/p1/realtime/");
  });

  it("target: blank means the device itself; a missing value, or one that is neither uid nor host, is CEMM_INPUT", async () => {
    const server = await bed.serve(READING);
    const node = { type: "cemm-realtime", target: "target", targetType: "msg" };
    const flow = await startFlow({ node, device: { host: server.host } });
    await flow.answer({ target: "" });
    for (const target of [...NO_TEXT, "a/b", "user@host", "x y"]) {
      assert.equal((await flow.error({ target })).code, "CEMM_INPUT", inspect(target));
    }
    assert.equal(server.questions.length, 1);
  });
});

function monthOf(url: URL): string {
  const instant = new Date(Number(url.searchParams.get("time")) * 1000);
  return instant.toLocaleDateString("sv", { timeZone: "Europe/Amsterdam" }).slice(0, 7);
}
