/** Safe access to messages, which may contain anything. */

export function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

/** A text property; blank if it is not a text. */
export function textIn(value: unknown, name: string): string {
  const text = propertyOf(value, name);
  return typeof text === "string" ? text : "";
}

/** A plain number, or the value of a measurement. */
export function numberIn(values: unknown, name: string): number | undefined {
  const entry = propertyOf(values, name);
  const value = typeof entry === "object" ? propertyOf(entry, "value") : entry;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
