/** Every route that the package adds to the admin API requires the permission to deploy, and JSON. */
import assert from "node:assert/strict";
import { z } from "zod";
import { Login, type NodeRed, startNodeRed } from "../../support/node-red.js";
import { nothingEscaped } from "../support/process-events.js";
import { rowsHold } from "../support/rows.js";
import { type AdminRoute, adminRoutes } from "./routes.js";

// The hash of "secret".
const password = "$2b$08$zzqUOjRoy16C91mW8NJof.Uw5AoVMnaAXRU26zLok/an/mVXCagXq";
/** Permissions that do not allow the dialogs' routes: only users who can deploy may read the environment. */
const UNAUTHORIZED: Record<string, string | string[]> = {
  reader: "read",
  flowReader: ["flows.read", "nodes.read"],
  onlyCemm: ["read", "cemm.write"],
  other: ["other.write"],
};
const ROUTES = adminRoutes();
const what = { what: "rows" };

const NOT_JSON: Record<string, { type: string; body: string }> = {
  "a plain form": { type: "application/x-www-form-urlencoded", body: "host=127.0.0.1" },
  "plain text": { type: "text/plain", body: '{"host":"127.0.0.1"}' },
  "a multipart form": { type: "multipart/form-data; boundary=x", body: "--x--" },
  "a list": { type: "application/json", body: "[]" },
  "broken JSON": { type: "application/json", body: '{"host":' },
};

describe("the admin API", () => {
  let nodeRed: NodeRed;
  const tokens = new Map<string, string>();

  before(async function () {
    this.timeout(60_000);
    const unauthorized = Object.entries(UNAUTHORIZED).map(([username, permissions]) => ({
      username,
      password,
      permissions,
    }));
    const users = [{ username: "editor", password, permissions: "*" }, ...unauthorized];
    const login = { username: "editor", password: "secret" };
    nodeRed = await startNodeRed({ settings: { adminAuth: { type: "credentials", users } }, login });
    for (const { username } of users) tokens.set(username, await tokenOf(nodeRed, username));
  });
  after(() => nodeRed?.stop());

  const ask = (route: AdminRoute, token: string | undefined, type = "application/json", body = "{}") =>
    fetch(new URL(route.path.slice(1), nodeRed.adminUrl), {
      method: route.method.toUpperCase(),
      headers: { "content-type": type, ...(token && { authorization: `Bearer ${token}` }) },
      ...(route.method !== "get" && { body }),
    });

  rowsHold(
    [{ it: "all routes are below /cemm/ and require a permission" }],
    async () => {
      assert.ok(ROUTES.length > 0);
      for (const { path, permission } of ROUTES) assert.ok(path.startsWith("/cemm/") && permission, path);
    },
    what,
  );

  const REFUSED = ROUTES.flatMap((route) => [
    { it: `${route.path}: 401 without a login`, route, who: undefined },
    { it: `${route.path}: 401 with a made-up login`, route, who: "nobody" },
    ...Object.keys(UNAUTHORIZED).map((who) => ({ it: `${route.path}: 401 or 403 to ${who}`, route, who })),
  ]);
  rowsHold(
    REFUSED,
    async ({ route, who }) => {
      const response = await ask(route, who && (tokens.get(who) ?? "made-up"));
      await response.text();
      const allowed = who && tokens.has(who) ? [401, 403] : [401];
      assert.ok(allowed.includes(response.status), `${response.status}`);
    },
    { ...what, atOnce: 1 },
  );

  const NO_JSON = ROUTES.filter(({ method }) => method !== "get").flatMap((route) =>
    Object.entries(NOT_JSON).map(([name, sent]) => ({ it: `${route.path}: refuses ${name}`, route, ...sent })),
  );
  rowsHold(
    NO_JSON,
    async ({ route, type, body }) => {
      const response = await ask(route, tokens.get("editor"), type, body);
      await response.text();
      assert.equal(response.status, 400);
    },
    { ...what, atOnce: 1 },
  );

  rowsHold(
    ROUTES.map((route) => ({ it: `${route.path}: answers with JSON only`, route })),
    async ({ route }) => {
      const response = await ask(route, tokens.get("editor"), "application/json", '{"broadcast":"127.0.0.1","port":9}');
      assert.ok(response.status < 500 && ![401, 403, 404].includes(response.status), `${response.status}`);
      assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
      assert.ok(z.looseObject({}).safeParse(await response.json()).success);
    },
    { ...what, atOnce: 1 },
  );
});

async function tokenOf(nodeRed: NodeRed, username: string): Promise<string> {
  const body = { client_id: "node-red-admin", grant_type: "password", scope: "", username, password: "secret" };
  const response = await nodeRed.admin("auth/token", { method: "POST", body });
  return Login.parse(await response.json()).access_token;
}

nothingEscaped();
