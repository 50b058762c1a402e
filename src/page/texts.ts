import de from "./locales/de.json" with { type: "json" };
import english from "./locales/en-US.json" with { type: "json" };
import nl from "./locales/nl.json" with { type: "json" };

export type Texts = typeof english;
export type TextKey = keyof Texts;

export const LANGUAGES: Record<string, Texts> = { de, en: english, nl };

/** The first of the browser's languages that has texts, with the browser's region. */
export function chooseLocale(preferred: readonly string[]): string {
  return preferred.find((locale) => languageOf(locale) in LANGUAGES) ?? "en-US";
}

export const languageOf = (locale: string): string => locale.split("-")[0]?.toLowerCase() ?? "";

/** A text of one language, with `{name}` replaced. */
export type Translate = (key: TextKey, values?: Record<string, string | number>) => string;

export function translator(locale: string): Translate {
  const texts = LANGUAGES[languageOf(locale)] ?? english;
  return (key, values = {}) => texts[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** Whether there is a text with that name, which may come from an error code. */
export const isText = (key: string): key is TextKey => Object.hasOwn(english, key);
