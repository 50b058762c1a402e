/** The program of examples/fleet is tested with this project's packages, so its own package.json must name the same versions. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";

const Manifest = z.looseObject({
  engines: z.object({ node: z.string() }),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()).default({}),
});

const ROOT = resolve(__dirname, "../..");
const manifest = (folder: string) =>
  Manifest.parse(JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")));

describe("examples/fleet/package.json", () => {
  it("names the versions that it is tested with", () => {
    const { engines, devDependencies } = manifest("");
    const { "node-red-contrib-cemm": _own, ...others } = manifest("examples/fleet").dependencies;
    for (const [name, range] of Object.entries(others)) assert.equal(range, devDependencies[name], name);
    assert.deepEqual(manifest("examples/fleet").engines, engines);
  });
});
