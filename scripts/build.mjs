// Compiles src into dist, bundles the dialogs into resources and the page into dist/page, and lays each node's html,
// catalogues and icons beside its .js. The folders are written in place, not emptied first, so that a Node-RED that runs from
// them keeps running.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { editorBundle } from "./editor-bundle.mjs";
import { packageNodes } from "./nodes.mjs";
import { bundledLicences, pageBundle, pageSource } from "./page-bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const nodes = join(root, "src/nodes");
const locales = join(nodes, "locales");
/** The rows that dialogs share. */
const rows = join(nodes, "shared/rows");
const changedAt = (/** @type {string} */ file) => statSync(file).mtimeMs;

/** @param {string} folder */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function compile() {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

/** All dialogs as one script, with its style, where Node-RED serves a package's resources. */
async function bundleEditor() {
  for (const options of editorBundle(join(root, "resources"))) await build(options);
}

/** The browser side of the energy page, as cemm-page serves it. */
async function bundlePage() {
  const target = join(dist, "page");
  for (const options of pageBundle(target)) await build(options);
  for (const file of ["index.html", "icon.svg"]) copy(join(pageSource, file), join(target, file));
  write(join(target, "LICENCES.txt"), bundledLicences());
}

/** Puts a node's html, texts and icon beside its .js, under the same name, where Node-RED looks for them. */
function layOut({ type, name }) {
  const sourceFolder = join(nodes, name);
  const target = join(dist, "nodes", name);
  write(join(target, `${name}.html`), completeHtml(name, readFileSync(join(sourceFolder, "dialog.html"), "utf8")));
  for (const language of readdirSync(locales)) {
    const texts = join(locales, language);
    const to = join(target, "locales", language);
    copy(join(texts, `${name}.json`), join(to, `${name}.json`));
    const help = readFileSync(join(texts, `${name}.html`), "utf8");
    write(join(to, `${name}.html`), withShared(help, join(texts, "shared")));
  }
  const icon = join(sourceFolder, "icon.svg");
  if (existsSync(icon)) copy(icon, join(target, "icons", `${type}.svg`));
}

/** @param {string} file @param {string} text */
function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** @param {string} source @param {string} target */
function copy(source, target) {
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(source, target);
}

/**
 * A dialog's html, filled in: `<!-- options: lost -->` stands for the texts of that name in the node's catalogue,
 * or for the formats of that table (`HISTORY_FORMATS`); `cemm:` for the catalogue that the dialogs share. At build
 * time, since Node-RED fills the fields before a dialog's own code runs.
 * @param {string} name
 * @param {string} html
 */
function completeHtml(name, html) {
  return withShared(html, rows)
    .replace(/<!-- options: (\w+) -->\n/g, (_, list) => options(name, list))
    .replace(/(data-i18n="(?:\[\w+\])?)cemm:/g, "$1node-red-contrib-cemm/cemm-device:");
}

/**
 * A dialog or help with the rows or passages that it shares with others: `<!-- shared: typed name=to -->` stands for
 * `typed.html` of the folder, in which `{name}` becomes `to`.
 * @param {string} html
 * @param {string} folder
 * @returns {string}
 */
function withShared(html, folder) {
  return html.replace(/<!-- shared: ([\w-]+)(.*) -->\n/g, (_, file, values) => {
    let text = readFileSync(join(folder, `${file}.html`), "utf8");
    for (const [, name, value] of values.matchAll(/ (\w+)=(\S+)/g)) text = text.replaceAll(`{${name}}`, value);
    return withShared(text, folder);
  });
}

/** @param {string} name @param {string} list */
function options(name, list) {
  const formats = createRequire(import.meta.url)(join(dist, "nodes/shared/formats.js"))[list];
  const texts = JSON.parse(readFileSync(join(locales, "en-US", `${name}.json`), "utf8"));
  const [values, part] = formats ? [[...formats.keys()], "cemm:format"] : [Object.keys(texts[list]), list];
  return values.map((value) => `<option value="${value}" data-i18n="${part}.${value}"></option>\n`).join("");
}

/** The files of the previous build. */
const before = new Map(filesBelow(dist).map((file) => [file, changedAt(file)]));

/** Files that this build did not write belong to a deleted source. */
function removeLeftovers() {
  for (const [file, time] of before) if (changedAt(file) === time) rmSync(file);
}

compile();
await bundleEditor();
await bundlePage();
for (const node of packageNodes()) layOut(node);
removeLeftovers();
chmodSync(join(dist, "simulator/main.js"), 0o755);
