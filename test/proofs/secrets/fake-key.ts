/** A key that is easy to find, and every form in which it might leak. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";

/** Contains what is escaped in addresses, JSON and HTML; no part of it occurs elsewhere. */
export const FAKE_KEY = 'cAnary%k+y/=&x"s\\<9F';

const bytes = Buffer.from(FAKE_KEY);
const everyByte = (form: (code: number) => string) => [...bytes].map(form).join("");

export const ENCODINGS: Record<string, string> = {
  "as it is": FAKE_KEY,
  "percent-encoded": encodeURIComponent(FAKE_KEY),
  "percent-encoded twice": encodeURIComponent(encodeURIComponent(FAKE_KEY)),
  "percent-encoded, every byte": everyByte((code) => `%${code.toString(16).padStart(2, "0")}`),
  "form-encoded": new URLSearchParams({ k: FAKE_KEY }).toString().slice(2),
  "as a URL writes it": new URL(`http://h/?k=${FAKE_KEY.replaceAll("&", "%26")}`).search.slice(3),
  "escaped in JSON": JSON.stringify(FAKE_KEY).slice(1, -1),
  "escaped in JSON twice": JSON.stringify(JSON.stringify(FAKE_KEY)).slice(3, -3),
  "escaped in JSON, every letter": everyByte((code) => `\\u${code.toString(16).padStart(4, "0")}`),
  "escaped in HTML": FAKE_KEY.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;"),
  base64: bytes.toString("base64").replace(/=+$/, ""),
  "base64 for URLs": bytes.toString("base64url"),
  hex: bytes.toString("hex"),
  "a list of bytes": bytes.join(","),
  reversed: [...FAKE_KEY].reverse().join(""),
};

/** The encodings in which `text` shows the fake key, in whatever letter case. */
export function shownIn(text: string): string[] {
  const lower = text.toLowerCase();
  return Object.keys(ENCODINGS).filter((name) => lower.includes((ENCODINGS[name] ?? FAKE_KEY).toLowerCase()));
}

/** Every text that a person or a program may get from a thing. */
export function everyView(thing: unknown): string {
  const { stack, message, cause } = thing instanceof Error ? thing : new Error();
  const members = typeof thing === "object" && thing !== null ? Object.getOwnPropertyNames(thing) : [];
  const views = [inspect(thing, { depth: null, showHidden: true }), JSON.stringify(thing), String(thing)];
  // Unescaped, since the views above escape strings.
  const texts = [thing, cause].flatMap((each) =>
    Object.values(Object(each)).filter((value) => typeof value === "string"),
  );
  return [...views, stack, message, inspect(cause, { depth: null }), JSON.stringify(cause), ...members, ...texts].join(
    "\n",
  );
}

/** The text of all files below a folder, except those with these names; links are not followed. */
export function filesBelow(folder: string, but: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !but.includes(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
}
