/** docs/simulator.md: others test against the simulator by it. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { faultNames } from "../../src/simulator/faults.js";

const page = readFileSync(resolve(__dirname, "../../docs/simulator.md"), "utf8");

describe("the simulator's page", () => {
  it("has the options and faults exactly as in --help: copy its output there", () => {
    const args = ["--import", "tsx", "src/simulator/main.ts", "--help"];
    const help = execFileSync(process.execPath, args, { encoding: "utf8" }).trim();
    const [, shown] = /This is what `--help` says\.\n\n```\n([\s\S]*?)\n```/.exec(page) ?? [];
    assert.equal(shown, help);
  });

  it("says of each fault what a client should make of it", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("| `"));
    const named = rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([\w-]+)`/g)].map(([, name]) => name));
    assert.deepEqual(named.sort(), [...faultNames].sort());
  });
});
