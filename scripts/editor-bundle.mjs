// Bundles the dialogs into one script and its style, for the build and the benches.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageNodes } from "./nodes.mjs";

const src = fileURLToPath(new URL("../src", import.meta.url));

/** @param {import("./nodes.mjs").PackageNode[]} nodes */
function script(nodes) {
  const imports = nodes.map(({ name }, n) => `import { dialog as dialog${n} } from "./nodes/${name}/dialog.js";`);
  const dialogs = nodes.map(({ type }, n) => `${JSON.stringify(type)}: dialog${n}`);
  return [...imports, 'import { start } from "./editor/index.js";', `start({ ${dialogs.join(", ")} });`].join("\n");
}

/** @param {import("./nodes.mjs").PackageNode[]} nodes */
function style(nodes) {
  const own = nodes.map(({ name }) => `./nodes/${name}/dialog.css`).filter((file) => existsSync(join(src, file)));
  return [...own, "./editor/cemm-editor.css"].map((file) => `@import "${file}";`).join("\n");
}

/**
 * Options for the script and for its style.
 * @param {string} outdir
 * @param {import("./nodes.mjs").PackageNode[]} [nodes]
 * @returns {import("esbuild").BuildOptions[]}
 */
export function editorBundle(outdir, nodes = packageNodes()) {
  /** @type {import("esbuild").BuildOptions} */
  const common = { bundle: true, minify: true, target: "es2022", logLevel: "warning" };
  return [
    {
      ...common,
      stdin: { contents: script(nodes), resolveDir: src, sourcefile: "dialogs.ts", loader: "ts" },
      format: "iife",
      outfile: join(outdir, "cemm-editor.js"),
    },
    {
      ...common,
      stdin: { contents: style(nodes), resolveDir: src, sourcefile: "dialogs.css", loader: "css" },
      outfile: join(outdir, "cemm-editor.css"),
    },
  ];
}
