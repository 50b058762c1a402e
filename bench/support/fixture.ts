import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const FIXTURES = resolve(__dirname, "../../test/fixtures");

/** A CEMM's answer as it comes over the wire: without the blanks that make a fixture readable. */
export function wireText(name: string): string {
  return JSON.stringify(JSON.parse(readFileSync(resolve(FIXTURES, `${name}.json`), "utf8")));
}
