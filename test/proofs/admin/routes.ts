/** The routes that the built package adds to Node-RED's admin API, with the permission that each requires. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const ROOT = join(__dirname, "../../..");
const METHODS = ["get", "post", "put", "delete", "patch", "all", "use"] as const;

const Manifest = z.object({ "node-red": z.object({ nodes: z.record(z.string(), z.string()) }) });
const NodeModule = z.object({ default: z.custom<(RED: unknown) => void>((value) => typeof value === "function") });

export interface AdminRoute {
  method: string;
  path: string;
  /** Undefined: none required. */
  permission: string | undefined;
}

export function adminRoutes(): AdminRoute[] {
  const { nodes } = Manifest.parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")))["node-red"];
  const routes: AdminRoute[] = [];
  for (const file of Object.values(nodes)) NodeModule.parse(require(join(ROOT, file))).default(recorder(routes));
  return routes;
}

/** The part of RED that a node needs to register itself. */
function recorder(routes: AdminRoute[]) {
  const permissions = new Map<unknown, string>();
  const record = (method: string) => [
    method,
    (path: string, ...handlers: unknown[]) => {
      const permission = handlers.map((handler) => permissions.get(handler)).find((each) => each !== undefined);
      routes.push({ method, path, permission });
    },
  ];
  const needsPermission = (permission: string) => {
    const middleware = () => {};
    permissions.set(middleware, permission);
    return middleware;
  };
  return {
    httpAdmin: Object.fromEntries(METHODS.map(record)),
    httpNode: { use: () => {} },
    auth: { needsPermission },
    nodes: { registerType: () => {}, createNode: () => {} },
    log: { info: () => {}, warn: () => {} },
    events: { on: () => {} },
    settings: {},
  };
}
