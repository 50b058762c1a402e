import { type AccountCemms, listCemms, openAccount } from "./accounts.js";
import { throughCloud } from "./cloud-problem.js";
import type { AdminRequest } from "./handler.js";

/** `/cemm/account/test`: the CEMMs of the account as typed, which also proves that its key works. */
export async function accountTest({ RED, form, options }: AdminRequest): Promise<AccountCemms> {
  const account = openAccount(RED, form);
  try {
    return await throughCloud(listCemms(account, options));
  } finally {
    await account.close();
  }
}
