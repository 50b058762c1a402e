/** The code path of one warm live value: files, functions and calls of this package, counted by V8. See README.md. */
import type { Profiler } from "node:inspector";
import { Session } from "node:inspector/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CemmClient } from "./support/built.js";
import { EmbeddedNodeRed } from "./support/embedded-node-red.js";
import { benchFlow, UID } from "./support/flow.js";
import { type Check, check, finish } from "./support/report.js";
import { startServer } from "./support/start-server.js";

const DIST = resolve(__dirname, "../dist");
const LIB = join(DIST, "lib");
/** What the library may take for one live value of a CEMM that it knows. */
const MOST = { files: 20, functions: 80, calls: 160 };

interface Way {
  files: number;
  functions: number;
  calls: number;
}

/** The longest of several: what runs beside it now and then belongs to it. */
const TIMES = 5;

/** What runs below `folder` while `ask` is answered. */
async function wayOf(folder: string, ask: () => Promise<unknown>): Promise<Way> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  const ways: Way[] = [];
  for (let n = 0; n < TIMES; n++) {
    await session.post("Profiler.takePreciseCoverage");
    await ask();
    const { result } = await session.post("Profiler.takePreciseCoverage");
    ways.push(counted(result.filter(({ url }) => fileOf(url).startsWith(folder))));
    if (n === 0 && process.argv.includes("--list")) list(result, folder);
  }
  await session.post("Profiler.disable");
  session.disconnect();
  return ways.reduce((longest, way) => (way.calls > longest.calls ? way : longest));
}

function fileOf(url: string): string {
  return url.startsWith("file:") ? fileURLToPath(url) : url;
}

function counted(scripts: Profiler.ScriptCoverage[]): Way {
  const used = scripts.map(calledIn).filter((called) => called.length > 0);
  const functions = used.flat();
  return {
    files: used.length,
    functions: functions.length,
    calls: functions.reduce((sum, { count }) => sum + count, 0),
  };
}

/** The functions that were called, and how often. */
function calledIn({ functions }: Profiler.ScriptCoverage): { name: string; count: number }[] {
  const called = functions.map(({ functionName, ranges: [range] }) => ({
    name: functionName || "(anonymous)",
    count: range?.count ?? 0,
  }));
  return called.filter(({ count }) => count > 0);
}

function list(scripts: Profiler.ScriptCoverage[], folder: string): void {
  for (const script of scripts.filter(({ url }) => fileOf(url).startsWith(folder))) {
    const called = calledIn(script);
    if (called.length === 0) continue;
    console.log(
      `${relative(DIST, fileOf(script.url))}: ${called.map(({ name, count }) => `${name} ${count}`).join(", ")}`,
    );
  }
}

function withinMost(which: string, { files, functions, calls }: Way): Check[] {
  return [
    check(`files of the library, ${which} a MAC address`, files, "<=", MOST.files),
    check(`functions of the library, ${which} a MAC address`, functions, "<=", MOST.functions),
    check(`calls in the library, ${which} a MAC address`, calls, "<=", MOST.calls),
  ];
}

async function main(): Promise<void> {
  const { hosts, stop } = await startServer();
  const [host = ""] = hosts;
  const client = new CemmClient({ host });
  const wanted = new CemmClient({ host, uid: UID });
  const nodeRed = await EmbeddedNodeRed.start(benchFlow(host));
  const askNode = () => nodeRed.ask("cemm-lan", { alias: "p1", target: "" });
  for (let n = 0; n < 5; n++) await Promise.all([client.realtime("p1"), wanted.realtime("p1"), askNode()]);
  const library = await wayOf(LIB, () => client.realtime("p1"));
  const withUid = await wayOf(LIB, () => wanted.realtime("p1"));
  const node = await wayOf(DIST, askNode);
  console.table({
    "client.realtime, library": library,
    "with a MAC address": withUid,
    "cemm-realtime, library and nodes": node,
  });
  finish([...withinMost("without", library), ...withinMost("with", withUid)]);
  await nodeRed.stop();
  stop();
}

main().then(
  () => process.exit(),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
