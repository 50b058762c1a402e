// Runs mocha under the newest Node 24 against the newest Node-RED 5: `node scripts/on-node-red-5.mjs [mocha's arguments]`.
// Both are installed once from the npm registry into node_modules/.cache; the machine's own Node and the locked Node-RED 4 are not touched.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const home = join(root, "node_modules/.cache/node-red-5");
const bin = join(home, "node_modules/.bin");
const nodeRed = join(home, "node_modules/node-red");

function install() {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "package.json"), '{ "private": true }\n');
  // npm itself may run on a Node that Node-RED 5 refuses; it will run on the Node installed beside it.
  const packages = ["node@24", "node-red@5"];
  execFileSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--engine-strict=false", ...packages], {
    cwd: home,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

if (!existsSync(join(bin, "node")) || !existsSync(nodeRed)) install();

const mocha = join(root, "node_modules/mocha/bin/mocha.js");
const suite = spawn(join(bin, "node"), [mocha, ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, CEMM_NODE_RED: nodeRed, PATH: bin + delimiter + process.env.PATH },
});
suite.on("exit", (code) => process.exit(code ?? 1));
