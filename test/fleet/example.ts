/** The examples of a fleet as their files hold them, but for what a test has elsewhere. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";

const Env = z.array(z.object({ name: z.string(), value: z.string(), type: z.string() }));
const Flow = z.array(z.looseObject({ id: z.string(), type: z.string(), env: Env.optional() }));
export type Flow = z.infer<typeof Flow>;

export interface Changes {
  /** Other values for the tab's variables. */
  tab?: Record<string, number | string>;
  /** Other properties for all nodes of a type. */
  types?: Record<string, object>;
  /** Other properties for nodes, by id. */
  nodes?: Record<string, object>;
}

const FOLDER = resolve(__dirname, "../../examples/flows/Fleet");

export function exampleFlow(name: string, { tab = {}, types = {}, nodes = {} }: Changes): Flow {
  return Flow.parse(JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8"))).map((node) => ({
    ...node,
    ...types[node.type],
    ...nodes[node.id],
    ...(node.env && { env: node.env.map((each) => ({ ...each, value: `${tab[each.name] ?? each.value}` })) }),
  }));
}
