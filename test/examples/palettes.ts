/** The other palettes that examples need. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const root = resolve(__dirname, "../..");

/** A devDependency: the demo needs it too. */
export const dashboard = dirname(require.resolve("@flowfuse/node-red-dashboard/package.json"));

/** Installed once, below node_modules/.cache: only a test needs it. */
export function influxdbPalette(): string {
  const home = join(root, "node_modules/.cache/influxdb-palette");
  const folder = join(home, "node_modules/node-red-contrib-influxdb");
  if (existsSync(folder)) return folder;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "package.json"), '{ "private": true }\n');
  const options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts"];
  execFileSync("npm", ["install", ...options, "node-red-contrib-influxdb@0.7.0"], {
    cwd: home,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return folder;
}
