import { LIMITS } from "./limits-table.js";

/** Whether JSON is too deep or has too many values. Checked before parsing, since four megabytes hold two million. */
export function excessIn(text: string): "tooDeep" | "tooMany" | undefined {
  const mark = /["[\]{},]/g;
  let depth = 0;
  let values = 0;
  while (mark.test(text)) {
    const char = text[mark.lastIndex - 1];
    if (char === '"') {
      const end = text.indexOf('"', mark.lastIndex);
      mark.lastIndex = end > 0 && text[end - 1] !== "\\" ? end + 1 : endOfString(text, mark.lastIndex);
    } else if (char === "]" || char === "}") depth--;
    else {
      values++;
      if (char !== ",") depth++;
    }
    if (depth > LIMITS.json.depth) return "tooDeep";
    if (values > LIMITS.json.values) return "tooMany";
    if (depth <= 0) break;
  }
  return undefined;
}

/** Undefined if it is not JSON. */
export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The position after the string that begins at `start`; the end of the text if it is not closed. */
function endOfString(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '"') return at + 1;
    if (char === "\\") at++;
  }
  return text.length;
}
