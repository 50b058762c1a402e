// Makes docs/api from the library's docstrings: `npm run docs`. Fails on an export without one, and on a dead link in any
// page of docs or beside the README. typedoc has its own folder because it needs an older TypeScript than the project.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const tools = join(root, "scripts/api-pages");
const typedoc = join(tools, "node_modules/typedoc/bin/typedoc");

/** @param {string} folder */
const pagesIn = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => name.endsWith(".md"));

/** The links of a page to a file or heading that does not exist. @param {string} page */
function deadLinks(page) {
  const links = [...readFileSync(page, "utf8").matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => !leadsSomewhere(page, link)).map((link) => `${page}: ${link}`);
}

/** @param {string} page @param {string} link */
function leadsSomewhere(page, link) {
  const [path = "", heading] = link.split("#");
  const file = path ? join(dirname(page), decodeURI(path)) : page;
  if (!existsSync(file)) return false;
  return heading === undefined || headingsOf(file).has(heading);
}

/** As GitHub names them. @param {string} file */
function headingsOf(file) {
  const headings = readFileSync(file, "utf8").match(/^#+ .*$/gm) ?? [];
  const seen = new Map();
  const names = headings.map((line) => {
    const name = line
      .replace(/^#+ /, "")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return count ? `${name}-${count}` : name;
  });
  return new Set(names);
}

if (!existsSync(typedoc)) execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: tools, stdio: "inherit" });
rmSync(join(root, "docs/api"), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [typedoc], { cwd: tools, stdio: "inherit" });
const own = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"].map((name) => join(root, name));
const pages = [...own, ...pagesIn(join(root, "docs"))];
const dead = pages.flatMap(deadLinks);
for (const link of dead) console.error(`Dead link in ${link}`);
console.log(`docs: ${pages.length} pages, ${dead.length} dead links`);
process.exit(status !== 0 || dead.length > 0 ? 1 : 0);
