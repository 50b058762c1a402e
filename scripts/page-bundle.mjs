// Bundles the browser side of the energy page into three files, for the build and the benches.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const pageSource = fileURLToPath(new URL("../src/page", import.meta.url));

const modules = fileURLToPath(new URL("../node_modules", import.meta.url));
/** The libraries in the bundle, with the files that their licences require. */
const BUNDLED = { echarts: ["NOTICE", "LICENSE"], zrender: ["LICENSE"], tslib: ["LICENSE.txt"], preact: ["LICENSE"] };

/** The licences of the bundled libraries, as one text. */
export function bundledLicences() {
  const texts = Object.entries(BUNDLED).flatMap(([name, files]) =>
    files.map((file) => `${name}, ${file}\n\n${readFileSync(join(modules, name, file), "utf8")}`),
  );
  return texts.join("\n\n");
}

/** @param {string} outdir @returns {import("esbuild").BuildOptions[]} */
export function pageBundle(outdir) {
  /** @type {import("esbuild").BuildOptions} */
  const common = { outdir, bundle: true, minify: true, format: "esm", target: "es2022", logLevel: "warning" };
  return [
    // The charts are a separate file, so that the first figures do not wait for it.
    { ...common, entryPoints: { page: join(pageSource, "main.tsx") }, external: ["./charts.js"] },
    { ...common, entryPoints: [join(pageSource, "charts.ts")] },
    { ...common, entryPoints: [join(pageSource, "page.css")] },
  ];
}
