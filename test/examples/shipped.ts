/** The examples as shipped. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { FOLDER } from "./workbench.js";

const Nodes = z.array(z.looseObject({ id: z.string(), type: z.string() }));
export type Nodes = z.infer<typeof Nodes>;

/** Their names, in order. */
export const EXAMPLES = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length))
  .sort();

/** The ids of the configuration nodes that all examples share, by type; importing several examples creates each only once. */
export const SHARED: ReadonlyMap<string, string> = new Map([
  ["cemm-device", "cemm-example-cemm"],
  ["cemm-account", "cemm-example-account"],
  ["ui-base", "cemm-example-ui"],
  ["ui-theme", "cemm-example-theme"],
  ["mqtt-broker", "cemm-example-broker"],
  ["influxdb", "cemm-example-influxdb"],
]);

export function nodesOf(name: string): Nodes {
  return Nodes.parse(JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8")));
}
