/** What CEMMs and the cloud answer: the vendor's examples, and answers that real devices gave. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "fixtures");

/** The body of `<cloud|lan|udp>/<situation>`, as text. */
export function fixtureText(name: string): string {
  return readFileSync(join(ROOT, `${name}.json`), "utf8");
}

/** A file with the certificate of the tests' own authority. */
export const AUTHORITY = join(ROOT, "tls", "ca.pem");

/**
 * A certificate with its key, for tests only: a self-signed one, or one by the tests' authority for 127.0.0.1, expired
 * in 2021, or for another name.
 */
export function certificate(name: "self-signed" | "trusted" | "expired" | "other-name"): string {
  return readFileSync(join(ROOT, "tls", `${name}.pem`), "utf8");
}

export function fixture(name: string): unknown {
  return JSON.parse(fixtureText(name));
}
