/** The client that the device dialog's fields describe, as typed. */
import type { NodeAPI } from "node-red";
import { CemmClient, type CemmClientOptions, checkAccess, LIMITS, type RouteName } from "../../lib/index.js";
import { checkVariables } from "../shared/config-nodes.js";
import { deployedAccount } from "./accounts.js";
import type { Form } from "./form.js";

/** In seconds. */
const MAX_TIMEOUT = 20;

/** The routes that the chosen access uses, the preferred one first. @throws CemmError `CEMM_CONFIG` */
export function routesOf(form: Form): [RouteName, ...RouteName[]] {
  const access = checkAccess(form("access") || "lan", "The CEMM");
  return access === "auto" ? ["lan", "cloud"] : [access];
}

/** `use` with a client that takes this route only, and is closed afterwards. */
export async function withClient<T>(
  RED: NodeAPI,
  form: Form,
  route: RouteName,
  use: (client: CemmClient) => Promise<T>,
): Promise<T> {
  const client = new CemmClient(optionsOf(RED, form, route));
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

function optionsOf(RED: NodeAPI, form: Form, route: RouteName): CemmClientOptions {
  checkVariables(["host", "uid", "timezone", "timeout"].map(form), "The CEMM");
  const timeout = Math.min(Number(form("timeout") || LIMITS.timeout.usual), MAX_TIMEOUT);
  const common = { access: route, uid: form("uid"), name: form("name"), timezone: form("timezone"), timeout };
  if (route === "lan") return { ...common, host: form("host") };
  return { ...common, account: deployedAccount(RED, form("account")) };
}
