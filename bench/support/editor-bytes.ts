/** What the dialogs weigh as they are sent, gzip: the first six, and what the trigger's adds to them. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";

const ROOT = join(__dirname, "../..");
const HTML = join(ROOT, "dist/nodes");

export async function editorBytes(): Promise<{ six: number; trigger: number }> {
  const pages = readdirSync(HTML, { recursive: true, encoding: "utf8" }).filter((name) =>
    /^(\w+)\/\1\.html$/.test(name),
  );
  const all = await bundle([]);
  // What is measured is what is delivered.
  for (const [name, text] of all) assert.equal(text, readFileSync(join(ROOT, "resources", name), "utf8"), name);
  const whole = weigh(pages, all);
  const six = weigh(
    pages.filter((name) => name !== "trigger/trigger.html"),
    await bundle([withoutTrigger]),
  );
  return { six, trigger: whole - six };
}

const withoutTrigger: Plugin = {
  name: "without-trigger",
  setup(build) {
    build.onResolve({ filter: /trigger\/dialog\.(js|css)$/ }, ({ path }) => ({ path, namespace: "none" }));
    build.onLoad({ filter: /\.js$/, namespace: "none" }, () => ({ contents: "export const dialog = {};" }));
    build.onLoad({ filter: /\.css$/, namespace: "none" }, () => ({ contents: "", loader: "css" }));
  },
};

/** As scripts/build.mjs makes it: texts by the names of their files. */
async function bundle(plugins: Plugin[]): Promise<Map<string, string>> {
  const { editorBundle } = await import("../../scripts/editor-bundle.mjs");
  const built = await Promise.all(
    editorBundle(ROOT).map((options) => build({ ...options, write: false as const, plugins })),
  );
  const files = built.flatMap(({ outputFiles }) => outputFiles);
  return new Map(files.map(({ path, text }) => [path.slice(ROOT.length + 1), text]));
}

function weigh(pages: readonly string[], bundled: ReadonlyMap<string, string>): number {
  const html = pages.map((name) => readFileSync(join(HTML, name), "utf8")).join("");
  return [html, ...bundled.values()].reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);
}
