/** The code path of one warm live value: files, functions and calls of this package, counted by V8. See README.md. */
import type { Profiler } from "node:inspector";
import { Session } from "node:inspector/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CemmClient } from "./support/built.js";
import { EmbeddedNodeRed } from "./support/embedded-node-red.js";
import { benchFlow, UID } from "./support/flow.js";
import { bench, check } from "./support/report.js";
import { startServer } from "./support/start-server.js";

const DIST = resolve(__dirname, "../dist");
const LIB = join(DIST, "lib");
/** The longest way of several: what runs beside it now and then belongs to it. */
const TIMES = 5;

interface Way {
  files: number;
  functions: number;
  calls: number;
}

interface Called {
  file: string;
  functions: { name: string; count: number }[];
}

/** What runs below `folder` while `ask` is answered. */
async function wayOf(folder: string, ask: () => Promise<unknown>): Promise<Way> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  let longest: Way = { files: 0, functions: 0, calls: 0 };
  for (let n = 0; n < TIMES; n++) {
    await session.post("Profiler.takePreciseCoverage");
    await ask();
    const { result } = await session.post("Profiler.takePreciseCoverage");
    const called = result.map(calledIn).filter((each) => each.file.startsWith(folder) && each.functions.length > 0);
    const way = counted(called);
    if (way.calls > longest.calls) longest = way;
    if (n === 0 && process.argv.includes("--list")) list(called);
  }
  session.disconnect();
  return longest;
}

function calledIn({ url, functions }: Profiler.ScriptCoverage): Called {
  const counts = functions.map(({ functionName, ranges: [range] }) => ({
    name: functionName || "(anonymous)",
    count: range?.count ?? 0,
  }));
  return {
    file: url.startsWith("file:") ? fileURLToPath(url) : url,
    functions: counts.filter(({ count }) => count > 0),
  };
}

function counted(called: readonly Called[]): Way {
  const functions = called.flatMap((each) => each.functions);
  const calls = functions.reduce((sum, { count }) => sum + count, 0);
  return { files: called.length, functions: functions.length, calls };
}

function list(called: readonly Called[]): void {
  for (const { file, functions } of called) {
    console.log(`${relative(DIST, file)}: ${functions.map(({ name, count }) => `${name} ${count}`).join(", ")}`);
  }
}

bench(async () => {
  const { hosts, stop } = await startServer();
  const [host = ""] = hosts;
  const client = new CemmClient({ host });
  const wanted = new CemmClient({ host, uid: UID });
  const nodeRed = await EmbeddedNodeRed.start(benchFlow(host));
  const askNode = () => nodeRed.ask("cemm-lan", { alias: "p1", target: "" });
  for (let n = 0; n < TIMES; n++) await Promise.all([client.realtime("p1"), wanted.realtime("p1"), askNode()]);
  const library = await wayOf(LIB, () => client.realtime("p1"));
  console.table({
    "client.realtime, library": library,
    "with a MAC address": await wayOf(LIB, () => wanted.realtime("p1")),
    "cemm-realtime, library and nodes": await wayOf(DIST, askNode),
  });
  await nodeRed.stop();
  stop();
  return [
    check("files of the library", library.files, "<=", 20),
    check("functions of the library", library.functions, "<=", 80),
    check("calls in the library", library.calls, "<=", 160),
  ];
});
