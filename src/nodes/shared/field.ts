/** A field of a flow node. Errors name it as its dialog does: "Meter: msg.alias is empty." */
import { CemmError } from "../../lib/internal.js";
import { sourceOf, type TypedValue, withoutLineEnd } from "./typed-input.js";

/** `label`: the dialog's, in English, the language of the log. */
export interface Field extends TypedValue {
  label: string;
}

export function field(label: string, value = "", type = "str"): Field {
  return { label, value: withoutLineEnd(value), type };
}

/** The field's value, parsed by `check`. @throws CemmError `CEMM_INPUT`, which names the field */
export function inField<T>(of: Field, check: () => T): T {
  try {
    return check();
  } catch (error) {
    const source = sourceOf(of);
    throw named(error, source === undefined ? of.label : `${of.label}, ${source}`);
  }
}

/** @throws CemmError `CEMM_INPUT` if there is no value, since the client would use its default. */
export function requireValue(of: Field, value: unknown): unknown {
  if (value !== undefined && value !== null && value !== "") return value;
  throw new CemmError("CEMM_INPUT", `${of.label}: ${sourceOf(of) ?? "the field"} is empty. Give it a value.`);
}

/** The chosen format. @throws CemmError `CEMM_INPUT` if the table has none. */
export function formatOf<Format>(formats: ReadonlyMap<string, Format>, name: string): Format {
  const format = formats.get(name);
  if (format) return format;
  throw new CemmError("CEMM_INPUT", `Output: "${name}" is not a format; use ${[...formats.keys()].join(", ")}.`);
}

/** The error, with `name` first if it is about a value; any other unchanged. */
function named(error: unknown, name: string): unknown {
  const isOfValue = error instanceof CemmError && error.code === "CEMM_INPUT";
  return isOfValue ? new CemmError(error.code, `${name}: ${error.message}`) : error;
}
