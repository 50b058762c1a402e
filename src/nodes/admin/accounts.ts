/** The accounts that the dialogs ask: deployed ones, and what their CEMMs are. */
import type { NodeAPI } from "node-red";
import type { CemmAccount } from "../../lib/index.js";
import { type AccountNode, isAccountNode } from "../runtime/config-nodes.js";
import { AdminError, MAX_CEMMS, shortText } from "./form.js";
import type { AdminRequest } from "./handler.js";

export function accountNode(RED: NodeAPI, id: string): AccountNode | undefined {
  const node = id ? RED.nodes.getNode(id) : null;
  return isAccountNode(node) ? node : undefined;
}

/** @throws AdminError `CEMM_NOT_DEPLOYED` */
export function deployedAccount(RED: NodeAPI, id: string): CemmAccount {
  const node = accountNode(RED, id);
  if (node) return node.account();
  throw new AdminError("CEMM_NOT_DEPLOYED", "The account is not deployed yet. Deploy, then try again.", 422);
}

/** The uids of the account's CEMMs, and how long the answer took, in ms. */
export async function listCemms(account: CemmAccount, options: AdminRequest["options"]): Promise<object> {
  const began = performance.now();
  const uids = await account.cemms(options);
  return { uids: uids.slice(0, MAX_CEMMS).map(shortText), ms: Math.round(performance.now() - began) };
}
