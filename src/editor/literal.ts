/** How many entries of an object are written out; a line holds no more. */
const MOST = 4;

/** A value as code would write it, shortened: of a list the first entry. */
export function literal(value: unknown): string {
  if (value instanceof Date) return "Date";
  if (Array.isArray(value))
    return typeof value[0] === "object" ? `[${literal(value[0])}, …]` : `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, part]) => `${name}: ${literal(part)}`);
  return `{ ${entries.slice(0, MOST).join(", ")}${entries.length > MOST ? ", …" : ""} }`;
}
