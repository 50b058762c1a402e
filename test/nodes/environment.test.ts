/** What a dialog gets back of a variable of the environment: its name, in whatever form its value was about to show. */
import assert from "node:assert/strict";
import { CemmError, describeValue, parseBaseUrl, parseHost, parseUid } from "../../src/lib/index.js";
import { Environment } from "../../src/nodes/admin/environment.js";

const NAME = "CEMM_TEST_HIDDEN";
const TYPED = ["$", `{${NAME}}`].join("");

describe("a variable of the environment that is typed into a dialog", () => {
  after(() => {
    delete process.env[NAME];
  });

  /** What an answer that says so shows of the value. */
  function shown(value: string, say: (value: string) => unknown): string {
    process.env[NAME] = value;
    const environment = new Environment();
    const answer = say(environment.resolve(TYPED));
    return JSON.stringify(environment.hide({ answer, list: [answer] }));
  }

  const error = (text: string) => new CemmError("CEMM_INPUT", text).message;
  const long = "correct-horse-battery-staple-".repeat(40);
  const FORMS: [string, string, (value: string) => unknown][] = [
    ["as it is", "hunter2 & co", (value) => `The CEMM "${value}" is silent.`],
    ["in other letters", "Hunter2", (value) => value.toUpperCase()],
    ["with blanks around it", "  hunter2 ", (value) => value.trim()],
    ["as a host", "HTTP://Hunter2.lan:80/", (value) => `(${parseHost(value)}) cannot be reached`],
    [
      "as the host of a base address",
      "https://Hunter2.example/v1/",
      (value) => `The cloud (${parseBaseUrl(value)?.host})`,
    ],
    ["as a MAC address", "001ec08596cc", (value) => ({ uid: parseUid(value) })],
    ["one by one, of a list", "hunter2, 10.1.2.255", (value) => value.split(",").map((each) => each.trim())],
    ["as a number in a text", "0070000", (value) => `${Number(value)} is not a UDP port`],
    ["as a number", "0070000", (value) => ({ port: Number(value) })],
    ["cut, as a value", long, (value) => `${describeValue(value)} is not a time zone`],
    ["cut, in an error", long, (value) => error(`${value} (192.168.1.10) cannot be reached`)],
    ["cut, later in an error", long, (value) => error(`The account "${value}" has a base address that is none`)],
    ["twice, the second time cut", long.slice(0, 300), (value) => error(`${value} (${value}) cannot be reached`)],
  ];
  for (const [form, value, say] of FORMS) {
    it(`is hidden ${form}`, () => {
      const text = shown(value, say);
      assert.ok(text.includes(TYPED), text);
      const parts = value.toLowerCase().match(/[a-z0-9]{5,}/g) ?? [];
      for (const part of parts.filter((each) => each !== "https" && each !== "example")) {
        assert.ok(!text.toLowerCase().includes(part), text);
      }
    });
  }

  it("a small number does not hide those that happen to be the same", () => {
    assert.equal(
      shown("3", () => ({ port: 3 })),
      JSON.stringify({ answer: { port: 3 }, list: [{ port: 3 }] }),
    );
  });

  it("a short value does not hide the words that hold it", () => {
    assert.equal(
      shown("a", () => "a CEMM at last"),
      JSON.stringify({ answer: `${TYPED} CEMM at last`, list: [`${TYPED} CEMM at last`] }),
    );
  });
});
