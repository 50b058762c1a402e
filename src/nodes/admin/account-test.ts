import type { NodeAPI } from "node-red";
import { CemmAccount, DEFAULT_BASE_URL } from "../../lib/index.js";
import { type AccountCemms, accountNode, listCemms } from "./accounts.js";
import { AdminError } from "./form.js";
import type { AdminRequest } from "./handler.js";

/** What a form holds for a stored password: the key itself never leaves the runtime. */
const PLACEHOLDER = "__PWRD__";

/** `/cemm/account/test`: the CEMMs of the account as typed. They come only where its key works. */
export async function accountTest({ RED, form, options }: AdminRequest): Promise<AccountCemms> {
  const baseUrl = form("baseUrl");
  const typedKey = form("apiKey");
  const apiKey = typedKey === PLACEHOLDER ? storedKey(RED, form("id"), baseUrl) : typedKey;
  const account = new CemmAccount({ apiKey, baseUrl, name: form("name") });
  try {
    return await listCemms(account, options);
  } finally {
    await account.close();
  }
}

/** The deployed key, for the server it was deployed for only: whoever may edit could else send it anywhere. */
function storedKey(RED: NodeAPI, id: string, baseUrl: string): string {
  const node = accountNode(RED, id);
  const key = node?.credentials?.apiKey;
  if (!node || typeof key !== "string") {
    throw new AdminError("CEMM_NOT_DEPLOYED", "The key is not deployed yet. Deploy, or enter it again.", 422);
  }
  if (originOf(baseUrl) === originOf(node.baseUrl)) return key;
  throw new AdminError("CEMM_KEY_AGAIN", "Enter the key again: the stored one goes to its own base address only.", 422);
}

function originOf(url: string): string | undefined {
  const address = url || DEFAULT_BASE_URL;
  return URL.canParse(address) ? new URL(address).origin : undefined;
}
