import {
  broadcastAddresses,
  type CemmInfo,
  DISCOVERY_PORT,
  type DiscoveredCemm,
  discover,
  Turns,
} from "../../lib/internal.js";
import { askOnce } from "./ask-once.js";
import { MAX_CEMMS } from "./form.js";
import type { AdminRequest } from "./handler.js";

/** In ms. */
const SEARCH_TIME = 3_000;

type ListedCemm = Omit<DiscoveredCemm, "initState"> & Pick<CemmInfo, "name" | "firmware">;

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
  const chosen = typed.length > 0 ? { broadcast: typed } : {};
  const port = Number(form.text("port") || DISCOVERY_PORT);
  const found = await discover({ timeout: SEARCH_TIME, ...chosen, port, signal: options.signal });
  const turns = new Turns();
  const cemms = await Promise.all(
    found.slice(0, MAX_CEMMS).map((cemm) => turns.run(cemm.host, () => withInfo(cemm, options))),
  );
  return { cemms, tried: chosen.broadcast ?? broadcastAddresses(), port };
}

/** A found CEMM is listed even if it does not answer further requests. */
async function withInfo(found: DiscoveredCemm, options: AdminRequest["options"]): Promise<ListedCemm> {
  const { uid, mac, host, model, core } = found;
  const info = await askOnce({ host, uid, timeout: SEARCH_TIME / 1000 }, (client) => client.info(options));
  return { uid, mac, host, model, core, name: info?.name ?? null, firmware: info?.firmware ?? null };
}
