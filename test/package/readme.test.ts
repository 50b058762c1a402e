/** The README, in both languages, matches the code. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ERROR_POLICIES } from "../../src/lib/errors.js";
import { CHANNELS, type Kind } from "../../src/lib/index.js";
import { PACKAGE_NODES } from "../support/package-nodes.js";

const ROOT = join(__dirname, "../..");
const LANGUAGES = ["README.md", "README.nl.md"];
const EXAMPLES = readdirSync(join(ROOT, "examples/flows"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length));

for (const file of LANGUAGES) {
  describe(file, () => {
    const text = readFileSync(join(ROOT, file), "utf8");
    const rows = [...text.matchAll(/^\| (.*) \|$/gm)].map(([, row = ""]) => row.split("|").map((cell) => cell.trim()));

    it("lists every channel with its unit, and the answers that have it", () => {
      const documented = rows.flatMap(([channel = "", kinds = "", unit = "", name = ""]) =>
        /^`\w+`$/.test(channel) && /^(realtime|totals|day|month|year)\b/.test(kinds)
          ? kinds.split(", ").map((kind) => ({ key: `${channel.replaceAll("`", "")} ${kind}`, unit, name }))
          : [],
      );
      const known = [...CHANNELS].flatMap(([channel, meanings]) =>
        meanings.flatMap(({ kinds, unit, name }) =>
          kinds.map((kind: Kind) => ({ key: `${channel} ${kind}`, unit: unit ?? "", name })),
        ),
      );
      assert.deepEqual(documented.map(({ key }) => key).sort(), known.map(({ key }) => key).sort());
      for (const { key, unit, name } of known) {
        const row = documented.find((each) => each.key === key);
        assert.equal(row?.unit.split(" ")[0], unit, key);
        if (file === "README.md") assert.ok(row?.name.startsWith(name), `${key}: ${row?.name} for ${name}`);
      }
    });

    it("lists every node", () => {
      const types = rows.map(([node = ""]) => /\(`(cemm-\w+)`\)$/.exec(node)?.[1]).filter((type) => type !== undefined);
      assert.deepEqual(types.sort(), Object.keys(PACKAGE_NODES).sort());
    });

    it("lists every error code", () => {
      const codes = rows.map(([code = ""]) => /^`(CEMM_\w+)`$/.exec(code)?.[1]).filter((code) => code !== undefined);
      assert.deepEqual(codes.sort(), Object.keys(ERROR_POLICIES).sort());
    });

    it("lists every example, with a link to it", () => {
      const linked = [...text.matchAll(/\]\(<?([^)>]*examples\/flows\/[^)>]*)>?\)/g)].map(([, link = ""]) =>
        decodeURI(link)
          .replace(/^.*examples\/flows\//, "")
          .replace(/\.json$/, ""),
      );
      assert.deepEqual(linked.sort(), EXAMPLES.sort());
    });

    it("links to existing files and headings", () => {
      const headings = new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => slug(heading)));
      for (const [, link = ""] of text.matchAll(/\]\(([^)]*)\)/g)) {
        if (link.startsWith("#")) assert.ok(headings.has(link.slice(1)), link);
        else if (!link.startsWith("https://")) assert.ok(existsSync(join(ROOT, decodeURI(link))), link);
      }
    });
  });
}

it("README.md and README.nl.md have the same chapters and pictures", () => {
  const [english, dutch] = LANGUAGES.map((file) => readFileSync(join(ROOT, file), "utf8"));
  const depths = (text = "") => [...text.matchAll(/^(#+) /gm)].map(([, marks]) => marks);
  const pictures = (text = "") => [...text.matchAll(/!\[[^\]]*\]/g)].length;
  assert.deepEqual(depths(dutch), depths(english));
  assert.equal(pictures(dutch), pictures(english));
});

const Project = z.object({ scripts: z.record(z.string(), z.string()) });

for (const page of ["SECURITY.md", "CONTRIBUTING.md"]) {
  it(`${page} names existing commands and files`, () => {
    const text = readFileSync(join(ROOT, page), "utf8");
    const { scripts } = Project.parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));
    const commands = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
    const files = text.match(/\b(?:src|test|scripts|bench)\/[\w./-]*\w/g) ?? [];
    assert.deepEqual(
      commands.filter((name) => !(name in scripts)),
      [],
    );
    assert.deepEqual(
      files.filter((file) => !existsSync(join(ROOT, file))),
      [],
    );
  });
}

/** The anchor that GitHub and npm make for a heading. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, "")
    .replaceAll(" ", "-");
}
