/** How long the package's node files take to load, beside those of two packages that many people have. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { median, ratio } from "../support/measure.js";
import { type Check, check } from "../support/report.js";
import { startServer } from "../support/start-server.js";

const ROUNDS = 15;
const ROOT = resolve(__dirname, "../..");
/** Not among what the package is developed with: nothing else needs them. */
const CACHE = join(ROOT, "node_modules/.cache/bench-peers");
const SHELLY = "node-red-contrib-shelly";
const HOME_ASSISTANT = "node-red-contrib-home-assistant-websocket";
const PEERS = { [SHELLY]: "11.12.0", [HOME_ASSISTANT]: "0.80.3" };

const Loaded = z.object({ load: z.number(), answered: z.number() });

function peer(name: string): string {
  return join(CACHE, "node_modules", name);
}

function installPeers(): void {
  if (Object.keys(PEERS).every((name) => existsSync(peer(name)))) return;
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(join(CACHE, "package.json"), JSON.stringify({ private: true, dependencies: PEERS }));
  // They are loaded only, and what they want of an engine is not what is measured.
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--engine-strict=false", "--loglevel=error"];
  execFileSync("npm", ["install", ...options], { cwd: CACHE, stdio: ["ignore", "ignore", "inherit"] });
}

function load(folder: string, host = ""): z.infer<typeof Loaded> {
  const output = execFileSync(process.execPath, [resolve(__dirname, "require.cjs"), folder, host], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const line = output.split("\n").find((each) => each.startsWith("{"));
  return Loaded.parse(JSON.parse(line ?? ""));
}

export async function startupChecks(): Promise<Check[]> {
  installPeers();
  const { hosts, stop } = await startServer();
  const rounds = Array.from({ length: ROUNDS }, () => ({
    own: load(ROOT).load,
    [SHELLY]: load(peer(SHELLY)).load,
    [HOME_ASSISTANT]: load(peer(HOME_ASSISTANT)).load,
    answered: load(ROOT, hosts[0]).answered,
  }));
  stop();
  const of = (key: keyof (typeof rounds)[number]) => rounds.map((round) => round[key]);
  const row = (key: Parameters<typeof of>[0]) => ({ ms: Math.round(median(of(key))) });
  console.log(`\nThe node files loaded, medians of ${ROUNDS} rounds`);
  console.table({
    "this package": row("own"),
    "this package, until a CEMM of a flow has answered": row("answered"),
    [SHELLY]: row(SHELLY),
    [HOME_ASSISTANT]: row(HOME_ASSISTANT),
  });
  return [check("load of the node files to that of shelly's", ratio(of("own"), of(SHELLY)), "<=", 1)];
}
