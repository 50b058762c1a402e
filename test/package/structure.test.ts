/** What a newcomer can rely on: no import circle, small files, functions that fit on a screen, comments that lead somewhere. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { z } from "zod";

const root = resolve(__dirname, "../..");
const src = join(root, "src");
const files = readdirSync(src, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
  .map((file) => join(src, file));

const LONGEST_FILE = 200;
const LONGEST_FUNCTION = 40;

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const specifiers = [...text.matchAll(/^(?:import|export)\b[^;]*?from "(\.[^"]+\.js)";/gms)].map(
    ([, path = ""]) => path,
  );
  return specifiers.map((path) => resolve(dirname(file), path.replace(/\.js$/, ".ts")));
}

/** The first circle that leads back to `file`, as names; none is undefined. */
function circleFrom(file: string, path: string[] = [], seen = new Set<string>()): string[] | undefined {
  if (path[0] === file) return [...path, file];
  if (seen.has(file)) return undefined;
  seen.add(file);
  for (const next of importsOf(file)) {
    const circle = circleFrom(next, [...path, file], seen);
    if (circle) return circle;
  }
  return undefined;
}

/** The lengths of functions and methods that are longer than allowed, as the formatter lays them out. */
function longFunctions(file: string): string[] {
  const lines = readFileSync(file, "utf8").split("\n");
  const long: string[] = [];
  for (const [start, line] of lines.entries()) {
    const indent =
      /^( *)(?:export )?(?:default )?(?:async )?(?:static )?(?:function\b|(?:get |async )?[#\w]+(?:<[^>]*>)?\(.*\{$)/.exec(
        line,
      )?.[1];
    if (indent === undefined || /=>|^ *(?:if|for|while|switch|return)\b/.test(line)) continue;
    // A method of an object literal ends with a comma.
    const length = lines.slice(start).findIndex((each) => each === `${indent}}` || each === `${indent}},`) + 1;
    if (length > LONGEST_FUNCTION) long.push(`${relative(root, file)}:${start + 1} ${length} lines`);
  }
  return long;
}

describe("src", () => {
  it("has no import circle", () => {
    const circles = files.map((file) => circleFrom(file)).filter((circle) => circle !== undefined);
    assert.deepEqual(
      circles.map((circle) => circle.map((file) => relative(src, file)).join(" -> ")),
      [],
    );
  });

  it(`has no file of more than ${LONGEST_FILE} lines`, () => {
    const long = files.filter((file) => readFileSync(file, "utf8").split("\n").length > LONGEST_FILE + 1);
    assert.deepEqual(
      long.map((file) => relative(root, file)),
      [],
    );
  });

  it(`has no function of more than ${LONGEST_FUNCTION} lines`, () => {
    assert.deepEqual(files.flatMap(longFunctions), []);
  });
});

describe("comments", () => {
  const folders = ["src", "test", "bench", "scripts", "demo"];
  const sources = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((file) => join(root, folder, String(file)))
      .filter((file) => /\.(ts|mjs|cjs)$/.test(file) && !file.includes("node_modules")),
  );

  it("cite no page that the project does not have", () => {
    const cited = sources.flatMap((file) => {
      const comments = readFileSync(file, "utf8").match(/^ *(\/\*\*|\*|\/\/).*$/gm) ?? [];
      const pages = comments.flatMap((line) => line.match(/[\w./-]+\.md\b/g) ?? []);
      return pages.filter((page) => !existsSync(join(root, page))).map((page) => `${relative(root, file)}: ${page}`);
    });
    assert.deepEqual(cited, []);
  });
});

describe("what the pages for engineers name", () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

  for (const page of ["SECURITY.md", "CONTRIBUTING.md"]) {
    const text = readFileSync(join(root, page), "utf8");
    it(`${page}: commands that there are`, () => {
      const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
      assert.deepEqual(
        named.filter((name) => !(name in scripts)),
        [],
      );
    });

    it(`${page}: files that there are`, () => {
      const files = text.match(/\b(?:src|test|scripts|bench)\/[\w./-]*\w/g) ?? [];
      assert.deepEqual(
        files.filter((file) => !existsSync(join(root, file))),
        [],
      );
    });
  }
});
