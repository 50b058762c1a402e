import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import vm from "node:vm";
import { CHANNELS } from "../../src/lib/data/channel-table.js";
import { ERROR_POLICIES } from "../../src/lib/errors.js";
import { ENGLISH, LANGUAGES } from "../support/languages.js";
import { roomOf } from "../support/package-nodes.js";

const root = resolve(__dirname, "../..");
const nodes = join(root, "src/nodes");

/** Every property of each node, with its default: what users' flows hold. */
const DEFAULTS: Record<string, Record<string, unknown>> = {
  "cemm-account": { name: "", baseUrl: "https://open-api.cemm.nl/v1/", concurrency: 4 },
  "cemm-device": {
    name: "",
    access: "lan",
    host: "",
    uid: "",
    account: "",
    timezone: "Europe/Amsterdam",
    timeout: 30,
  },
  "cemm-discover": {
    source: "lan",
    account: "",
    timeout: 5,
    broadcast: "",
    port: 9777,
    details: false,
    deliver: "one",
    topic: "",
    name: "",
  },
  "cemm-realtime": {
    device: "",
    alias: "p1",
    aliasType: "str",
    target: "",
    targetType: "str",
    format: "values",
    channel: "",
    split: false,
    repeat: 10,
    availability: false,
    outputs: 1,
    topic: "",
    name: "",
  },
  "cemm-history": {
    device: "",
    alias: "p1",
    aliasType: "str",
    target: "",
    targetType: "str",
    period: "day",
    periodType: "str",
    time: "",
    timeType: "now",
    to: "",
    toType: "none",
    format: "series",
    deliver: "one",
    topic: "",
    name: "",
  },
  "cemm-totals": {
    device: "",
    alias: "p1",
    aliasType: "str",
    target: "",
    targetType: "str",
    time: "",
    timeType: "now",
    format: "values",
    channel: "",
    split: false,
    topic: "",
    name: "",
  },
  "cemm-trigger": {
    channel: "electric_power",
    measure: "average",
    window: 600,
    direction: "below",
    on: "-1300",
    onType: "num",
    onDelay: 300,
    minOn: 2700,
    off: "1300",
    offType: "num",
    offDelay: 900,
    minOff: 1800,
    lost: "off",
    lostAfter: 120,
    onPayload: "true",
    onPayloadType: "bool",
    offPayload: "false",
    offPayloadType: "bool",
    topic: "",
    name: "",
  },
};
const TYPES = Object.keys(DEFAULTS);

const read = (...path: string[]): string => readFileSync(join(...path), "utf8");
const htmlOf = (type: string): string => read(root, "dist/nodes", roomOf(type), `${roomOf(type)}.html`);

interface Catalogue {
  [key: string]: string | Catalogue;
}

function catalogue(language: string, type: string): Map<string, string> {
  const keys = new Map<string, string>();
  const collect = (part: Catalogue, path: string): void => {
    for (const [key, value] of Object.entries(part)) {
      if (typeof value === "string") keys.set(path + key, value);
      else collect(value, `${path}${key}.`);
    }
  };
  collect(JSON.parse(read(nodes, "locales", language, `${roomOf(type)}.json`)), "");
  return keys;
}

interface Definition {
  category: string;
  defaults: Record<string, { value: unknown; validate?: unknown }>;
  credentials?: object;
}

/** What the built html registers, by running its script behind the bundle as the editor does. */
function definition(type: string): { name: string; def: Definition } {
  const script = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(htmlOf(type))?.[1] ?? "";
  const registered: { name: string; def: Definition }[] = [];
  const nodes = { registerType: (name: string, def: Definition) => registered.push({ name, def }) };
  const window: { cemm?: unknown } = {};
  const $ = () => ({ appendTo: () => {} });
  const context = vm.createContext({
    window,
    $,
    RED: { nodes, settings: {}, events: { on: () => {} }, hooks: { add: () => {} } },
  });
  vm.runInContext(read(root, "resources/cemm-editor.js"), context);
  vm.runInContext(script, Object.assign(context, { cemm: window.cemm }));
  const [only] = registered;
  assert(only && registered.length === 1);
  return only;
}

interface UsedKeys {
  whole: Set<string>;
  /** Of those that are put together: `preview.${unit}Later`. */
  patterns: RegExp[];
}

const SHARED = "cemm-device";
/** Any text in the sources that may be a key, or what a key is put together from. */
const LITERAL = /["`]([\w-]+(?:\.(?:[\w-]|\$\{[^}]*\})+)*)["`]/g;
/** Texts whose names only the run time knows, by the part of the catalogue that holds them. */
const BY_NAME = /\btextAt\("(\w+)"|\bt\(`(\w+)\.\$\{/g;

/** The keys that the sources name. What is missing does not compile: here it is those that nothing uses. */
function usedKeys(type: string): UsedKeys {
  const own = [...htmlOf(type).matchAll(/data-i18n="(?:\[\w+\])?([^":]+)"/g)].map(([, key = ""]) => key);
  const texts = [...own, "label.palette", ...(hasPalette(type) ? ["palette.label.CEMM"] : [])];
  if (type === SHARED) texts.push(...sharedKeys());
  if (type === "cemm-trigger") texts.push(...triggerKeys());
  return {
    whole: new Set(texts.filter((text) => !text.includes("${"))),
    patterns: texts.filter((text) => text.includes("${")).map(toPattern),
  };
}

const hasPalette = (type: string): boolean => definition(type).def.category === "CEMM";

function sharedKeys(): string[] {
  const html = TYPES.map(htmlOf).join();
  const named = [...html.matchAll(/cemm\/cemm-device:([\w.-]+)"/g)].map(([, key = ""]) => key);
  const keys = catalogue(ENGLISH, SHARED);
  const parts = scripts().flatMap((text) => [...text.matchAll(BY_NAME)].map(([, asked, put]) => asked ?? put ?? ""));
  const status = [...read(nodes, "shared/status.ts").matchAll(/\$\{CATALOGUE\}\.(\w+|\$\{)/g)].map(
    ([, key]) => `status.${key}`,
  );
  const byName = [...keys.keys()].filter((key) => parts.includes(key.split(".")[0] ?? ""));
  return [...named, ...literalKeys(SHARED), ...byName, ...status];
}

/** The keys of a catalogue that the dialogs' sources hold, and what others are put together from. */
function literalKeys(type: string): string[] {
  const keys = catalogue(ENGLISH, type);
  const literals = scripts().flatMap((text) => [...text.matchAll(LITERAL)].map(([, key = ""]) => key));
  return literals.filter((key) => keys.has(key) || key.includes("${"));
}

/** What the node says of itself, and what its dialog says. */
function triggerKeys(): string[] {
  const source = read(nodes, "trigger/trigger-status.ts");
  const status = [...source.matchAll(/"(\w+)"(?= \||, time = )/g)].map(([, key]) => `status.${key}`);
  return [...status, ...literalKeys("cemm-trigger")];
}

function toPattern(text: string): RegExp {
  const parts = text.split(/\$\{[^}]*\}?/).map((part) => part.replaceAll(".", "\\."));
  return new RegExp(`^${parts.join("[\\w.-]*")}$`);
}

/** The dialogs' sources. */
function scripts(): string[] {
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  const isDialog = (file: string) => /^(editor|nodes\/\w+\/dialog)\b.*\.ts$/.test(file);
  return files.filter(isDialog).map((file) => read(root, "src", file));
}

describe("the catalogues", () => {
  for (const type of TYPES) {
    const english = catalogue(ENGLISH, type);

    for (const language of LANGUAGES) {
      const texts = catalogue(language, type);

      it(`of ${type} have the same keys in ${language} as in English`, () => {
        assert.deepEqual([...texts.keys()], [...english.keys()]);
      });

      it(`of ${type} take the same values in ${language} as in English`, () => {
        const values = (text = "") => text.match(/__\w+__/g)?.sort() ?? [];
        for (const [key, text] of english) assert.deepEqual(values(texts.get(key)), values(text), key);
      });

      it(`of ${type} hold no empty text in ${language}`, () => {
        for (const [key, text] of texts) assert(text.trim(), key);
      });
    }

    it(`of ${type} hold every key that is used, and no other`, () => {
      const { whole, patterns } = usedKeys(type);
      const keys = [...english.keys()];
      const missing = [...whole].filter((key) => !english.has(key));
      const unused = keys.filter((key) => !whole.has(key) && !patterns.some((pattern) => pattern.test(key)));
      assert.deepEqual({ missing, unused }, { missing: [], unused: [] });
    });
  }

  it("name every error code in the status and in the dialogs", () => {
    const codes = Object.keys(ERROR_POLICIES);
    assert(codes.length >= 13);
    const texts = catalogue(ENGLISH, "cemm-device");
    for (const code of codes) {
      for (const key of [`status.${code}`, `problem.${code}.what`, `problem.${code}.todo`]) assert(texts.has(key), key);
    }
  });
});

/** The channels that a help page describes. */
function channelsIn(help: string): { channel: string; unit: string | null; text: string }[] {
  const entry = /<dt><code>(\w+)<\/code>(?: <span class="property-type">([^<]+)<\/span>)?<\/dt>\n {2}<dd>(.*)<\/dd>/g;
  return [...help.matchAll(entry)].map(([, channel = "", unit = null, text = ""]) => ({ channel, unit, text }));
}

describe("the help", () => {
  for (const type of TYPES) {
    for (const language of LANGUAGES) {
      it(`of ${type} is there in ${language}, whole`, () => {
        const help = read(nodes, "locales", language, `${roomOf(type)}.html`);
        assert.match(help, new RegExp(`^<script type="text/html" data-help-name="${type}">\n<p>[^<]+</p>`));
        const opened = [...help.matchAll(/<([a-z]\w*)[^>]*>/g)].map(([, tag]) => tag);
        const closed = [...help.matchAll(/<\/([a-z]\w*)>/g)].map(([, tag]) => tag);
        assert.deepEqual(opened.sort(), closed.sort());
      });
    }

    it(`of ${type} shows the same in every language`, () => {
      const outline = (language: string) =>
        [...read(nodes, "locales", language, `${roomOf(type)}.html`).matchAll(/<(h3|dt|pre|li)\b/g)].map(
          ([, tag]) => tag,
        );
      for (const language of LANGUAGES) assert.deepEqual(outline(language), outline(ENGLISH), language);
    });
  }

  for (const [type, kinds] of [
    ["cemm-realtime", ["realtime"]],
    ["cemm-totals", ["totals"]],
    ["cemm-history", ["day", "month", "year"]],
  ] as const) {
    it(`of ${type} tells every channel that the node may send, with its unit and name`, () => {
      const known = [...CHANNELS].flatMap(([channel, rows]) => {
        const [row] = rows.filter((row) => kinds.some((kind) => row.kinds.includes(kind)));
        return row ? [{ channel, unit: row.unit, name: row.name }] : [];
      });
      for (const language of LANGUAGES) {
        const told = channelsIn(read(nodes, "locales", language, `${roomOf(type)}.html`));
        const units = (all: { channel: string; unit: string | null }[]) =>
          all.map(({ channel, unit }) => `${channel} ${unit}`).sort();
        assert.deepEqual(units(told), units(known), language);
        if (language !== ENGLISH) continue;
        for (const { channel, text } of told) {
          const name = known.find((each) => each.channel === channel)?.name ?? "";
          assert(text.startsWith(name), `${channel}: "${text}" for "${name}"`);
        }
      }
    });
  }

  for (const [type, formats] of [
    ["cemm-realtime", 5],
    ["cemm-totals", 5],
    ["cemm-history", 5],
    ["cemm-discover", 1],
  ] as const) {
    it(`of ${type} shows the payload of each format`, () => {
      assert.equal(read(nodes, "locales", ENGLISH, `${roomOf(type)}.html`).match(/<pre>/g)?.length, formats);
    });
  }
});

describe("the html", () => {
  for (const type of TYPES) {
    it(`of ${type} has the contract's properties with their defaults`, () => {
      const { name, def } = definition(type);
      assert.equal(name, type);
      const values = Object.entries(def.defaults).map(([key, { value }]) => [key, value]);
      assert.deepEqual(Object.fromEntries(values), DEFAULTS[type]);
    });

    it(`of ${type} has a labelled field for each property`, () => {
      const html = htmlOf(type);
      const { def } = definition(type);
      const prefix = def.category === "config" ? "node-config-input" : "node-input";
      const names = [...Object.keys(def.defaults), ...Object.keys(def.credentials ?? {})];
      for (const field of names) {
        assert.match(html, new RegExp(`id="${prefix}-${field}"`), field);
        if (field.endsWith("Type") || field === "outputs") continue;
        const labelled = new RegExp(`<label for="${prefix}-${field}">|<label[^>]*><input[^>]*id="${prefix}-${field}"`);
        assert.match(html, labelled, field);
      }
    });

    it(`of ${type} takes \${NAME} where it validates, and says what is wrong in words`, () => {
      // A validator with two parameters may answer in words.
      for (const { validate } of Object.values(definition(type).def.defaults)) {
        if (typeof validate === "function") assert.equal(validate.length, 2);
      }
    });
  }

  it("uses no colour but Node-RED's own", () => {
    const style = read(root, "src/editor/cemm-editor.css");
    assert.doesNotMatch(style, /#[0-9a-f]{3,8}\b|rgb|hsl|:\s*(white|black|red|green|blue|gr[ae]y)\b/i);
    for (const [, variable = ""] of style.matchAll(/var\((--[\w-]+)/g)) assert.match(variable, /^--red-ui-/);
  });

  it("sets no text as markup", () => {
    for (const text of scripts())
      assert.doesNotMatch(text, /\.html\(|innerHTML|insertAdjacentHTML|\.(append|prepend)\(\s*[`"']</);
  });
});
