/** The key must not be in what a real Node-RED logs, shows, sends, answers or writes while everything fails. */
import assert from "node:assert/strict";
import { z } from "zod";
import { type Credentials, type FlowNode, type NodeRed, startNodeRed } from "../../support/node-red.js";
import { eventually, UID } from "../../support/server.js";
import { adminRoutes } from "../admin/routes.js";
import { type RawServer, rawServer } from "../faults/raw-server.js";
import { FAULTS } from "../faults/table.js";
import { nothingEscaped } from "../support/process-events.js";
import { rowsHold } from "../support/rows.js";
import { ECHOES } from "./echo.js";
import { FAKE_KEY, filesBelow, shownIn } from "./fake-key.js";

const ROWS = [...FAULTS.filter(({ outcomes, replies }) => outcomes.cloud?.code && replies.length > 0), ...ECHOES];
const DIALOG_ROUTES = adminRoutes().map(({ path }) => path.replace("/cemm/", ""));
const VARIABLE = "CEMM_FAKE_KEY";

describe("the key in Node-RED", () => {
  const servers: RawServer[] = [];
  const said = new Map<string, string>();
  let nodeRed: NodeRed;

  before(async function () {
    this.timeout(120_000);
    process.env[VARIABLE] = FAKE_KEY;
    for (const { replies } of ROWS) servers.push(await rawServer({ replies }));
    nodeRed = await startNodeRed({ flows: flow(servers), credentials: credentials(), settings: { logging } });
    await nodeRed.inject("go");
    await eventually(() => servers.every(({ questions }) => questions.length > 0), "every server was asked", 30);
    await adminAnswers(nodeRed, servers, said);
    const hasFailed = (n: number) => nodeRed.statuses.all.some(({ id, fill }) => id === `node-${n}` && fill === "red");
    await eventually(() => servers.every((_, n) => hasFailed(n)), "every node shows its error", 30);
    said.set("the log", nodeRed.log());
    said.set("debug messages", JSON.stringify(nodeRed.debug.all));
    said.set("the statuses", JSON.stringify(nodeRed.statuses.all));
    said.set("the files", filesBelow(nodeRed.userDir, ["flows_cred.json"]).join("\n"));
    said.set("the files, including the encrypted credentials", filesBelow(nodeRed.userDir, []).join("\n"));
  });
  after(async () => {
    delete process.env[VARIABLE];
    await nodeRed?.stop();
    for (const server of servers) await server.close();
  });

  const PLACES = [
    "the log",
    "debug messages",
    "the statuses",
    "the files",
    "the files, including the encrypted credentials",
    "the admin API",
    ...DIALOG_ROUTES.map((route) => `/cemm/${route}`),
  ];
  rowsHold(
    PLACES.map((place) => ({ it: `is not in ${place}`, place })),
    async ({ place }) => {
      const text = said.get(place);
      assert.ok(text !== undefined && text.length > 0, "it is not empty");
      assert.deepEqual(shownIn(text), []);
    },
    { what: "places without the key" },
  );

  rowsHold(
    [{ it: "was used: errors were caught, logged and shown" }],
    async () => {
      assert.ok((said.get("the log")?.match(/\[error\]/g)?.length ?? 0) > 20);
      assert.ok(nodeRed.debug.all.length > 20);
      assert.ok(nodeRed.statuses.all.length > 20);
      assert.doesNotMatch(nodeRed.log(), /uncaught|unhandled/i);
    },
    { what: "places without the key" },
  );
});

const logging = { console: { level: "trace", metrics: false, audit: true } };

/** One account, CEMM and node for each server. A catch node sees the first half's errors, the log the others'. */
function flow(servers: readonly RawServer[]): FlowNode[] {
  const half = servers.length / 2;
  const caught = servers.flatMap((_, n) => (n < half ? [`node-${n}`] : []));
  const at = { z: "tab", x: 0, y: 0 };
  return [
    { id: "tab", type: "tab", label: "secrets" },
    {
      ...at,
      id: "go",
      type: "inject",
      props: [],
      repeat: "",
      once: false,
      wires: [servers.map((_, n) => `node-${n}`)],
    },
    { ...at, id: "catch", type: "catch", scope: caught, wires: [["show"]] },
    {
      ...at,
      id: "show",
      type: "debug",
      active: true,
      tosidebar: true,
      complete: "true",
      targetType: "full",
      wires: [],
    },
    ...servers.flatMap(({ host }, n) => [
      { id: `account-${n}`, type: "cemm-account", name: `account ${n}`, baseUrl: `http://${host}/v1/` },
      { id: `device-${n}`, type: "cemm-device", access: "cloud", uid: UID, account: `account-${n}`, timeout: 2 },
      { ...at, id: `node-${n}`, type: "cemm-realtime", device: `device-${n}`, alias: "p1", wires: [["show"]] },
    ]),
  ];
}

function credentials(): Credentials {
  // Every third one from the environment.
  const apiKey = (n: number) => (n % 3 ? FAKE_KEY : ["$", `{${VARIABLE}}`].join(""));
  return Object.fromEntries(ROWS.map((_, n) => [`account-${n}`, { apiKey: apiKey(n) }]));
}

/** What the admin API answers to every request of the dialogs. */
async function adminAnswers(nodeRed: NodeRed, servers: readonly RawServer[], said: Map<string, string>): Promise<void> {
  const own = ["flows", "nodes", "settings", "diagnostics", "credentials/cemm-account/account-1", "context/global"];
  const answers = await Promise.all(own.map(async (path) => (await nodeRed.admin(path)).text()));
  said.set("the admin API", answers.join("\n"));
  const accounts = servers.map(({ host }, n) => ({ id: `account-${n}`, baseUrl: `http://${host}/v1/` })).slice(-16);
  for (const route of DIALOG_ROUTES) said.set(`/cemm/${route}`, await dialogAnswers(nodeRed, route, accounts));
}

/** With the key as typed, from the environment, and as stored. */
async function dialogAnswers(nodeRed: NodeRed, route: string, accounts: readonly object[]): Promise<string> {
  const keys = [FAKE_KEY, ["$", `{${VARIABLE}}`].join(""), "__PWRD__"];
  const all = accounts.flatMap((account) => keys.map((apiKey) => ({ ...account, apiKey })));
  const answers: string[] = [];
  for (const account of route === "search" ? all.slice(0, 2) : all) {
    const device = { access: "cloud", uid: UID, timeout: 1, account };
    const rule = { measure: "value", direction: "above", on: 1, off: 0, meter: { alias: "p1", device } };
    const form = { ...account, ...device, ...rule, broadcast: "127.0.0.1", port: 9 };
    answers.push(await asked(nodeRed, route, form));
  }
  return answers.join("\n");
}

async function asked(nodeRed: NodeRed, route: string, body: object): Promise<string> {
  const response = await nodeRed.admin(`cemm/${route}`, { method: "POST", body });
  const text = await response.text();
  assert.ok(z.looseObject({}).safeParse(JSON.parse(text)).success, "JSON only");
  return `${JSON.stringify([...response.headers])}\n${text}`;
}

nothingEscaped();
