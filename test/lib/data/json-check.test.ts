/** What is refused before it is parsed. */
import assert from "node:assert/strict";
import { excessIn, tryJson } from "../../../src/lib/data/json-check.js";
import { LIMITS } from "../../../src/lib/data/limits-table.js";
import { History, IoList } from "../../../src/lib/data/schemas.js";
import { ANY_BODY } from "../../proofs/small/hostile.js";

const { depth, values } = LIMITS.json;
const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const list = (entry: string, count: number) => `{"data":[${Array.from({ length: count }, () => entry).join()}]}`;

describe("a JSON text", () => {
  it("is refused if it is nested deeper than an answer may be", () => {
    assert.equal(excessIn(nested(depth)), undefined);
    assert.equal(excessIn(nested(depth + 1)), "tooDeep");
    assert.equal(excessIn(`{"data":${list("[]", 3)},"more":${nested(depth)}}`), "tooDeep");
  });

  it("is refused if it has more values and lists than an answer may have", () => {
    assert.equal(excessIn(list("1", values - 1)), undefined);
    assert.equal(excessIn(list("1", values)), "tooMany");
    for (const entry of ["{}", "[]", "[1,2]", '{"uid":"x"}', '"a"', "null"])
      assert.equal(excessIn(list(entry, values)), "tooMany", entry);
    const keys = Array.from({ length: values }, (_, n) => `"k${n}":1`);
    assert.equal(excessIn(`{"data":{${keys.join()}}}`), "tooMany");
  });

  it("may have any brackets and commas inside its strings", () => {
    const marks = "[{,".repeat(values);
    for (const text of [marks, `\\"${marks}`, `\\\\\\"${marks}`, `${marks}\\\\`]) {
      assert.equal(excessIn(`{"data":"${text}","more":[1]}`), undefined);
      assert.equal(excessIn(`{"data":"${text}","more":${nested(depth + 1)}}`), "tooDeep");
    }
    assert.equal(excessIn(`{"data":"\\\\",${nested(depth + 1)}`), "tooDeep");
  });

  it("is left to the parser if it is invalid", () => {
    for (const text of ["", "<html>", "]]]]", '"', '{"', '{"a\\', "nothing", `${"]".repeat(1000)}[`]) {
      assert.equal(excessIn(text), undefined, text.slice(0, 9));
    }
  });

  it("of 4 MiB is read or refused within 50 ms of processor time", () => {
    for (const [kind, answer] of ANY_BODY) {
      const body = answer.subarray(answer.indexOf("\r\n\r\n") + 4);
      // The best of five, since other processes may slow some of them.
      const ms = Math.min(...Array.from({ length: 5 }, () => processorMs(() => read(body.toString()))));
      assert.ok(ms < 50, `${kind}: ${ms} ms`);
    }
  });
});

function read(text: string): void {
  const raw = excessIn(text) ? undefined : tryJson(text);
  for (const schema of [History, IoList]) schema.safeParse(raw);
}

function processorMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
