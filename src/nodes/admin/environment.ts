import { parseHost, parseUid } from "../../lib/index.js";

/** `${NAME}` in a dialog's fields: used as on deploy, but shown as typed, never by its value. */
export class Environment {
  /** What the values may look like in an answer, with what is shown instead. */
  readonly #hidden: [RegExp, string][] = [];

  /** The variable's value where `text` names one that is set; else `text`. */
  resolve(text: string): string {
    const name = /^\$\{(\w+)\}$/.exec(text)?.[1];
    const value = name === undefined ? undefined : process.env[name];
    if (!value) return text;
    for (const form of formsOf(value)) this.#hidden.push([anywhere(form), text]);
    return value;
  }

  /** A copy of `answer` in which no text holds a value that was resolved. */
  hide(answer: unknown): unknown {
    if (typeof answer === "string")
      return this.#hidden.reduce((text, [value, name]) => text.replace(value, () => name), answer);
    if (Array.isArray(answer)) return answer.map((each) => this.hide(each));
    if (typeof answer !== "object" || answer === null) return answer;
    return Object.fromEntries(Object.entries(answer).map(([key, value]) => [key, this.hide(value)]));
  }
}

/** Addresses come back in the usual notation, and errors cut what is long. The longest form first. */
function formsOf(value: string): string[] {
  const trimmed = value.trim();
  const notations = [parseHost(value), parseUid(value)].filter((form) => form !== undefined);
  const known = [value, trimmed, trimmed.slice(0, 40), ...notations].filter((form) => form !== "");
  return known.sort((a, b) => b.length - a.length);
}

/** Not within a word: a short value would hit everything. */
function anywhere(text: string): RegExp {
  return new RegExp(`(?<!\\w)${text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&")}(?!\\w)`, "gi");
}
