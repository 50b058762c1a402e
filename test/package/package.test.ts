/** The built package in a real Node-RED: what the palette, the editor and a flow get from it. Needs `npm run build`. */
import assert from "node:assert/strict";
import { z } from "zod";
import { fixtureText } from "../support/fixtures.js";
import { ENGLISH, LANGUAGES } from "../support/languages.js";
import { type NodeRed, startNodeRed } from "../support/node-red.js";
import { type Definition, definitionsIn } from "../support/node-red-definition.js";
import { nodeRedVersion } from "../support/node-red-path.js";
import { PACKAGE_NODES } from "../support/package-nodes.js";
import { testbed } from "../support/server.js";
import { body } from "../support/server-answers.js";

const PACKAGE = "node-red-contrib-cemm";

const NodeSets = z.array(
  z.object({ module: z.string(), types: z.array(z.string()), enabled: z.boolean(), err: z.unknown().optional() }),
);
const Settings = z.object({ version: z.string() });
const Catalogues = z.record(z.string(), z.unknown());
const Icons = z.record(z.string(), z.array(z.string()));
const Live = z.object({
  payload: z.object({ electric_power: z.unknown() }),
  cemm: z.object({ device: z.unknown(), source: z.unknown() }),
});

const FLOW_NODE = { name: "", topic: "" };
/** Properties of a node that asks a CEMM. */
const ASKING = { ...FLOW_NODE, device: "", alias: "p1", aliasType: "str", target: "", targetType: "str" };

/** The properties and defaults of each node, as in the contract. */
const contract: Record<string, Record<string, unknown>> = {
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
    ...FLOW_NODE,
    source: "lan",
    account: "",
    timeout: 5,
    broadcast: "",
    port: 9777,
    details: false,
    deliver: "one",
  },
  "cemm-realtime": {
    ...ASKING,
    format: "values",
    channel: "",
    split: false,
    repeat: 10,
    availability: false,
    onlyChanges: false,
    deadBand: 0,
    decimals: "",
    outputs: 1,
  },
  "cemm-history": {
    ...ASKING,
    period: "day",
    periodType: "str",
    time: "",
    timeType: "now",
    to: "",
    toType: "none",
    format: "series",
    deliver: "one",
  },
  "cemm-totals": { ...ASKING, time: "", timeType: "now", format: "values", channel: "", split: false },
  "cemm-trigger": {
    channel: "electric_power",
    measure: "average",
    window: 600,
    direction: "below",
    on: "-1300",
    onType: "num",
    onDelay: 300,
    minOn: 2700,
    off: 1300,
    offType: "num",
    offDelay: 900,
    minOff: 1800,
    lost: "off",
    lostAfter: 120,
    onPayload: "true",
    onPayloadType: "bool",
    offPayload: "false",
    offPayloadType: "bool",
    ...FLOW_NODE,
  },
  "cemm-page": { device: "", path: "/energy", repeat: 10, meters: [], tariff: { kind: "none" }, name: "" },
};
/** Properties with more than one field: what the dialog labels instead. */
const GROUPS: Readonly<Record<string, string>> = {
  meters: 'aria-labelledby="cemm-meters-label"',
  tariff: '<label for="cemm-tariff-kind">',
};
const types = Object.keys(PACKAGE_NODES);
const configTypes = ["cemm-account", "cemm-device"];

describe(`the built package in Node-RED ${nodeRedVersion}`, () => {
  const bed = testbed();
  let nodeRed: NodeRed;
  const html = new Map<string, string>();
  const definitions = new Map<string, Definition>();

  before(async function () {
    this.timeout(40_000);
    nodeRed = await startNodeRed();
    for (const type of types) {
      const page = await editorHtml(type, ENGLISH);
      html.set(type, page);
      for (const [name, definition] of definitionsIn(page)) definitions.set(name, definition);
    }
  });
  after(() => nodeRed?.stop());

  async function editorHtml(type: string, language: string): Promise<string> {
    const headers = { accept: "text/html", "accept-language": language };
    return (await nodeRed.admin(`nodes/${PACKAGE}/${type}`, { headers })).text();
  }

  async function json<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const response = await nodeRed.admin(path, { headers: { accept: "application/json" } });
    assert.equal(response.status, 200, path);
    return schema.parse(await response.json());
  }

  it("runs in the requested version", async () => {
    const { version } = await json("settings", Settings);
    // It reports 4.1.15-git if it finds a .git folder above it.
    assert.equal(version.replace("-git", ""), nodeRedVersion);
  });

  it("registers exactly the types in package.json, enabled and without an error", async () => {
    const sets = await json("nodes", NodeSets);
    const own = sets.filter(({ module }) => module === PACKAGE);
    assert.deepEqual(own.map(({ types }) => types.join()).sort(), [...types].sort());
    for (const { enabled, err } of own) assert.deepEqual({ enabled, err }, { enabled: true, err: undefined });
  });

  it("puts the flow nodes into the category CEMM, and the others among the config nodes", () => {
    for (const type of types) {
      assert.equal(definitions.get(type)?.category, configTypes.includes(type) ? "config" : "CEMM", type);
    }
  });

  for (const type of types) {
    it(`${type}: its dialog has exactly the contract's properties and defaults`, () => {
      const defaults = Object.entries(definitions.get(type)?.defaults ?? {});
      const values = Object.fromEntries(defaults.map(([name, { value }]) => [name, looseNumber(value)]));
      assert.deepEqual(plain(values), contract[type]);
    });

    it(`${type}: its dialog has a labelled field for each property`, () => {
      const { category, defaults, credentials } = definitions.get(type) ?? assert.fail();
      const prefix = category === "config" ? "node-config-input" : "node-input";
      for (const name of [...Object.keys(defaults), ...Object.keys(credentials ?? {})]) {
        const group = type === "cemm-page" ? GROUPS[name] : undefined;
        if (group) {
          assert.ok(html.get(type)?.includes(group), name);
          continue;
        }
        const field = `id="${prefix}-${name}"`;
        assert.ok(html.get(type)?.includes(field), name);
        if (name.endsWith("Type") || name === "outputs") continue;
        const labelled = new RegExp(`<label for="${prefix}-${name}">|<label[^>]*><input[^>]*${field}`);
        assert.match(html.get(type) ?? "", labelled, name);
      }
    });

    it(`${type}: it has a form, and help in every language`, async () => {
      assert.ok(html.get(type)?.includes(`data-template-name="${type}"`));
      for (const language of LANGUAGES) {
        assert.ok((await editorHtml(type, language)).includes(`data-help-name="${type}"`), language);
      }
    });

    it(`${type}: every text of its form is in the catalogue of every language`, async () => {
      for (const language of LANGUAGES) {
        const catalogues = await json(`nodes/messages?lng=${language}`, Catalogues);
        const keys = textKeys(html.get(type) ?? "");
        assert.ok(keys.length >= 2, `it has only ${keys.length} texts`);
        const missing = keys.filter((key) => !hasText(catalogues, type, key));
        assert.deepEqual(missing, [], language);
      }
    });
  }

  it("keeps an account's key as a password credential", () => {
    assert.equal(definitions.get("cemm-account")?.credentials?.apiKey?.type, "password");
  });

  it("declares its config nodes to the editor", () => {
    assert.equal(definitions.get("cemm-device")?.defaults.account?.type, "cemm-account");
    assert.equal(definitions.get("cemm-discover")?.defaults.account?.type, "cemm-account");
    for (const type of ["cemm-realtime", "cemm-history", "cemm-totals"]) {
      assert.equal(definitions.get(type)?.defaults.device?.type, "cemm-device", type);
    }
  });

  // Which one a node shows depends on its meter, so the test looks for the names in the source.
  it("serves every icon that a flow node can show", async () => {
    const icons = await json("icons", Icons);
    const script = await (await nodeRed.admin(`resources/${PACKAGE}/cemm-editor.js`)).text();
    const text = [script, ...html.values()].join("");
    const named = [...text.matchAll(/["'`]([\w-]+\.svg)["'`]/g)].map(([, name = ""]) => name);
    for (const type of types.filter((each) => !configTypes.includes(each)))
      assert.ok(named.includes(`${type}.svg`), type);
    for (const name of named) {
      assert.ok(icons[PACKAGE]?.includes(name), name);
      assert.equal((await nodeRed.admin(`icons/${PACKAGE}/${name}`)).status, 200, name);
    }
  });

  it("serves every file that a dialog loads", async () => {
    const paths = [...[...html.values()].join("").matchAll(/(?:src|href)="(resources\/[^"]+)"/g)];
    assert.ok(paths.length >= 1);
    for (const [, path = ""] of paths) assert.equal((await nodeRed.admin(path)).status, 200, path);
  });

  it("shows live values of a CEMM on the LAN in the debug sidebar", async () => {
    const { host } = await bed.serve(body(fixtureText("lan/realtime-p1-with-totals")));
    await nodeRed.deploy([
      { id: "tab", type: "tab", label: "live" },
      { id: "cemm", type: "cemm-device", ...contract["cemm-device"], name: "home", host },
      { id: "in", type: "inject", z: "tab", props: [], wires: [["live"]] },
      { id: "live", type: "cemm-realtime", ...contract["cemm-realtime"], z: "tab", device: "cemm", wires: [["out"]] },
      { id: "out", type: "debug", z: "tab", active: true, tosidebar: true, complete: "true", wires: [] },
    ]);
    await nodeRed.inject("in");
    const { value } = await nodeRed.debug.next(({ id }) => id === "out");
    const { payload, cemm } = Live.parse(value);
    assert.deepEqual([payload.electric_power, cemm], [-4.5, { device: "home", source: "lan" }]);
    await nodeRed.statuses.next(({ id, text }) => id === "live" && text?.startsWith("-4.5 W") === true);
  });
});

/** A form stores numbers as text, so "30" and 30 are the same default. */
function looseNumber(value: unknown): unknown {
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
}

/** Objects of another vm context have other prototypes. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

/** `data-i18n="[title]a.b;[placeholder]a.c"` -> a.b, a.c; without those of Node-RED's own catalogues. */
function textKeys(html: string): string[] {
  const attributes = [...html.matchAll(/data-i18n="([^"]+)"/g)].map(([, keys]) => keys ?? "");
  const keys = attributes.flatMap((each) => each.split(";")).map((key) => key.replace(/^\[\w+\]/, ""));
  return keys.filter((key) => key !== "" && !key.startsWith("node-red:"));
}

/** A key belongs to the node's own catalogue, or names another one: `node-red-contrib-cemm/cemm-device:status.asking`. */
function hasText(catalogues: z.infer<typeof Catalogues>, type: string, key: string): boolean {
  const [path = "", set = `${PACKAGE}/${type}`] = key.split(":").reverse();
  let found: unknown = catalogues[set];
  for (const step of path.split(".")) {
    found = typeof found === "object" && found !== null ? Reflect.get(found, step) : undefined;
  }
  return typeof found === "string";
}
