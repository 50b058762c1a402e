import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { z } from "zod";

const Project = z.object({ "node-red": z.object({ nodes: z.record(z.string(), z.string()) }) });
const project = readFileSync(resolve(__dirname, "../../package.json"), "utf8");

/** The built file of each node by its type, as package.json lists them for Node-RED. */
export const PACKAGE_NODES = Project.parse(JSON.parse(project))["node-red"].nodes;

/** The name of a node's folder in src/nodes, and of its texts. */
export function folderOf(type: string): string {
  return basename(PACKAGE_NODES[type] ?? type, ".js");
}
