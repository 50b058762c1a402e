/** What CEMMs and the cloud answer: the vendor's examples, and answers that real devices gave. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "fixtures");

/** The body of `<cloud|lan|udp>/<situation>`, as text. */
export function fixtureText(name: string): string {
  return readFileSync(join(ROOT, `${name}.json`), "utf8");
}

/** A certificate that nobody vouches for, for cemm.invalid and 127.0.0.1, with its key. For tests only. */
export const SELF_SIGNED = readFileSync(join(ROOT, "tls", "self-signed.pem"), "utf8");

export function fixture(name: string): unknown {
  return JSON.parse(fixtureText(name));
}
