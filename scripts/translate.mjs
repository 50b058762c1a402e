// Adds a language: `npm run translate -- de` copies the English texts, `npm run translate` lists what is left to do.
// Run again, it adds new English texts and drops removed ones; translated texts are kept.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LOCALES = "src/nodes/locales";
/** The energy page's texts: a file for each language. */
const PAGE = "src/page/locales";
const ENGLISH = "en-US";
/** The folder of the passages that several helps share. */
const SHARED = "shared";

/** @param {string[]} path */
const read = (...path) => (existsSync(join(...path)) ? readFileSync(join(...path), "utf8") : undefined);
/** @param {string} language @param {string} ending */
const files = (language, ending) =>
  readdirSync(join(LOCALES, language), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(ending));

/** The English texts, replaced by translations if there are any. */
function merged(english, translated = {}) {
  const pairs = Object.entries(english).map(([key, text]) => [
    key,
    typeof text === "string" ? (translated[key] ?? text) : merged(text, translated[key]),
  ]);
  return Object.fromEntries(pairs);
}

/** The names of the texts that are the same as in English. */
function same(english, translated, path = "") {
  return Object.entries(english).flatMap(([key, text]) => {
    if (typeof text === "string") return text === translated[key] ? [path + key] : [];
    return same(text, translated[key] ?? {}, `${path}${key}.`);
  });
}

/** The texts, in their order. */
const flat = (texts) => Object.values(texts).flatMap((text) => (typeof text === "string" ? [text] : flat(text)));

/** The English file with these texts filled in, keeping its blank lines. @param {string} source */
function written(source, texts) {
  const rest = flat(texts);
  return source.replace(/"(?:[^"\\]|\\.)*"(\s*:)?/g, (each, colon) => (colon ? each : JSON.stringify(rest.shift())));
}

/** Where each file of texts is, for any language. */
const catalogues = [
  ...files(ENGLISH, ".json").map((name) => ({ name, path: (language) => join(LOCALES, language, name) })),
  { name: "page/locales", path: (language) => join(PAGE, `${language}.json`) },
];

/** Each file with the English one. @param {string} language */
const pairs = (language) =>
  catalogues.map(({ name, path }) => {
    const source = read(path(ENGLISH)) ?? "{}";
    const translated = JSON.parse(read(path(language)) ?? "{}");
    return { name, path: path(language), source, english: JSON.parse(source), translated };
  });

/** @param {string} language */
function fill(language) {
  mkdirSync(join(LOCALES, language, SHARED), { recursive: true });
  for (const { path, source, english, translated } of pairs(language)) {
    const texts = merged(english, translated);
    if (JSON.stringify(texts) !== JSON.stringify(translated)) writeFileSync(path, written(source, texts));
  }
  for (const name of files(ENGLISH, ".html")) {
    const help = read(LOCALES, language, name) ?? read(LOCALES, ENGLISH, name) ?? "";
    writeFileSync(join(LOCALES, language, name), help);
  }
}

/** The structure of a help, which a test compares. @param {string} language @param {string} name */
const parts = (language, name) => String(read(LOCALES, language, name)?.match(/<(h3|dt|pre|li)\b/g));

/** @param {string} language */
function report(language) {
  const help = files(ENGLISH, ".html").filter((name) => read(LOCALES, language, name) === read(LOCALES, ENGLISH, name));
  const texts = pairs(language).flatMap(({ name, english, translated }) =>
    same(english, translated).map((key) => `${name} ${key}`),
  );
  for (const each of [...help, ...texts]) console.log(`${language}: as in English: ${each}`);
  for (const name of files(ENGLISH, ".html")) {
    if (parts(language, name) !== parts(ENGLISH, name))
      console.log(`${language}: other parts than in English: ${name}`);
  }
  console.log(`${language}: ${help.length} helps and ${texts.length} texts are as in English.`);
}

const [language] = process.argv.slice(2);
if (language !== undefined && !/^[a-z]{2,3}(-[A-Z]{2})?$/.test(language)) {
  console.error(`"${language}" is not a language: npm run translate -- de`);
  process.exit(1);
}
if (language && language !== ENGLISH) fill(language);
const others = readdirSync(LOCALES).filter((name) => name !== ENGLISH);
for (const each of language ? [language] : others) report(each);
