import { type AccountCemms, deployedAccount, listCemms } from "./accounts.js";
import type { AdminRequest } from "./handler.js";

/** `/cemm/account/cemms`: the CEMMs of a deployed account. */
export async function accountCemms({ RED, form, options }: AdminRequest): Promise<AccountCemms> {
  return listCemms(deployedAccount(RED, form("account")), options);
}
