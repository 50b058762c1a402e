/** What a node's html registers in the editor, found by running its script as the editor does, with nothing behind it. */
import { runInNewContext } from "node:vm";

export interface Definition {
  category: string;
  defaults: Record<string, { value?: unknown; type?: string }>;
  credentials?: Record<string, { type: string }>;
}

export function definitionsIn(html: string): Map<string, Definition> {
  const found = new Map<string, Definition>();
  const nodes = { registerType: (type: string, definition: Definition) => found.set(type, definition) };
  const RED = withAnything({ nodes });
  for (const [, script] of html.matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)) {
    runInNewContext(script ?? "", { RED, $: anything, jQuery: anything, window: anything, document: anything });
  }
  return found;
}

/** Answers every look-up and every call with itself: the editor's own helpers, such as `RED.validators.number()`. */
const anything: unknown = new Proxy(() => {}, { get: () => anything, apply: () => anything });

function withAnything(known: object): object {
  return new Proxy(known, { get: (target, key) => Reflect.get(target, key) ?? anything });
}
