import { CemmError } from "../../lib/internal.js";

/** The format of that name. @throws CemmError `CEMM_INPUT` if the table has none. */
export function formatOf<Format>(formats: ReadonlyMap<string, Format>, name: string): Format {
  const format = formats.get(name);
  if (format) return format;
  throw new CemmError("CEMM_INPUT", `Output: "${name}" is not a format; use ${[...formats.keys()].join(", ")}.`);
}
