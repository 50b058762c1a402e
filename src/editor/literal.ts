/** Maximum number of entries of an object, so that it fits in a line. */
const MAX_ENTRIES = 4;

/** A value as a code literal, shortened: only the first entry of a list. */
export function literal(value: unknown): string {
  if (value instanceof Date) return "Date";
  if (Array.isArray(value))
    return typeof value[0] === "object" ? `[${literal(value[0])}, …]` : `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, part]) => `${name}: ${literal(part)}`);
  return `{ ${entries.slice(0, MAX_ENTRIES).join(", ")}${entries.length > MAX_ENTRIES ? ", …" : ""} }`;
}
