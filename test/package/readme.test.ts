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

    it("lists every error code, with what happened and what to do", () => {
      const listed = rows.flatMap(([cell = "", ...more]) => {
        const [, code] = /^`(CEMM_\w+)`$/.exec(cell) ?? [];
        return code === undefined ? [] : [{ code, more }];
      });
      assert.deepEqual(listed.map(({ code }) => code).sort(), Object.keys(ERROR_POLICIES).sort());
      for (const { code, more } of listed) {
        const [happened = "", advice = "", ...others] = more;
        assert.ok(/\p{L}{2}/u.test(happened) && /\p{L}{2}/u.test(advice), code);
        assert.deepEqual(others, [], code);
      }
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
      const links = [...text.matchAll(/\]\(([^)]*)\)/g)].map(([, link = ""]) => link);
      assert.ok(links.length > EXAMPLES.length, `${links.length} links`);
      assert.ok(links.some((link) => link.startsWith("#")));
      for (const link of links) {
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
  assert.ok(depths(english).length > 5 && pictures(english) > 0);
  assert.deepEqual(depths(dutch), depths(english));
  assert.equal(pictures(dutch), pictures(english));
});

const Project = z.object({ scripts: z.record(z.string(), z.string()) });

for (const [page, minimum] of [
  ["SECURITY.md", { commands: 10, files: 10 }],
  ["CONTRIBUTING.md", { commands: 20, files: 10 }],
] as const) {
  it(`${page} names existing commands and files`, () => {
    const text = readFileSync(join(ROOT, page), "utf8");
    const { scripts } = Project.parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));
    const commands = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
    const files = text.match(/\b(?:src|test|scripts|bench)\/[\w./-]*\w/g) ?? [];
    assert.ok(
      commands.length >= minimum.commands && files.length >= minimum.files,
      `${commands.length}, ${files.length}`,
    );
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
