// How the dialogs become one script, with its style: for the build, and for whoever measures what it makes.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const editor = fileURLToPath(new URL("../src/editor", import.meta.url));

/** Every `cemm-*.ts` is the dialog of a node. */
function entry() {
  const names = readdirSync(editor).flatMap((file) => /^cemm-(\w+)\.ts$/.exec(file)?.[1] ?? []);
  const imports = names.map((name) => `import { dialog as ${name} } from "./cemm-${name}.js";`);
  return [...imports, 'import { start } from "./index.js";', `start({ ${names.join(", ")} });`].join("\n");
}

/** For the script, and for its style. @param {string} outdir @returns {import("esbuild").BuildOptions[]} */
export function editorBundle(outdir) {
  /** @type {import("esbuild").BuildOptions} */
  const common = { bundle: true, minify: true, target: "es2022", logLevel: "warning" };
  return [
    {
      ...common,
      stdin: { contents: entry(), resolveDir: editor, sourcefile: "dialogs.ts", loader: "ts" },
      format: "iife",
      outfile: join(outdir, "cemm-editor.js"),
    },
    { ...common, entryPoints: [join(editor, "cemm-editor.css")], outfile: join(outdir, "cemm-editor.css") },
  ];
}
