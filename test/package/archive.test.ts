/** What `npm pack` puts into the archive. Needs `npm run build`. For a new kind of file, add its line to archive.txt. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { LANGUAGES } from "../support/languages.js";
import { PACKAGE_NODES } from "../support/package-nodes.js";

const root = resolve(__dirname, "../..");
/** The page's charts, by far the largest file; browsers get them compressed. */
const LARGEST = 600_000;

const Packed = z.tuple([z.object({ files: z.array(z.object({ path: z.string(), size: z.number() })) })]);
const Project = z.object({
  repository: z.object({ url: z.string() }).optional(),
  bugs: z.object({ url: z.string() }).optional(),
  homepage: z.string().optional(),
  scripts: z.record(z.string(), z.string()),
});

/** dist/lib/data/format.d.ts -> dist/lib/data/*.d.ts, since a list of every file would change too often. */
function kindOf(path: string): string {
  const kind = path
    .replace(/[^/]+?(\.d\.ts|\.[a-z]+)$/, "*$1")
    .replace(/^dist\/nodes\/[^/]+/, "dist/nodes/*")
    .replace(/locales\/[^/]+/, "locales/*");
  return path.includes("/") ? kind : path;
}

describe("the archive", function () {
  this.timeout(20_000);
  let files: z.infer<typeof Packed>[0]["files"];

  before(() => {
    const args = ["pack", "--dry-run", "--ignore-scripts", "--json"];
    const output = execFileSync("npm", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    [{ files }] = Packed.parse(JSON.parse(output));
  });

  it("contains exactly the kinds of files in archive.txt", () => {
    const kinds = [...new Set(files.map(({ path }) => kindOf(path)))].sort();
    assert.deepEqual(kinds, readFileSync(join(__dirname, "archive.txt"), "utf8").trim().split("\n"));
  });

  for (const file of Object.values(PACKAGE_NODES)) {
    it(`contains ${file}, with its html, labels and help`, () => {
      const [folder, name] = [dirname(file), basename(file, ".js")];
      const texts = LANGUAGES.flatMap((language) =>
        [".json", ".html"].map((kind) => `locales/${language}/${name}${kind}`),
      );
      const expected = [`${name}.js`, `${name}.html`, ...texts].map((each) => `${folder}/${each}`);
      const paths = new Set(files.map(({ path }) => path));
      assert.deepEqual(
        expected.filter((path) => !paths.has(path)),
        [],
      );
    });
  }

  it("contains no source maps, tests or files that were deleted from src", () => {
    for (const { path } of files) assert.doesNotMatch(path, /\.map$|(^|\/)test\/|\.test\.|\.env|\.npmrc/);
    const compiled = files.filter(({ path }) => /^dist\/(?!page\/).*\.js$/.test(path));
    const sources = compiled.map(({ path }) => path.replace(/^dist/, "src").replace(/\.js$/, ".ts"));
    assert.deepEqual(
      sources.filter((path) => !existsSync(join(root, path))),
      [],
    );
  });

  it("runs no install scripts, about which npm would ask or warn", () => {
    const { scripts } = Project.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
    const atInstall = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"];
    assert.deepEqual(
      atInstall.filter((name) => name in scripts),
      [],
    );
    assert.match(scripts.prepack ?? "", /build/, "packing builds it");
  });

  it("contains no file above 600 kB", () => {
    assert.deepEqual(
      files.filter(({ size }) => size > LARGEST),
      [],
    );
  });

  it("contains no placeholder addresses", () => {
    const texts = files.filter(({ path }) => /^[^/]+$|\.(json|html)$/.test(path));
    for (const { path } of texts) {
      assert.doesNotMatch(readFileSync(join(root, path), "utf8"), /<owner>|OWNER\/|your-(name|org)|TODO|FIXME/, path);
    }
  });
});

describe("the project's address", () => {
  const readmes = readdirSync(root).filter((name) => /^README.*\.md$/.test(name));
  const readme = readmes.map((name) => readFileSync(join(root, name), "utf8")).join("\n");
  const targets = [...readme.matchAll(/\]\((?!#)([^)\s]+)\)/g)].map(([, target = ""]) => target);
  const project = Project.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  const page = project.homepage?.replace("#readme", "");
  const raw = page?.replace("github.com", "raw.githubusercontent.com");
  const path = (target: string): string => target.replace(`${page}/blob/HEAD/`, "").replace(`${raw}/HEAD/`, "");

  it("is the same in package.json, README and issue forms, or in none of them", () => {
    const { repository, bugs, homepage } = project;
    const expected = page
      ? { repository: { url: `git+${page}.git` }, bugs: { url: `${page}/issues` }, homepage }
      : { repository: undefined, bugs: undefined, homepage: undefined };
    assert.deepEqual({ repository, bugs, homepage }, expected);
    const relative = targets.filter((target) => !/^\w+:/.test(target));
    if (page) assert.deepEqual(relative, []);
    const forms = readFileSync(join(root, ".github/ISSUE_TEMPLATE/config.yml"), "utf8");
    assert.equal(/https:\/\/github\.com\/[^/]+\/[^/]+/.exec(forms)?.[0], page);
  });

  it("is used for the READMEs' pictures and pages", () => {
    const own = targets.map(path).filter((target) => !/^\w+:/.test(target));
    assert.ok(own.length > 5);
    assert.deepEqual(
      own.filter((target) => !existsSync(join(root, decodeURI(target.replace(/#.*/, ""))))),
      [],
    );
  });
});
