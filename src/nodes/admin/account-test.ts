import type { CemmAccount } from "../../lib/internal.js";
import { openAccount } from "./accounts.js";
import { askOnce } from "./ask-once.js";
import { throughCloud } from "./cloud-problem.js";
import { MAX_CEMMS } from "./form.js";
import type { AdminRequest } from "./handler.js";
import { type ListedMeter, listed } from "./listed-meters.js";

/** Time limit for one CEMM's list of meters, in seconds. */
const METERS_TIME = 8;

/** The CEMMs of an account, each with its meters, by which a user recognises it; and how long the list took, in ms. */
interface AccountCemms {
  cemms: { uid: string; meters: ListedMeter[] }[];
  ms: number;
}

/** `/cemm/account/test`: the CEMMs of the account as typed, which also proves that its key works. */
export async function accountTest({ RED, form, options }: AdminRequest): Promise<AccountCemms> {
  const account = openAccount(RED, form);
  try {
    return await throughCloud(listCemms(account, options));
  } finally {
    await account.close();
  }
}

async function listCemms(account: CemmAccount, options: AdminRequest["options"]): Promise<AccountCemms> {
  const began = performance.now();
  const uids = await account.cemms(options);
  const ms = Math.round(performance.now() - began);
  const cemms = uids.slice(0, MAX_CEMMS).map(async (uid) => ({ uid, meters: await metersOf(account, uid, options) }));
  return { cemms: await Promise.all(cemms), ms };
}

/** Empty if the CEMM does not answer; it is listed anyway. */
async function metersOf(account: CemmAccount, uid: string, options: AdminRequest["options"]): Promise<ListedMeter[]> {
  const cemm = { access: "cloud", account, uid, timeout: METERS_TIME } as const;
  return listed((await askOnce(cemm, (client) => client.meters(options))) ?? []);
}
