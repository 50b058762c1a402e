import {
  broadcastAddresses,
  CemmClient,
  DISCOVERY_PORT,
  type DiscoveredCemm,
  discover,
  Turns,
} from "../../lib/internal.js";
import { MAX_CEMMS, shortText } from "./form.js";
import type { AdminRequest } from "./handler.js";

/** In ms. */
const SEARCH_TIME = 3_000;

/** A found CEMM in a dialog's list. */
export interface ListedCemm {
  uid: string;
  mac: string;
  host: string;
  name: string | null;
  model: string | null;
  core: string | null;
  firmware: string | null;
}

/** `tried`: the addresses that were asked. */
interface SearchAnswer {
  cemms: ListedCemm[];
  tried: string[];
  port: number;
}

/** `/cemm/search`: finds the CEMMs on the network. */
export async function search({ form, options }: AdminRequest): Promise<SearchAnswer> {
  const typed = form
    .text("broadcast")
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
  const tried = typed.length > 0 ? typed : broadcastAddresses();
  const port = Number(form.text("port") || DISCOVERY_PORT);
  const found = await discover({ timeout: SEARCH_TIME, broadcast: tried, port, signal: options.signal });
  const turns = new Turns();
  const cemms = await Promise.all(
    found.slice(0, MAX_CEMMS).map((cemm) => turns.run(cemm.host, () => withInfo(cemm, options))),
  );
  return { cemms, tried, port };
}

/** A found CEMM is listed, even if it does not answer further requests. */
async function withInfo(found: DiscoveredCemm, options: AdminRequest["options"]): Promise<ListedCemm> {
  const { uid, mac, host, model, core } = found;
  const cemm = { uid, mac, host, model: shortText(model), core: shortText(core) };
  const client = new CemmClient({ host, uid, timeout: SEARCH_TIME / 1000 });
  try {
    const { name, firmware } = await client.info(options);
    return { ...cemm, name: shortText(name), firmware: shortText(firmware) };
  } catch {
    return { ...cemm, name: null, firmware: null };
  } finally {
    client.close();
  }
}
