import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runInNewContext } from "node:vm";
import { CHANNELS } from "../../src/lib/data/channel-table.js";
import { ERROR_POLICIES } from "../../src/lib/errors.js";
import { PRESETS } from "../../src/lib/trigger/presets-table.js";
import { HISTORY_FORMATS, READING_FORMATS } from "../../src/nodes/shared/formats.js";
import { ENGLISH, LANGUAGES } from "../support/languages.js";
import { folderOf, PACKAGE_NODES } from "../support/package-nodes.js";

const root = resolve(__dirname, "../..");
const nodes = join(root, "src/nodes");

const TYPES = Object.keys(PACKAGE_NODES);

const read = (...path: string[]): string => readFileSync(join(...path), "utf8");

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
  collect(JSON.parse(read(nodes, "locales", language, `${folderOf(type)}.json`)), "");
  return keys;
}

describe("catalogues", () => {
  for (const type of TYPES) {
    const english = catalogue(ENGLISH, type);

    for (const language of LANGUAGES) {
      const texts = catalogue(language, type);

      it(`of ${type} have the same keys in ${language} as in English`, () => {
        assert.deepEqual([...texts.keys()], [...english.keys()]);
      });

      it(`of ${type} use the same placeholders in ${language} as in English`, () => {
        const values = (text = "") => text.match(/__\w+__/g)?.sort() ?? [];
        for (const [key, text] of english) assert.deepEqual(values(texts.get(key)), values(text), key);
      });

      it(`of ${type} have no empty text in ${language}`, () => {
        for (const [key, text] of texts) assert(text.trim(), key);
      });
    }
  }

  it("have texts for every error code, for statuses and dialogs", () => {
    const codes = Object.keys(ERROR_POLICIES);
    assert(codes.length >= 13);
    const texts = catalogue(ENGLISH, "cemm-device");
    for (const code of codes) {
      for (const key of [`status.${code}`, `problem.${code}.what`, `problem.${code}.todo`]) assert(texts.has(key), key);
    }
  });
});

/** The channels listed in a help page. */
function channelsIn(help: string): { channel: string; unit: string | null; text: string }[] {
  const entry = /<dt><code>(\w+)<\/code>(?: <span class="property-type">([^<]+)<\/span>)?<\/dt>\n {2}<dd>(.*)<\/dd>/g;
  return [...help.matchAll(entry)].map(([, channel = "", unit = null, text = ""]) => ({ channel, unit, text }));
}

/** The built help, with the shared passages filled in. */
function helpOf(type: string, language: string): string {
  const name = folderOf(type);
  return read(root, "dist/nodes", name, "locales", language, `${name}.html`);
}

describe("the help", () => {
  for (const type of TYPES) {
    for (const language of LANGUAGES) {
      it(`of ${type} exists in ${language}, with every tag closed`, () => {
        const help = helpOf(type, language);
        assert.match(help, new RegExp(`^<script type="text/html" data-help-name="${type}">\n<p>[^<]+</p>`));
        const opened = [...help.matchAll(/<([a-z]\w*)[^>]*>/g)].map(([, tag]) => tag);
        const closed = [...help.matchAll(/<\/([a-z]\w*)>/g)].map(([, tag]) => tag);
        assert.deepEqual(opened.sort(), closed.sort());
      });
    }

    it(`of ${type} has the same structure in every language`, () => {
      const outline = (language: string) =>
        [...helpOf(type, language).matchAll(/<(h3|dt|pre|li)\b/g)].map(([, tag]) => tag);
      for (const language of LANGUAGES) assert.deepEqual(outline(language), outline(ENGLISH), language);
    });
  }

  for (const [type, kinds] of [
    ["cemm-realtime", ["realtime"]],
    ["cemm-totals", ["totals"]],
    ["cemm-history", ["day", "month", "year"]],
  ] as const) {
    it(`of ${type} lists every channel that the node may send, with its unit and name`, () => {
      const known = [...CHANNELS].flatMap(([channel, rows]) => {
        const [row] = rows.filter((row) => kinds.some((kind) => row.kinds.includes(kind)));
        return row ? [{ channel, unit: row.unit, name: row.name }] : [];
      });
      for (const language of LANGUAGES) {
        const described = channelsIn(helpOf(type, language));
        const units = (all: { channel: string; unit: string | null }[]) =>
          all.map(({ channel, unit }) => `${channel} ${unit}`).sort();
        assert.deepEqual(units(described), units(known), language);
        if (language !== ENGLISH) continue;
        for (const { channel, text } of described) {
          const name = known.find((each) => each.channel === channel)?.name ?? "";
          assert(text.startsWith(name), `${channel}: "${text}" for "${name}"`);
        }
      }
    });
  }

  for (const language of LANGUAGES) {
    it(`of cemm-trigger uses the preset buttons' names in ${language}`, () => {
      const texts = catalogue(language, "cemm-trigger");
      const help = read(nodes, "locales", language, "trigger.html");
      const [, row = ""] = new RegExp(`<dt>${texts.get("label.preset")}</dt>\\n {2}<dd>(.*)</dd>`).exec(help) ?? [];
      assert.deepEqual(
        [...row.matchAll(/<i>(.*?)<\/i>/g)].map(([, name]) => name),
        PRESETS.map(({ name }) => texts.get(`preset.${name}.name`)),
      );
    });
  }

  for (const [type, formats] of [
    ["cemm-realtime", READING_FORMATS.size],
    ["cemm-totals", READING_FORMATS.size],
    ["cemm-history", HISTORY_FORMATS.size],
    ["cemm-discover", 1],
  ] as const) {
    it(`of ${type} shows the payload of each format`, () => {
      assert.equal(helpOf(type, ENGLISH).match(/<pre class="cemm-code">/g)?.length, formats);
    });
  }

  for (const language of LANGUAGES) {
    it(`of cemm-history has a working function for the old dashboard's chart in ${language}`, () => {
      const [, code = ""] =
        /<pre class="cemm-code">(msg\.payload = .*?)<\/pre>/s.exec(helpOf("cemm-history", language)) ?? [];
      const [sample, later] = [
        { time: 1000, value: 5 },
        { time: 2000, value: null },
      ];
      const msg = { payload: { electric_power: [sample, later], gas: [sample] } };
      const made = runInNewContext(`((msg) => { ${code.replaceAll("&gt;", ">")} })(msg)`, { msg });
      // The old dashboard's format of a line chart: the series' names, and x and y of each point.
      assert.deepEqual(JSON.parse(JSON.stringify(made.payload)), [
        {
          labels: [""],
          series: ["electric_power", "gas"],
          data: [
            [
              { x: 1000, y: 5 },
              { x: 2000, y: null },
            ],
            [{ x: 1000, y: 5 }],
          ],
        },
      ]);
    });
  }
});
