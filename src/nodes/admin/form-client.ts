/** A client for the device dialog's fields, as typed. */
import type { NodeAPI } from "node-red";
import { type CemmAccount, CemmClient, CemmError, checkAccess, LIMITS, type RouteName } from "../../lib/internal.js";
import { checkVariables } from "../shared/config-nodes.js";
import { openAccount } from "./accounts.js";
import { throughCloud } from "./cloud-problem.js";
import type { Form } from "./form.js";

/** In seconds. */
const MAX_TIMEOUT = 20;

/** The routes of the chosen access, the preferred one first. @throws CemmError `CEMM_CONFIG` */
export function routesOf(form: Form): [RouteName, ...RouteName[]] {
  const access = checkAccess(form.text("access") || "lan", "The CEMM");
  return access === "auto" ? ["lan", "cloud"] : [access];
}

/** Calls `use` with a client for this route only; closes the client and its account afterwards. */
export async function withClient<T>(
  RED: NodeAPI,
  form: Form,
  route: RouteName,
  use: (client: CemmClient, account: CemmAccount | undefined) => Promise<T>,
): Promise<T> {
  const account = route === "cloud" ? accountIn(RED, form) : undefined;
  try {
    const client = openClient(form, route, account);
    const answer = use(client, account).finally(() => client.close());
    return await (account ? throughCloud(answer) : answer);
  } finally {
    await account?.close();
  }
}

function accountIn(RED: NodeAPI, form: Form): CemmAccount {
  const account = form.part("account");
  if (account.text("id")) return openAccount(RED, account);
  throw new CemmError("CEMM_CONFIG", "The CEMM has no account. Choose one.");
}

function openClient(form: Form, access: RouteName, account: CemmAccount | undefined): CemmClient {
  const [name, host, uid, timezone] = ["name", "host", "uid", "timezone"].map((field) => form.text(field));
  checkVariables([host, uid, timezone, form.text("timeout")], "The CEMM");
  const timeout = Math.min(Number(form.text("timeout") || LIMITS.timeout.default), MAX_TIMEOUT);
  return new CemmClient({ access, host: access === "lan" ? host : "", uid, account, timezone, timeout, name });
}
