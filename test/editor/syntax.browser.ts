/** The built dialogs in Chromium and the runtime in Node accept the same texts. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { Browser, Page } from "playwright-core";
import { CemmAccount, CemmClient, checkAlias, parseUid } from "../../src/lib/internal.js";
import { startBrowser } from "./editor.js";

const BUNDLE = join(__dirname, "../../resources/cemm-editor.js");
const RUNS = 2000;

/** The parts of the editor and jQuery that the field checks need. */
const EDITOR = `
  const dialogs = {};
  const nodes = { registerType: (type, dialog) => { dialogs[type] = dialog; } };
  window.dialogOf = (type) => {
    window.cemm.registerType(type, {});
    return dialogs[type];
  };
  window.RED = { _: (key) => key, settings: {}, events: { on() {} }, hooks: { add() {} }, nodes };
  const nothing = { length: 0, find: () => nothing, data: () => undefined, appendTo: () => nothing };
  window.$ = () => nothing;
`;

/** Runs in the page. */
const VERDICTS = `({ dialog, property, texts }) => {
  const { validate } = window.dialogOf("cemm-" + dialog).defaults[property];
  const node = { _def: { category: "" }, [property + "Type"]: "str" };
  return texts.map((text) => validate.call(node, text, {}) === true);
}`;

interface Field {
  dialog: string;
  property: string;
  /** How the runtime reads the text; throws if it is invalid. */
  use: (text: string) => unknown;
  /** Texts that are only just valid or invalid. */
  near: string[];
}

const client = new CemmClient({ host: "127.0.0.1", uid: "00-1E-C0-85-96-CC" });

/** Blank means "not given" in the dialogs, and also in the runtime. */
const unlessBlank = (use: (text: string) => unknown) => (text: string) => text.trim() === "" || use(text);

const FIELDS: Field[] = [
  { dialog: "realtime", property: "alias", use: (text) => checkAlias(text), near: ["p1", "p1-gas", "P1", "mb247"] },
  {
    dialog: "device",
    property: "uid",
    use: unlessBlank((text) => assert(parseUid(text))),
    near: ["00-1E-C0-85-96-CC", "001e.c085.96cc", "00 1E C0 85 96 CC", "001ec08596cc"],
  },
  {
    dialog: "device",
    property: "host",
    use: unlessBlank((host) => new CemmClient({ host })),
    near: ["192.168.1.10", "192.168.1.", "127.1", "[fe80::1]:80", "::ffff:1.2.3.4", "http://cemm.local:8080/", "1::2"],
  },
  {
    dialog: "account",
    property: "baseUrl",
    use: unlessBlank((baseUrl) => new CemmAccount({ apiKey: "key", baseUrl })),
    near: ["https://open-api.cemm.nl/v1/", "http://127.0.0.1:8081/v1", "http://cemm.nl/", "https://x/%zz"],
  },
  {
    dialog: "history",
    property: "time",
    use: (text) => client.period("day", text),
    near: ["2026-03-29T99", "2026-03-29T12:00 foo", "1969", "3001", "+01:00", "2026-03-29T12:00+01:00", "1971-05-05"],
  },
];

/** Any text, and near misses of valid ones: a few characters removed, added or replaced. */
function textsFor({ near }: Field): fc.Arbitrary<string> {
  const edit = fc.tuple(fc.nat(), fc.nat(3), fc.string({ maxLength: 2, unit: "grapheme" }));
  const nearMiss = fc.tuple(fc.constantFrom(...near), fc.array(edit, { maxLength: 3 })).map(([text, edits]) =>
    edits.reduce((edited, [at, length, put]) => {
      const start = at % (edited.length + 1);
      return edited.slice(0, start) + put + edited.slice(start + length);
    }, text),
  );
  const digits = fc.stringMatching(/^[\d:.TZ+ -]{0,24}$/);
  return fc.oneof({ weight: 4, arbitrary: nearMiss }, digits, fc.string({ unit: "grapheme", maxLength: 30 }));
}

function isAccepted(use: (text: string) => unknown, text: string): boolean {
  try {
    use(text);
    return true;
  } catch {
    return false;
  }
}

describe("a dialog field in a browser", () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    browser = await startBrowser();
    page = await browser.newPage();
    await page.evaluate(EDITOR);
    await page.evaluate(readFileSync(BUNDLE, "utf8"));
  });
  after(() => browser?.close());

  for (const field of FIELDS) {
    it(`accepts the same texts for "${field.property}" as the runtime, of ${RUNS} random ones and edge cases`, async () => {
      const seed = Date.now() & 0x7fffffff;
      const texts = [...field.near, ...fc.sample(textsFor(field), { seed, numRuns: RUNS })].filter(
        (text) => !/^\$\{[^}]+\}$/.test(text),
      );
      const verdicts = await page.evaluate<boolean[]>(`(${VERDICTS})(${JSON.stringify({ ...field, texts })})`);
      const differing = texts.filter((text, n) => verdicts[n] !== isAccepted(field.use, text));
      assert.deepEqual(differing, [], `seed ${seed}`);
      assert.ok(verdicts.includes(true) && verdicts.includes(false));
    });
  }
});
