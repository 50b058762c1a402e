/** The API key appears in no error, in no encoding. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { CemmAccount, type CemmError } from "../../src/lib/index.js";
import { redact, safeCause } from "../../src/lib/redact.js";
import { eachAtOnce, failure, NOBODY, testbed, UID } from "../support/server.js";
import {
  type Answer,
  body,
  bytes,
  inTurn,
  json,
  onSocket,
  promised,
  silence,
  status,
} from "../support/server-answers.js";

const KEY = 'p%k+y/=&x"s\\e';

const ENCODED = {
  raw: KEY,
  "percent-encoded": encodeURIComponent(KEY),
  "form-encoded": new URLSearchParams({ k: KEY }).toString().slice(2),
  "as a URL writes it": new URL(`http://h/?k=${KEY.replaceAll("&", "%26")}`).search.slice(3),
  "escaped in JSON": JSON.stringify(KEY).slice(1, -1),
  base64: Buffer.from(KEY).toString("base64"),
  "base64 for URLs": Buffer.from(KEY).toString("base64url"),
  hex: Buffer.from(KEY).toString("hex"),
};

function assertClean(error: unknown): void {
  const { message, stack, cause } = error instanceof Error ? error : new Error(String(error));
  const shown = {
    message,
    stack,
    cause: JSON.stringify(cause),
    json: JSON.stringify(error),
    inspected: inspect(error, { depth: null, showHidden: true }),
    members: JSON.stringify(Object.entries(Object(error))),
  };
  for (const [place, text = ""] of Object.entries(shown)) {
    for (const [encoding, secret] of Object.entries(ENCODED)) {
      assert.ok(!text.toLowerCase().includes(secret.toLowerCase()), `the key is in the ${place}, ${encoding}: ${text}`);
    }
  }
}

/** The answer repeats the key in all encodings. */
const ECHO = Object.values(ENCODED).join(" ");
const echoing = `<a href="/v1/?api_key=${ENCODED["form-encoded"]}">${ECHO}</a>`;

const FAULTS: { it: string; answer: Answer }[] = [
  ...[301, 302, 307, 400, 401, 403, 404, 408, 412, 418, 429, 500, 502, 503, 504].map((code) => ({
    it: `status ${code}`,
    answer: body(echoing, code, {
      location: `https://h.example/?api_key=${ENCODED["form-encoded"]}`,
      "x-echo": ENCODED.hex,
    }),
  })),
  { it: "a redirect to no address", answer: status(302, { location: `/${ENCODED["percent-encoded"]}` }) },
  { it: "a page", answer: body(echoing) },
  { it: "cut JSON", answer: body(`{"${ENCODED.hex}":`) },
  { it: "another shape", answer: json({ [ENCODED.hex]: KEY, data: [KEY] }) },
  { it: "no usable channel", answer: json({ data: { power: [KEY, KEY] } }) },
  { it: "a compressed answer", answer: body("x", 200, { "content-encoding": ENCODED.hex }) },
  { it: "bytes that are no HTTP", answer: bytes(echoing) },
  { it: "a broken header", answer: bytes(`HTTP/1.1 200 OK\r\n${ENCODED.hex} : ${ENCODED.hex}\r\n\r\n`) },
  { it: "an empty reply", answer: bytes() },
  { it: "a reset", answer: onSocket((socket) => void socket.resetAndDestroy()) },
  { it: "silence", answer: silence },
  { it: "endless promises", answer: json({ promise: KEY }, 202) },
  { it: "a promise, then an error", answer: inTurn(promised, status(403)) },
];

describe("the API key", () => {
  const bed = testbed();

  const askWith = (host: string, timeout = 0.4): Promise<CemmError> =>
    failure(bed.client({ access: "cloud", account: bed.account(host, KEY), uid: UID, timeout }).realtime("p1"));

  eachAtOnce(
    FAULTS.map((row) => ({ ...row, it: `does not show after ${row.it}` })),
    async ({ answer }) => {
      const server = await bed.serve(answer);
      assertClean(await askWith(server.host));
      assert.equal(server.questions[0]?.url.searchParams.get("api_key"), KEY, "and yet it was sent, whole");
    },
  );

  eachAtOnce([{ it: "does not show where nobody listens" }], async () => assertClean(await askWith(NOBODY)));

  for (const [encoding, secret] of Object.entries(ENCODED)) {
    it(`is redacted in a foreign error: ${encoding}`, () => {
      const foreign = Object.assign(new Error(`GET http://h/?x=${secret}&time=1 failed`), {
        code: "EODD",
        url: secret,
      });
      const cause = safeCause(foreign, [KEY]);
      assert.deepEqual(Object.keys(cause), ["code", "message"]);
      assertClean(cause);
      assert.equal(cause.code, "EODD");
      assert.match(cause.message, /failed$/);
    });
  }

  it("is redacted in any api_key parameter", () => {
    assert.equal(redact("see http://h/?time=1&api_key=4e4f&x=1", []), "see http://h/?time=1&api_key=***&x=1");
    assert.equal(redact("nothing here", [""]), "nothing here");
  });

  it("a foreign error without a code is known by its name", () => {
    assert.deepEqual(safeCause(new TypeError("odd")), { code: "TypeError", message: "odd" });
    assert.deepEqual(safeCause("thrown text"), { code: "Error", message: "thrown text" });
  });

  const UNUSABLE = [
    { it: "missing", key: "", says: /has no API key/ },
    { it: "blank", key: "  ", says: /has no API key/ },
    { it: "with a line feed", key: "4e4f\n657a", says: /line feed/ },
    { it: "with a letter that no key has", key: "clé-4e4f", says: /letter/ },
    { it: "an environment variable that is not set", key: ["$", "{CEMM_KEY}"].join(""), says: /environment variable/ },
  ];
  for (const { it: what, key, says } of UNUSABLE) {
    it(`${what} is CEMM_CONFIG, and is not repeated`, () => {
      assert.throws(
        () => new CemmAccount({ apiKey: key, name: "home" }),
        (error: CemmError) => {
          assert.equal(error.code, "CEMM_CONFIG");
          assert.match(error.message, says);
          assert.match(error.message, /account "home"/);
          return key.trim() === "" || !error.message.includes(key);
        },
      );
    });
  }

  const BASES = [
    "http://open-api.cemm.nl/v1/",
    "ftp://127.0.0.1/",
    "open-api.cemm.nl",
    "https://user:word@open-api.cemm.nl/v1/",
    "https://open-api.cemm.nl/v1/?api_key=4e4f657a",
  ];
  for (const baseUrl of BASES) {
    it(`is never sent to ${baseUrl}`, () => {
      assert.throws(
        () => new CemmAccount({ apiKey: "demo", baseUrl }),
        (error: CemmError) => error.code === "CEMM_CONFIG" && !error.message.includes("4e4f657a"),
      );
    });
  }
});
