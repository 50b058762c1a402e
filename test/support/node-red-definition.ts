/** What a node's html registers in the editor, found by running its script as the editor does, with nothing behind it. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createContext, runInContext } from "node:vm";

const RESOURCES = resolve(__dirname, "../../resources");
/** With the file of this package that it loads, or the text in it. */
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

/** Answers every look-up and every call with itself: the editor's own helpers, such as `RED.validators.number()`. */
const anything: unknown = new Proxy(() => {}, { get: () => anything, apply: () => anything });

function withAnything(known: object): object {
  return new Proxy(known, { get: (target, key) => Reflect.get(target, key) ?? anything });
}
