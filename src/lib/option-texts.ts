import { CemmError, describeValue } from "./errors.js";

/** A script without types may give anything. @throws CemmError `CEMM_CONFIG` where an option that is a text is none. */
export function checkTexts<T extends object>(options: T, names: readonly (keyof T & string)[]): void {
  for (const name of names) {
    const value: unknown = options[name] ?? "";
    if (typeof value === "string") continue;
    throw new CemmError("CEMM_CONFIG", `The option "${name}" must be a text, not ${describeValue(value)}.`);
  }
}
