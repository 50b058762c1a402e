// npm run dev: a simulated CEMM and a Node-RED with this package, which is rebuilt and restarted whenever src changes.
// Your flows are kept in .dev. Uses the default ports of Node-RED and the simulator; PORT sets another for Node-RED.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, symlinkSync, watch, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL("..", import.meta.url));
const userDir = join(root, ".dev");
const port = process.env.PORT ?? "1880";
const url = `http://127.0.0.1:${port}/`;
/** An editor writes several files at once. */
const SETTLED_MS = 100;

/** A user directory as after `npm install`, with a link to this folder. */
function makeUserDir() {
  const link = join(userDir, "node_modules/node-red-contrib-cemm");
  if (existsSync(link)) return;
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(root, link, "junction");
  const dependencies = { "node-red-contrib-cemm": "*" };
  writeFileSync(join(userDir, "package.json"), JSON.stringify({ name: "cemm-dev", private: true, dependencies }));
  cpSync(join(root, "demo/settings.cjs"), join(userDir, "settings.js"));
}

/** @type {import("node:child_process").ChildProcess[]} */
let processes = [];

/** Builds the package, which prints its errors; false if that failed. */
const isBuilt = () =>
  spawnSync(process.execPath, [join(root, "scripts/build.mjs")], { cwd: root, stdio: "inherit" }).status === 0;

/** @param {string[]} args */
const start = (...args) => spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });

function startAll() {
  const nodeRed = join(dirname(require.resolve("node-red/package.json")), "red.js");
  return [start(join(root, "dist/simulator/main.js")), start(nodeRed, "--userDir", userDir, "--port", port)];
}

async function stop() {
  const running = processes.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  const ended = running.map((each) => once(each, "exit"));
  for (const each of running) each.kill();
  await Promise.all(ended);
}

const answers = () =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

/** False if a process ended first, which prints its own error. */
async function answersSoon() {
  while (processes.every(({ exitCode }) => exitCode === null)) {
    if (await answers()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

async function restart() {
  const began = Date.now();
  if (!isBuilt()) return;
  await stop();
  if (await answers()) return console.error(`Something else answers at ${url}. Choose another: PORT=1881 npm run dev`);
  processes = startAll();
  if (!(await answersSoon())) return;
  console.log(
    `${url} is up after ${((Date.now() - began) / 1000).toFixed(1)} s. It restarts when you save a file in src.`,
  );
}

/** One restart at a time, and one more if something changed meanwhile. */
let isRunning = false;
let isWanted = false;
async function restartSoon() {
  isWanted = true;
  if (isRunning) return;
  isRunning = true;
  while (isWanted) {
    await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
    isWanted = false;
    await restart();
  }
  isRunning = false;
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop().then(() => process.exit()));
makeUserDir();
watch(join(root, "src"), { recursive: true }, restartSoon);
await restartSoon();
