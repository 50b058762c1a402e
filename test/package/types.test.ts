/** The library's types, as a script sees them: every type that a public signature names can be imported by name. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const lib = resolve(__dirname, "../../dist/lib");

/** The names that the package's entry exports, of each file that it re-exports. */
function exportedFrom(index: string): Map<string, Set<string>> {
  const files = new Map<string, Set<string>>();
  const text = readFileSync(index, "utf8");
  for (const [, names = "", path = ""] of text.matchAll(/export (?:type )?\{([^}]*)\} from "(\.[^"]+)\.js";/gs)) {
    const list = names.split(",").map((name) => name.replace(/\btype\b/, "").trim());
    files.set(join(dirname(index), `${path}.d.ts`), new Set(list.filter((name) => name !== "")));
  }
  return files;
}

/** The text of an exported declaration, without private members and what is marked internal. */
function declarationOf(text: string, name: string): string {
  const start = text.search(
    new RegExp(`^export (?:declare )?(?:abstract )?(?:class|interface|type|function|const) ${name}\\b`, "m"),
  );
  const rest = text.slice(start);
  const end = rest.search(/^\}|;$/m);
  return rest.slice(0, end + 1).replace(/\/\*\* @internal[\s\S]*?;\n/g, "");
}

describe("the library's types", () => {
  const exported = exportedFrom(join(lib, "index.d.ts"));
  const names = new Set([...exported.values()].flatMap((list) => [...list]));

  it("are all exported by the package's entry", () => {
    const leaking: string[] = [];
    for (const [file, own] of exported) {
      const text = readFileSync(file, "utf8");
      const local = [...text.matchAll(/(?:interface|type|class) (\w+)/g)].map(([, name = ""]) => name);
      const imported = [...text.matchAll(/import (?:type )?\{([^}]*)\}/g)].flatMap(([, list = ""]) =>
        list.split(",").map((name) => name.replace(/\btype\b/, "").trim()),
      );
      const unknown = [...local, ...imported].filter((name) => name !== "" && name !== "z" && !names.has(name));
      for (const name of own) {
        const declaration = declarationOf(text, name);
        for (const type of unknown) if (new RegExp(`\\b${type}\\b`).test(declaration)) leaking.push(`${name}: ${type}`);
      }
    }
    assert.deepEqual(leaking, []);
  });

  it("are documented, each by a docstring", () => {
    const silent = [...exported].flatMap(([file, own]) => {
      const text = readFileSync(file, "utf8");
      const kinds = "(?:declare )?(?:abstract )?(?:class|interface|type|function|const)";
      return [...own].filter((name) => !new RegExp(`\\*/\\nexport ${kinds} ${name}\\b`).test(text));
    });
    assert.deepEqual(silent, []);
  });
});
