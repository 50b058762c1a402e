/** How long the package's node files take to load, compared to those of a popular package. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { median, ratio } from "./support/measure.js";
import { bench, check, table } from "./support/report.js";
import { startServer } from "./support/start-server.js";

const ROUNDS = 15;
const ROOT = resolve(__dirname, "..");
/** Not a devDependency, since nothing else needs it. */
const CACHE = join(ROOT, "node_modules/.cache/bench-peers");
const NAME = "node-red-contrib-shelly";
const SHELLY = join(CACHE, "node_modules", NAME);

const Loaded = z.object({ load: z.number(), answered: z.number() });

function installShelly(): void {
  if (existsSync(SHELLY)) return;
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(join(CACHE, "package.json"), JSON.stringify({ private: true, dependencies: { [NAME]: "11.12.0" } }));
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--engine-strict=false", "--loglevel=error"];
  execFileSync("npm", ["install", ...options], { cwd: CACHE, stdio: ["ignore", "ignore", "inherit"] });
}

function load(folder: string, host = ""): z.infer<typeof Loaded> {
  const script = resolve(__dirname, "support/load-nodes.cjs");
  const output = execFileSync(process.execPath, [script, folder, host], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return Loaded.parse(JSON.parse(output.split("\n").find((line) => line.startsWith("{")) ?? ""));
}

bench(async () => {
  installShelly();
  const { hosts, stop } = await startServer();
  const rounds = Array.from({ length: ROUNDS }, () => ({
    own: load(ROOT).load,
    shelly: load(SHELLY).load,
    answered: load(ROOT, hosts[0]).answered,
  }));
  stop();
  const [own, shelly] = [rounds.map((round) => round.own), rounds.map((round) => round.shelly)];
  table({
    "this package": { ms: median(own) },
    "this package, until a CEMM has answered": { ms: median(rounds.map(({ answered }) => answered)) },
    [NAME]: { ms: median(shelly) },
  });
  return [check("load time of the node files, relative to shelly's", ratio(own, shelly), "<=", 1)];
});
