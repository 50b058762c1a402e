/** The account of a dialog's form, as typed, with its typed or stored key. */
import type { NodeAPI } from "node-red";
import { CemmAccount, DEFAULT_BASE_URL, LIMITS } from "../../lib/internal.js";
import { checkVariables, isAccountNode } from "../shared/config-nodes.js";
import { AdminError, type Form } from "./form.js";

/** The placeholder of a stored password in a form: the key itself never leaves the runtime. */
const PLACEHOLDER = "__PWRD__";

/** Opened for one request; the caller closes it. @throws CemmError `CEMM_CONFIG`, AdminError */
export function openAccount(RED: NodeAPI, form: Form): CemmAccount {
  const [name, baseUrl, typedKey] = [form.text("name"), form.text("baseUrl"), form.text("apiKey")];
  checkVariables([baseUrl, form.text("concurrency")], `The account "${name}"`);
  const apiKey = typedKey === PLACEHOLDER ? storedKey(RED, form.text("id"), baseUrl) : typedKey;
  const concurrency = Number(form.text("concurrency") || LIMITS.concurrency.default);
  return new CemmAccount({ apiKey, baseUrl, concurrency, name });
}

/** The deployed key, only for the server it was deployed for: otherwise anyone who can edit could send it anywhere. */
function storedKey(RED: NodeAPI, id: string, baseUrl: string): string {
  const node = RED.nodes.getNode(id);
  const key = isAccountNode(node) ? node.credentials?.apiKey : undefined;
  if (!isAccountNode(node) || typeof key !== "string") return "";
  if (originOf(baseUrl) === originOf(node.baseUrl)) return key;
  throw new AdminError("CEMM_KEY_AGAIN", "Enter the key again: the stored one goes to its own base address only.", 422);
}

function originOf(url: string): string | undefined {
  const address = url || DEFAULT_BASE_URL;
  return URL.canParse(address) ? new URL(address).origin : undefined;
}
