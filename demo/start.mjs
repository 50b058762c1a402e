// npm start: two simulated CEMMs and a Node-RED with this package, in its own user directory.
import { spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const require = createRequire(import.meta.url);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const HOST = "127.0.0.1";
const PACKAGE = "node-red-contrib-cemm";

const PORTS = {
  port: { default: 1880, what: "Node-RED" },
  "lan-port": { default: 8080, what: "the first simulated CEMM" },
  "cloud-port": { default: 8082, what: "the simulated cloud" },
  "udp-port": { default: 9777, what: "the simulated discovery" },
};

const USAGE = `npm start -- [options]
${Object.entries(PORTS)
  .map(([name, { default: port, what }]) => `  --${name.padEnd(12)} of ${what} (${port})`)
  .join("\n")}`;

/** Ends the demo with a message to the user, without a stack trace. */
class Refusal extends Error {}

function readPorts(args) {
  const options = Object.fromEntries(Object.keys(PORTS).map((name) => [name, { type: "string" }]));
  try {
    const { values } = parseArgs({ args, options: { ...options, help: { type: "boolean" } } });
    if (values.help) throw new Refusal(USAGE);
    return Object.fromEntries(
      Object.entries(PORTS).map(([name, port]) => [name, toPort(values[name] ?? port.default)]),
    );
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(`${messageOf(error)}\n${USAGE}`);
  }
}

function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

function toPort(text) {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new Refusal(`"${text}" is not a port.`);
}

/** Runs before anything is built or started, so that a running demo is not disturbed. */
async function refuseTaken(ports) {
  const tcp = [ports.port, ports["lan-port"], ports["lan-port"] + 1, ports["cloud-port"]];
  const free = await Promise.all([...tcp.map(isFreeTcp), isFreeUdp(ports["udp-port"])]);
  const taken = [...tcp, ports["udp-port"]].filter((_, n) => !free[n]);
  if (taken.length === 0) return;
  throw new Refusal(`Taken already, perhaps by another demo or a Node-RED of yours: port ${taken.join(", ")}.
Choose others: ${USAGE}`);
}

async function isFreeTcp(port) {
  const server = createServer();
  server.listen(port, HOST);
  return closedAfter(server);
}

async function isFreeUdp(port) {
  const socket = createSocket("udp4");
  socket.bind(port, HOST);
  return closedAfter(socket);
}

async function closedAfter(listener) {
  try {
    await once(listener, "listening");
    return true;
  } catch {
    return false;
  } finally {
    await new Promise((resolve) => listener.close(resolve));
  }
}

/** A fresh clone has no built package yet. */
function build() {
  console.log("Building the package…");
  const { status } = spawnSync(process.execPath, [join(root, "scripts/build.mjs")], { stdio: "inherit" });
  if (status !== 0) throw new Refusal("The package could not be built; see above.");
}

async function startSimulator(ports) {
  const { startSimulator } = require("../dist/simulator/simulator.js");
  try {
    return await startSimulator({
      devices: 2,
      promise: 1000,
      lanPort: ports["lan-port"],
      cloudPort: ports["cloud-port"],
      udpPort: ports["udp-port"],
    });
  } catch (error) {
    throw new Refusal(`${messageOf(error)}\n${USAGE}`);
  }
}

/** A user directory as after `npm install`, with the demo's flows. */
function makeUserDir(simulator, ports) {
  const userDir = mkdtempSync(join(tmpdir(), "cemm-demo-"));
  mkdirSync(join(userDir, "node_modules"));
  symlinkSync(root, join(userDir, "node_modules", PACKAGE), "dir");
  const dependencies = { [PACKAGE]: "*" };
  writeFileSync(join(userDir, "package.json"), JSON.stringify({ name: "cemm-demo", private: true, dependencies }));
  cpSync(join(root, "demo/settings.cjs"), join(userDir, "settings.js"));
  writeFileSync(join(userDir, "flows.json"), flowsFor(simulator, ports));
  writeFileSync(join(userDir, "flows_cred.json"), JSON.stringify({ "demo-account": { apiKey: simulator.apiKey } }));
  return userDir;
}

/** The demo's flows, which name the default addresses, with the real ones. */
function flowsFor({ addresses, uids }, ports) {
  const flows = JSON.parse(readFileSync(join(root, "demo/flows.json"), "utf8"));
  for (const node of flows) if (node.id === "demo-shed") node.uid = uids[1];
  return JSON.stringify(flows, null, 2)
    .replaceAll("127.0.0.1:8080", addresses.lan[0])
    .replaceAll("http://127.0.0.1:8082/v1/", addresses.cloud)
    .replaceAll('"port": 9777', `"port": ${ports["udp-port"]}`);
}

function startNodeRed(userDir, port) {
  // CEMM_NODE_RED: the folder of a different Node-RED than the locked one.
  const folder = process.env.CEMM_NODE_RED ?? dirname(require.resolve("node-red/package.json"));
  const args = [join(folder, "red.js"), "--userDir", userDir, "--port", String(port)];
  return spawn(process.execPath, args, { cwd: userDir, stdio: ["ignore", "inherit", "inherit"] });
}

async function untilAnswers(url, nodeRed) {
  while (nodeRed.exitCode === null) {
    const answers = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Refusal("Node-RED ended before it was ready; its log above says why.");
}

async function main() {
  const ports = readPorts(process.argv.slice(2));
  await refuseTaken(ports);
  build();
  const simulator = await startSimulator(ports);
  const userDir = makeUserDir(simulator, ports);
  const nodeRed = startNodeRed(userDir, ports.port);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => nodeRed.kill("SIGTERM"));
  const ended = once(nodeRed, "exit");
  const base = `http://${HOST}:${ports.port}`;
  try {
    await untilAnswers(`${base}/settings`, nodeRed);
    console.log(`
  Editor          ${base}/
  Page            ${base}/energy
  CEMM on the LAN ${addressesOf(simulator)}
  Cloud           ${simulator.addresses.cloud}  API key: ${simulator.apiKey}
  User directory  ${userDir}  (removed at the end)

  Stop with Ctrl-C.
`);
    await ended;
  } finally {
    await simulator.close();
    rmSync(userDir, { recursive: true, force: true });
  }
}

function addressesOf({ addresses, uids }) {
  return addresses.lan.map((address, n) => `${address} (${uids[n]})`).join(", ");
}

main().catch((error) => {
  console.error(error instanceof Refusal ? error.message : error);
  process.exitCode = 1;
});
