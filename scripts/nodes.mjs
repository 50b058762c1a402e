// The nodes of this package, as its package.json lists them for Node-RED.
import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** @typedef {{ type: string, name: string }} PackageNode `name` is that of its folder, `src/nodes/<name>`. */

/** @returns {PackageNode[]} */
export function packageNodes() {
  const project = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return Object.entries(project["node-red"].nodes).map(([type, file]) => ({ type, name: basename(file, ".js") }));
}
