/** Texts for users and contributors are in plain words: odd wording that was replaced must not come back. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

const EVERYWHERE = [
  "every so many seconds",
  "tells once",
  "tell once",
  "goes on by itself",
  "does not flap",
  "right numbers",
  "a whole page to keep",
  "promises an answer",
  "kept promising",
  "asks at most every",
  "does not cost the others",
  "nothing that was not measured",
  "two quantities under one name",
  "shows the next engineer around",
  "misbehaves as you like",
  "so long must",
  "so long a state",
  "what is no number",
  "what the sun leaves over",
  "switchings",
  "start from",
  "nothing usable at",
  "does not answer since",
  "an unexpected answer came",
  "whatever asks your supplier",
  "blotted out",
  "stand in line",
  "stood in line",
  "high tariff",
  "fed in, low",
  "used, low",
  "least times",
];
const DUTCH = [
  "geflikker",
  "klapper",
  "**niets op te zoeken",
  "gaat vanzelf door",
  "meer node-reds",
  "meer machines",
  "om te houden",
  "een wijzer",
  "bleef beloven",
  "zo veel je wilt",
  "gerekend wordt",
  "volgende maker",
  "langs welke weg",
  "niet op tijd antwoord",
  "schakelingen",
  "hoog tarief",
  "van de maker",
];
const GERMAN = [
  "flattert",
  "leerlauf",
  "spitzenwächter",
  "es kam rechtzeitig keine antwort",
  "zähler gibt es nicht",
  "nichts brauchbares",
  "frischer wert",
  "liegt nicht jenseits",
  "noch nicht deployt",
  "ob der cemm antwortet",
  "fragt alle",
  "hört zu für",
  "hochtarif",
];

/** Each language's files, and the words that they must not contain. */
const TEXTS: [string, RegExp, string[]][] = [
  [
    "English",
    /^(README|CONTRIBUTING|CHANGELOG|SECURITY)\.md$|^docs\/.*\.md$|^examples\/|en-US\/|page\/locales\/en/,
    EVERYWHERE,
  ],
  ["Dutch", /^README\.nl\.md$|locales\/nl/, DUTCH],
  ["German", /locales\/de/, GERMAN],
];

const FILES = ["src", "docs", "examples", "."].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: folder !== ".", encoding: "utf8" })
    .filter((file) => /\.(md|json|html)$/.test(file) && !file.includes("node_modules"))
    .map((file) => (folder === "." ? file : `${folder}/${file}`)),
);

for (const [language, isText, words] of TEXTS) {
  it(`${language} texts have none of the replaced words`, () => {
    const files = FILES.filter((file) => isText.test(file));
    assert.ok(files.length > 0);
    const found = files.flatMap((file) => {
      const text = readFileSync(join(ROOT, file), "utf8").toLowerCase().replace(/\s+/g, " ");
      return words.filter((word) => text.includes(word)).map((word) => `${file}: ${word}`);
    });
    assert.deepEqual(found, []);
  });
}
