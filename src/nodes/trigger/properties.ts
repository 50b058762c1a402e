/** Looking into what others made: messages may hold anything. */

/** A property of a value that may have none. */
export function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

/** A property that is text; blank where it is none. */
export function textIn(value: unknown, name: string): string {
  const text = propertyOf(value, name);
  return typeof text === "string" ? text : "";
}

/** A number that stands there by itself, or as a measurement's value. */
export function numberIn(values: unknown, name: string): number | undefined {
  const entry = propertyOf(values, name);
  const value = typeof entry === "object" ? propertyOf(entry, "value") : entry;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
