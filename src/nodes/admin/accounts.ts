/** The accounts that the dialogs ask: deployed ones, and what their CEMMs are. */
import type { NodeAPI } from "node-red";
import { type CemmAccount, CemmClient } from "../../lib/index.js";
import { type AccountNode, isAccountNode } from "../shared/config-nodes.js";
import { AdminError, MAX_CEMMS, shortText } from "./form.js";
import type { AdminRequest } from "./handler.js";
import { type ListedMeter, listed } from "./listed-meters.js";

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
