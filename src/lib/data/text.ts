/** Texts from a device, made safe to show, log and pass on. */

const MAX_TEXT = 100;
/** Control characters, line feeds of any kind, and those that change the text direction. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

export function cleanText(text: string): string {
  // Cut first, so that a text of megabytes costs nothing.
  return [...text.slice(0, 4 * MAX_TEXT).replace(HIDDEN, "")].slice(0, MAX_TEXT).join("");
}
