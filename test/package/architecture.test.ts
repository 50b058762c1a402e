/** The linter is what holds the architecture, so here it is shown offending code, under the project's own rules. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const root = resolve(__dirname, "../..");

/** Who may not import what: [the importing file, the module, a part of the linter's reason]. */
const forbidden: [string, string, string][] = [
  ["src/lib/client.ts", "node-red", "neither Node-RED"],
  ["src/lib/client.ts", "@node-red/util", "neither Node-RED"],
  ["src/lib/client.ts", "../nodes/shared/flow-node.js", "neither Node-RED"],
  ["src/lib/client.ts", "../simulator/simulator.js", "neither Node-RED"],
  ["src/lib/client.ts", "../editor/index.js", "neither Node-RED"],
  ["src/lib/client.ts", "undici", "lib/transport"],
  ["src/lib/client.ts", "temporal-polyfill", "calendar.ts"],
  ["src/lib/syntax.ts", "node:net", "imports nothing"],
  ["src/lib/syntax.ts", "./errors.js", "imports nothing"],
  ["src/lib/transport/http.ts", "node-red", "neither Node-RED"],
  ["src/lib/transport/http.ts", "temporal-polyfill", "calendar.ts"],
  ["src/lib/transport/http.ts", "../routes/lan.js", "one way"],
  ["src/lib/transport/http.ts", "../client.js", "one way"],
  ["src/lib/routes/lan.ts", "undici", "lib/transport"],
  ["src/lib/routes/lan.ts", "../client.js", "one way"],
  ["src/lib/data/calendar.ts", "node-red", "neither Node-RED"],
  ["src/lib/data/calendar.ts", "undici", "lib/transport"],
  ["src/lib/data/channels.ts", "../transport/http.js", "one way"],
  ["src/lib/trigger/machine.ts", "node-red", "neither Node-RED"],
  ["src/lib/trigger/machine.ts", "../client.js", "one way"],
  ["src/lib/trigger/machine.ts", "../../nodes/trigger/clock.js", "neither Node-RED"],
  ["src/nodes/device/device.ts", "../lib/client.js", "lib/index"],
  ["src/nodes/device/device.ts", "../lib/data/schemas.js", "lib/index"],
  ["src/nodes/shared/poller.ts", "../../lib/client.js", "lib/index"],
  ["src/nodes/device/device.ts", "../simulator/simulator.js", "lib/index"],
  ["src/nodes/device/device.ts", "undici", "lib/index"],
  ["src/nodes/device/device.ts", "zod", "Schemas"],
  ["src/nodes/device/device.ts", "temporal-polyfill", "calendar.ts"],
  ["src/editor/fields.ts", "../lib/index.js", "syntax and plain tables"],
  ["src/editor/fields.ts", "node:net", "syntax and plain tables"],
  ["src/editor/fields.ts", "zod", "Schemas"],
  ["src/simulator/cemm.ts", "../lib/client.js", "nothing with the client"],
  ["src/simulator/cemm.ts", "../lib/index.js", "nothing with the client"],
  ["src/simulator/cemm.ts", "../nodes/shared/flow-node.js", "nothing with the client"],
  ["src/simulator/cemm.ts", "undici", "asks nobody"],
];

const allowed: [string, string][] = [
  ["src/lib/transport/http.ts", "undici"],
  ["src/lib/transport/http.ts", "../errors.js"],
  ["src/lib/data/calendar.ts", "temporal-polyfill"],
  ["src/lib/routes/lan.ts", "zod"],
  ["src/lib/routes/lan.ts", "../transport/http.js"],
  ["src/lib/routes/lan.ts", "../data/answer.js"],
  ["src/nodes/device/device.ts", "../lib/index.js"],
  ["src/nodes/shared/poller.ts", "../../lib/index.js"],
  ["src/nodes/device/device.ts", "../shared/flow-node.js"],
  ["src/editor/fields.ts", "../lib/syntax.js"],
  ["src/editor/fields.ts", "../lib/data/channel-table.js"],
  ["src/editor/fields.ts", "../lib/trigger/starting-points-table.js"],
  ["src/lib/trigger/machine.ts", "zod"],
  ["src/lib/trigger/rule.ts", "../errors.js"],
  ["src/simulator/cemm.ts", "../lib/data/schemas.js"],
  ["src/simulator/cemm.ts", "zod"],
  ["src/simulator/calendar.ts", "temporal-polyfill"],
];

/** Each is shown once, and linted together with all the others: a run of the linter costs more than what it looks at. */
const sources = new Map<string, string[]>();
const show = (file: string, line: string) => {
  const lines = sources.get(file) ?? [];
  sources.set(file, [...lines, line]);
  return { file, line: lines.length + 1 };
};
const showImport = (file: string, module: string) => show(file, `export * from "${module}";`);

describe("the linter holds the architecture", () => {
  let complaints: string[];

  before(() => {
    complaints = lint();
  });

  const at = ({ file, line }: { file: string; line: number }) =>
    complaints.filter((each) => each.includes(`${file},line=${line},`)).join("\n");

  for (const [file, module, reason] of forbidden) {
    const place = showImport(file, module);
    it(`${file} may not import ${module}`, () => {
      assert.match(at(place), /noRestrictedImports/);
      assert.ok(at(place).includes(reason), at(place));
    });
  }

  for (const [file, module] of allowed) {
    const place = showImport(file, module);
    it(`${file} may import ${module}`, () => assert.equal(at(place), ""));
  }

  for (const line of ['import type { z } from "zod";', 'export const wire = () => import("undici");']) {
    const place = show("src/nodes/a.ts", line);
    it(`sees ${line}`, () => assert.match(at(place), /noRestrictedImports/));
  }

  for (const folder of ["src/lib", "src/nodes", "src/simulator", "test", "scripts"]) {
    const file = `${folder}/floating.ts`;
    show(file, "export async function answer(): Promise<number> { return 42; }");
    const place = show(file, "export function forgets(): void { answer(); }");
    const elsewhere = `${folder}/floating-import.ts`;
    show(elsewhere, 'import { answer } from "./floating.js";');
    const imported = show(elsewhere, "answer();");
    it(`sees a promise that nobody waits for in ${folder}`, () => {
      assert.match(at(place), /noFloatingPromises/);
      assert.match(at(imported), /noFloatingPromises/);
    });
  }
});

/** The linter's complaints, a line each, about a copy of the project's rules with nothing but the sources above. */
function lint(): string[] {
  const folder = mkdtempSync(join(tmpdir(), "cemm-lint-"));
  try {
    copyFileSync(join(root, "biome.json"), join(folder, "biome.json"));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
    for (const [file, lines] of sources) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), `${lines.join("\n")}\n`);
    }
    const biome = join(root, "node_modules/.bin/biome");
    const args = [
      "lint",
      "--vcs-enabled=false",
      "--reporter=github",
      "--max-diagnostics=none",
      "src",
      "test",
      "scripts",
    ];
    return spawnSync(biome, args, { cwd: folder, encoding: "utf8" }).stdout.split("\n");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
