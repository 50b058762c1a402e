/** The code path of one warm live value: files, functions and calls of this package, counted by V8. See README.md. */
import type { Profiler } from "node:inspector";
import { Session } from "node:inspector/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CemmClient } from "./support/built.js";
import { startLive, UID } from "./support/flow.js";
import { bench, check } from "./support/report.js";
import { startServer } from "./support/start-server.js";

const DIST = resolve(__dirname, "../dist");
const LIB = join(DIST, "lib");
/** How many times each is run; the longest counts, since it includes occasional work. */
const TIMES = 5;

/** The code below `folder` that runs while `ask` is answered. */
async function wayOf(folder: string, ask: () => Promise<unknown>) {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  let longest = counted([]);
  for (let n = 0; n < TIMES; n++) {
    await session.post("Profiler.takePreciseCoverage");
    await ask();
    const { result } = await session.post("Profiler.takePreciseCoverage");
    const way = counted(result.filter(({ url }) => url.startsWith("file:") && fileURLToPath(url).startsWith(folder)));
    if (way.calls > longest.calls) longest = way;
  }
  session.disconnect();
  return longest;
}

function counted(scripts: readonly Profiler.ScriptCoverage[]) {
  const counts = scripts.map(({ functions }) => functions.map(({ ranges: [range] }) => range?.count ?? 0));
  const used = counts.map((file) => file.filter((count) => count > 0)).filter((file) => file.length > 0);
  const calls = used.flat();
  return { files: used.length, functions: calls.length, calls: calls.reduce((sum, count) => sum + count, 0) };
}

bench(async () => {
  const { hosts, stop } = await startServer();
  const [host = ""] = hosts;
  const client = new CemmClient({ host });
  const wanted = new CemmClient({ host, uid: UID });
  const nodeRed = await startLive(host);
  const askNode = () => nodeRed.ask("cemm-lan", { alias: "p1", target: "" });
  for (let n = 0; n < TIMES; n++) await Promise.all([client.realtime("p1"), wanted.realtime("p1"), askNode()]);
  const ways = {
    "client.realtime": await wayOf(LIB, () => client.realtime("p1")),
    "client.realtime with a MAC address": await wayOf(LIB, () => wanted.realtime("p1")),
  };
  console.table({ ...ways, "cemm-realtime, library and nodes": await wayOf(DIST, askNode) });
  await nodeRed.stop();
  stop();
  return Object.entries(ways).flatMap(([way, { files, functions, calls }]) => [
    check(`${way}: files of the library`, files, "<=", 20),
    check(`${way}: functions of the library`, functions, "<=", 80),
    check(`${way}: calls in the library`, calls, "<=", 160),
  ]);
});
