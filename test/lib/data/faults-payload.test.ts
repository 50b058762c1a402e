/** Bodies that are not what the pages describe: the right numbers, or CEMM_BAD_RESPONSE; never a made-up zero. */
import assert from "node:assert/strict";
import { toValues } from "../../../src/lib/index.js";
import { eachAtOnce, failure, overEachRoute, testbed } from "../../support/server.js";
import { body, json } from "../../support/server-answers.js";

const TIME = 1_632_948_526_000;
const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

const manyMeters = (count: number) => Array.from({ length: count }, (_, n) => ({ io_id: n, type: "p1" }));

const REFUSED: { it: string; text: string | Buffer }[] = [
  { it: "a page in HTML", text: "<!doctype html><title>Sign in</title>" },
  { it: "an empty body", text: "" },
  { it: "null", text: "null" },
  { it: "a number", text: "42" },
  { it: "an array", text: "[]" },
  { it: "no data", text: '{"io_id":1}' },
  { it: "data null", text: '{"data":null}' },
  { it: "data an array", text: '{"data":[]}' },
  { it: "data text", text: '{"data":"none"}' },
  { it: "no channel", text: '{"data":{}}' },
  { it: "a promise that is no text, and no data", text: '{"promise":42}' },
  { it: "only broken pairs", text: '{"data":{"t1":[1],"t2":{},"gas":"12"}}' },
  { it: "a value beyond all numbers", text: `{"data":{"electric_power":[${TIME},1e999]}}` },
  { it: "NaN as text", text: `{"data":{"electric_power":[${TIME},"NaN"]}}` },
  { it: "JSON with a byte order mark", text: `\u{feff}{"data":` },
  { it: "invalid UTF-8", text: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) },
  { it: "deep nesting", text: deep(50_000) },
  { it: "more than 4 MiB", text: `{"data":{"x":"${"y".repeat(5 * 1024 * 1024)}"}}` },
];

const READ: { it: string; text: string; values: Record<string, number | null>; unusable?: string[] }[] = [
  { it: "numbers in quotes", text: `{"data":{"electric_power":["${TIME}","-4.5"]}}`, values: { electric_power: -4.5 } },
  { it: "[0,0]: never reported, not zero", text: '{"data":{"gas":[0,0]}}', values: { gas: null } },
  { it: "a null value", text: `{"data":{"gas":[${TIME},null]}}`, values: { gas: null } },
  { it: "a zero that was measured", text: `{"data":{"electric_power":[${TIME},0]}}`, values: { electric_power: 0 } },
  { it: "a negative time: unknown", text: '{"data":{"electric_power":[-5,12]}}', values: { electric_power: 12 } },
  {
    it: "a time in the future",
    text: '{"data":{"electric_power":[4102444800000,12]}}',
    values: { electric_power: 12 },
  },
  {
    it: "a broken pair beside good ones",
    text: `{"data":{"t1":[${TIME},5],"t2":[${TIME}],"t3":[${TIME},1,2],"t4":[${TIME},"x"],"gas":null,"rate":[${TIME},true]}}`,
    values: { t1: 5, t2: null, t3: null, t4: null, gas: null, rate: null },
    unusable: ["t2", "t3", "t4", "gas", "rate"],
  },
  {
    it: "a time that no calendar has",
    text: '{"data":{"t1":[1e300,5],"t2":[1,2]}}',
    values: { t1: null, t2: 2 },
    unusable: ["t1"],
  },
  { it: "a channel nobody knows", text: `{"data":{"warp_core":[${TIME},9]}}`, values: { warp_core: 9 } },
  {
    it: "data beside a promise that is no text",
    text: `{"promise":null,"data":{"t1":[${TIME},5]}}`,
    values: { t1: 5 },
  },
  {
    it: "names of Object.prototype",
    text: `{"data":{"__proto__":[${TIME},1],"constructor":[${TIME},2],"toString":[${TIME},3]}}`,
    values: { constructor: 2, toString: 3 },
  },
  {
    it: "more members than documented",
    text: `{"data":{"t1":[${TIME},5]},"extra":{"deep":[[]]},"io_id":{}}`,
    values: { t1: 5 },
  },
  { it: "a byte order mark", text: `\u{feff}{"data":{"t1":[${TIME},5]}}`, values: { t1: 5 } },
];

describe("a body of another shape", () => {
  const bed = testbed();

  eachAtOnce(overEachRoute(REFUSED.map((row) => ({ ...row, it: `${row.it}: CEMM_BAD_RESPONSE` }))), async (row) => {
    const server = await bed.serve(body(row.text));
    const error = await failure(bed.over(row.route, server.host, { timeout: 4 }).realtime("p1"));
    assert.equal(error.code, "CEMM_BAD_RESPONSE", error.message);
    assert.ok(error.message.length < 400, "an error does not repeat the body");
  });

  eachAtOnce(overEachRoute(READ), async ({ route, text, values, unusable = [] }) => {
    const server = await bed.serve(body(text));
    const answer = await bed.over(route, server.host).realtime("p1");
    assert.deepEqual({ ...toValues(answer) }, values);
    assert.deepEqual(answer.unusable, unusable);
    assert.equal(server.questions.length, 1);
    assert.equal(Reflect.get({}, "0"), undefined);
  });

  const MALFORMED_LISTS = [
    { it: "a list of meters that is none", value: { data: {} } },
    { it: "a meter without a number", value: { data: [{ type: "p1" }] } },
    { it: "more than a thousand meters", value: { data: manyMeters(1001) } },
    { it: "a million empty meters", value: { data: Array.from({ length: 1_000_000 }, () => ({})) } },
  ];
  for (const { it: name, value } of MALFORMED_LISTS) {
    it(`${name}: CEMM_BAD_RESPONSE`, async () => {
      const server = await bed.serve(json(value));
      assert.equal((await failure(bed.over("cloud", server.host).meters())).code, "CEMM_BAD_RESPONSE");
    });
  }

  it("a thousand meters are listed", async () => {
    const server = await bed.serve(json({ data: manyMeters(1000) }));
    assert.equal((await bed.over("cloud", server.host).meters()).length, 1000);
  });

  it("a list of CEMMs without uids: CEMM_BAD_RESPONSE", async () => {
    const server = await bed.serve(json({ data: [{}] }));
    assert.equal((await failure(bed.account(server.host).cemms())).code, "CEMM_BAD_RESPONSE");
  });

  it("a CEMM without any meter is an empty list", async () => {
    const server = await bed.serve(json({ data: [] }));
    assert.deepEqual(await bed.over("cloud", server.host).meters(), []);
    const error = await failure(bed.over("cloud", server.host).meter("p1"));
    assert.equal(error.code, "CEMM_ALIAS_UNSUPPORTED");
  });
});
