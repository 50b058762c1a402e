import { parseBaseUrl, parseHost, parseUid } from "../../lib/index.js";

/** A value that was resolved: how it may stand in an answer, and the name to be shown instead. */
interface Hidden {
  value: string;
  forms: RegExp[];
  name: string;
}

/** Smaller numbers are no secrets, but a meter's port, or a time. */
const LEAST_NUMBER = 1000;

/** `${NAME}` in a dialog's fields: used as on deploy, but shown as typed, never by its value. */
export class Environment {
  readonly #hidden: Hidden[] = [];

  /** The variable's value where `text` names one that is set; else `text`. */
  resolve(text: string): string {
    const variable = /^\$\{(\w+)\}$/.exec(text)?.[1];
    const value = variable === undefined ? undefined : process.env[variable];
    if (!value) return text;
    this.#hidden.push({ value: value.trim(), forms: formsOf(value).map(anywhere), name: text });
    return value;
  }

  /** A copy of `answer` that holds no value that was resolved. */
  hide(answer: unknown): unknown {
    if (typeof answer === "string") return this.#hideIn(answer);
    if (typeof answer === "number" && answer >= LEAST_NUMBER) return this.#hideNumber(answer);
    if (Array.isArray(answer)) return answer.map((each) => this.hide(each));
    if (typeof answer !== "object" || answer === null) return answer;
    return Object.fromEntries(Object.entries(answer).map(([key, value]) => [key, this.hide(value)]));
  }

  #hideIn(text: string): string {
    return this.#hidden.reduce((shown, { value, forms, name }) => {
      const whole = forms.reduce((rest, form) => rest.replace(form, () => name), shown);
      return withoutCut(whole, value, name);
    }, text);
  }

  #hideNumber(number: number): number | string {
    const text = String(number);
    const shown = this.#hideIn(text);
    return shown === text ? number : shown;
  }
}

/** What is left of a value where an error is cut off in the midst of it. */
function withoutCut(text: string, value: string, name: string): string {
  if (!text.endsWith("…")) return text;
  const rest = text.slice(0, -1);
  for (let length = Math.min(rest.length, value.length); length > 0; length--) {
    const isCut = rest.slice(-length).toLowerCase() === value.slice(0, length).toLowerCase();
    if (isCut) return `${rest.slice(0, -length)}${name}…`;
  }
  return text;
}

/** Values are trimmed, split, cut and put into the usual notation before they come back. The longest form first. */
function formsOf(value: string): string[] {
  const parts = [value, ...value.split(",")].flatMap((part) => [part, part.trim()]);
  const forms = parts.flatMap((part) => [part, part.slice(0, 40), ...notationsOf(part)]);
  return [...new Set(forms)].filter((form) => form.trim() !== "").sort((a, b) => b.length - a.length);
}

function notationsOf(text: string): string[] {
  const number = Number(text || Number.NaN);
  const known = [parseHost(text), parseUid(text), parseBaseUrl(text)?.host, Number.isFinite(number) && String(number)];
  return known.filter((each) => typeof each === "string");
}

/** Not within a word: a short value would hit everything. */
function anywhere(text: string): RegExp {
  return new RegExp(`(?<!\\w)${text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&")}(?!\\w)`, "gi");
}
