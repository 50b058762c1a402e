/** The account that a dialog asks: as typed, deployed or not, with the key that it has. */
import type { NodeAPI } from "node-red";
import { CemmAccount, CemmClient, DEFAULT_BASE_URL, LIMITS } from "../../lib/internal.js";
import { checkVariables, isAccountNode } from "../shared/config-nodes.js";
import { AdminError, type Form, MAX_CEMMS, shortText } from "./form.js";
import type { AdminRequest } from "./handler.js";
import { type ListedMeter, listed } from "./listed-meters.js";

/** What a form holds for a stored password: the key itself never leaves the runtime. */
const PLACEHOLDER = "__PWRD__";

/** Opened for one question: close it. @throws CemmError `CEMM_CONFIG`, AdminError */
export function openAccount(RED: NodeAPI, form: Form): CemmAccount {
  const [name, baseUrl, typedKey] = [form.text("name"), form.text("baseUrl"), form.text("apiKey")];
  checkVariables([baseUrl, form.text("concurrency")], `The account "${name}"`);
  const apiKey = typedKey === PLACEHOLDER ? storedKey(RED, form.text("id"), baseUrl) : typedKey;
  const concurrency = Number(form.text("concurrency") || LIMITS.concurrency.default);
  return new CemmAccount({ apiKey, baseUrl, concurrency, name });
}

/** The deployed key, for the server it was deployed for only: whoever may edit could else send it anywhere. */
function storedKey(RED: NodeAPI, id: string, baseUrl: string): string {
  const node = id ? RED.nodes.getNode(id) : null;
  const key = isAccountNode(node) ? node.credentials?.apiKey : undefined;
  if (!isAccountNode(node) || typeof key !== "string") return "";
  if (originOf(baseUrl) === originOf(node.baseUrl)) return key;
  throw new AdminError("CEMM_KEY_AGAIN", "Enter the key again: the stored one goes to its own base address only.", 422);
}

function originOf(url: string): string | undefined {
  const address = url || DEFAULT_BASE_URL;
  return URL.canParse(address) ? new URL(address).origin : undefined;
}

/** In seconds, that one CEMM may take to tell its meters. */
const METERS_TIME = 8;

/** The CEMMs of an account, with their meters to know them by; and how long the list took, in ms. */
export interface AccountCemms {
  uids: string[];
  cemms: { uid: string; meters: ListedMeter[] }[];
  ms: number;
}

export async function listCemms(account: CemmAccount, options: AdminRequest["options"]): Promise<AccountCemms> {
  const began = performance.now();
  const uids = await account.cemms(options);
  const ms = Math.round(performance.now() - began);
  const listedUids = uids.slice(0, MAX_CEMMS);
  const cemms = await Promise.all(
    listedUids.map(async (uid) => ({ uid, meters: await metersOf(account, uid, options) })),
  );
  return { uids: listedUids.map((uid) => shortText(uid)), cemms, ms };
}

/** None where the CEMM does not answer: it is listed all the same. */
async function metersOf(account: CemmAccount, uid: string, options: AdminRequest["options"]): Promise<ListedMeter[]> {
  const client = new CemmClient({ access: "cloud", account, uid, timeout: METERS_TIME });
  try {
    return listed(await client.meters(options));
  } catch {
    return [];
  } finally {
    client.close();
  }
}
