/** What scripts import is little enough to read. */
import assert from "node:assert/strict";
import * as entry from "../../src/lib/index.js";

describe("the package's entry", () => {
  it("has at most 30 names", () => {
    const names = Object.keys(entry);
    assert.ok(names.length <= 30, `${names.length}: ${names}`);
    for (const name of ["CemmClient", "CemmAccount", "CemmError", "discover", "diagnostics", "schemas"]) {
      assert.ok(names.includes(name), name);
    }
  });
});
