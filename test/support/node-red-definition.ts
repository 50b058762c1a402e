/** What a node's html registers in the editor, found by running its script with a stub of the editor. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createContext, runInContext } from "node:vm";

const RESOURCES = resolve(__dirname, "../../resources");
/** A script element with its text, or the file of this package that it loads. */
const SCRIPT =
  /<script (?:src="resources\/node-red-contrib-cemm\/([\w.-]+)"|type="text\/javascript")>([\s\S]*?)<\/script>/g;

export interface Definition {
  category: string;
  defaults: Record<string, { value?: unknown; type?: string }>;
  credentials?: Record<string, { type: string }>;
}

/** `resources`: the folder of the scripts that it loads. */
export function definitionsIn(html: string, resources = RESOURCES): Map<string, Definition> {
  const found = new Map<string, Definition>();
  const nodes = { registerType: (type: string, definition: Definition) => found.set(type, definition) };
  const page = createContext({ RED: withAnything({ nodes }), $: anything, jQuery: anything, document: anything });
  runInContext("window = globalThis", page);
  for (const [, file, script = ""] of html.matchAll(SCRIPT)) {
    runInContext(file === undefined ? script : readFileSync(join(resources, file), "utf8"), page);
  }
  return found;
}

/** Returns itself for every property and call, in place of the editor's helpers, such as `RED.validators.number()`. */
const anything: unknown = new Proxy(() => {}, { get: () => anything, apply: () => anything });

function withAnything(known: object): object {
  return new Proxy(known, { get: (target, key) => Reflect.get(target, key) ?? anything });
}
