/** Texts from messages may have any length: one that is too long is refused before a pattern runs on it. */
import assert from "node:assert/strict";
import {
  isAlias,
  isIPv4,
  isLoopback,
  isPort,
  parseBaseUrl,
  parseHost,
  parsePath,
  parseTime,
  parseUid,
  variableIn,
} from "../../src/lib/syntax.js";

const PARSERS = { parseBaseUrl, parseHost, parsePath, parseTime, parseUid };
const READERS = { isAlias, isIPv4, isLoopback, isPort, variableIn, ...PARSERS };
/** Beginnings of valid texts, to combine with letters, digits, separators, brackets and white space. */
const BEGINNINGS = ["", "${", "http://", "https://a", "[", "[::", "1.", "2026-01-01T", "00-1E-"];
const REPEATED = [..."/:.-_[]%+TZz0fa9 \t\r\n", "\u00a0", "::", "1.", "0:", "a.", "-1", "/%"];
const LENGTH = 200_000;
/** Linear work on such a text takes well under a millisecond, quadratic work many seconds. */
const LIMIT_MS = 50;

describe("texts of any length", () => {
  for (const [name, read] of Object.entries(READERS)) {
    it(`${name}: refuses 200,000 characters quickly`, () => {
      for (const beginning of BEGINNINGS) {
        for (const repeated of REPEATED) {
          const text = beginning + repeated.repeat(LENGTH / repeated.length);
          const started = process.cpuUsage();
          const result = read(text);
          const { user } = process.cpuUsage(started);
          const label = JSON.stringify(beginning + repeated);
          assert(!result, label);
          assert(user / 1000 < LIMIT_MS, `${label}: ${user / 1000} ms`);
        }
      }
    });
  }

  it("accepts hosts of up to 253 characters, with a port", () => {
    const longest = `${"a".repeat(63)}.`.repeat(4).slice(0, 253);
    assert.equal(parseHost(`${longest}:8080`), `${longest}:8080`);
    assert.equal(parseHost(`${longest}a:8080`), undefined);
    assert.equal(parseHost(`cemm.local${" ".repeat(300)}`), undefined);
  });

  it("accepts other texts of up to 100 characters", () => {
    const address = `https://cloud.example/${"a".repeat(77)}/`;
    assert.equal(address.length, 100);
    assert.equal(parseBaseUrl(address)?.host, "cloud.example");
    assert.equal(parseBaseUrl(`${address}a`), undefined);
    assert.equal(parseUid(`00-1E-C0-85-96-CC${" ".repeat(83)}`), "00-1E-C0-85-96-CC");
    assert.equal(parseUid(`00-1E-C0-85-96-CC${" ".repeat(84)}`), undefined);
  });
});

describe("the path of a page", () => {
  const PATHS = { "/energy": "/energy", " energy/ ": "/energy", "//house.1/flat": "/house.1/flat", "/...": "/..." };
  for (const [text, path] of Object.entries(PATHS)) {
    it(`"${text}" is ${path}`, () => assert.equal(parsePath(text), path));
  }

  for (const text of ["", "/", "/..", "/energy/./now", "/../red", "/a b", "/a//b", "/?a"]) {
    it(`"${text}" is refused`, () => assert.equal(parsePath(text), undefined));
  }
});
