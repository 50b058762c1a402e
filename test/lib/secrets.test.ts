/** The API key does not appear in any error, in any encoding. After every fault, and in Node-RED: test/proofs/secrets. */
import assert from "node:assert/strict";
import { CemmAccount, type CemmError } from "../../src/lib/index.js";
import { redact, safeCause } from "../../src/lib/redact.js";
import { ENCODINGS, everyView, FAKE_KEY, shownIn } from "../proofs/secrets/fake-key.js";
import { failure, testbed, UID } from "../support/server.js";
import { body } from "../support/server-answers.js";

const REDACTED = [
  "as it is",
  "percent-encoded",
  "form-encoded",
  "as a URL writes it",
  "escaped in JSON",
  "base64",
  "base64 for URLs",
  "hex",
];

const assertClean = (error: unknown) => assert.deepEqual(shownIn(everyView(error)), [], everyView(error));

describe("the API key", () => {
  const bed = testbed();

  it("is sent unchanged, and does not appear in the error if the cloud repeats it", async () => {
    const echo = REDACTED.map((encoding) => ENCODINGS[encoding]).join(" ");
    const server = await bed.serve(body(`<a href="/?api_key=${ENCODINGS["form-encoded"]}">${echo}</a>`));
    const account = bed.account(server.host, FAKE_KEY);
    assertClean(await failure(bed.client({ access: "cloud", account, uid: UID }).realtime("p1")));
    assert.equal(server.questions[0]?.url.searchParams.get("api_key"), FAKE_KEY);
  });

  for (const encoding of REDACTED) {
    it(`is redacted in a foreign error: ${encoding}`, () => {
      const secret = ENCODINGS[encoding];
      const message = `GET http://h/?x=${secret}&time=1 failed`;
      const cause = safeCause(Object.assign(new Error(message), { code: "EODD", url: secret }), [FAKE_KEY]);
      assertClean(cause);
      assert.deepEqual(cause, { code: "EODD", message: "GET http://h/?x=***&time=1 failed" });
    });
  }

  it("is redacted in any api_key parameter", () => {
    assert.equal(redact("see http://h/?time=1&api_key=4e4f&x=1", []), "see http://h/?time=1&api_key=***&x=1");
    assert.equal(redact("nothing here", [""]), "nothing here");
  });

  it("a foreign error without a code gets its name as the code", () => {
    assert.deepEqual(safeCause(new TypeError("odd")), { code: "TypeError", message: "odd" });
    assert.deepEqual(safeCause("thrown text"), { code: "Error", message: "thrown text" });
  });

  const INVALID = [
    { it: "missing", apiKey: "", says: /has no API key/ },
    { it: "blank", apiKey: "  ", says: /has no API key/ },
    { it: "with a line break", apiKey: "4e4f\n657a", says: /line break/ },
    { it: "with a letter that keys do not have", apiKey: "clé-4e4f", says: /letter/ },
    { it: "an environment variable that is not set", apiKey: ["$", "{KEY}"].join(""), says: /environment variable/ },
  ];
  for (const { it: what, apiKey, says } of INVALID) {
    it(`${what} is CEMM_CONFIG, and is not repeated`, () => {
      const isExpected = ({ code, message }: CemmError) =>
        code === "CEMM_CONFIG" && says.test(message) && message.includes('account "home"') && !message.includes("4e4f");
      assert.throws(() => new CemmAccount({ apiKey, name: "home" }), isExpected);
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
