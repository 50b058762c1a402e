// Compiles src into dist and lays each node's html, catalogues and icons beside its .js.
// The folder is written in place, not emptied first: a Node-RED that runs from it (the demo, a test) goes on undisturbed.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
// A second of grace: file systems round times, and a file written now must not look older than the build.
const began = Date.now() - 1000;

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function compile() {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

function copyAssets() {
  const nodes = join(root, "src/nodes");
  for (const file of filesBelow(nodes).filter((name) => !name.endsWith(".ts"))) {
    const target = join(dist, "nodes", file.slice(nodes.length));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
  }
}

/** Whatever this build did not write belongs to a source that is gone. */
function removeLeftovers() {
  for (const file of filesBelow(dist)) if (statSync(file).mtimeMs < began) rmSync(file);
}

compile();
copyAssets();
removeLeftovers();
chmodSync(join(dist, "simulator/main.js"), 0o755);
