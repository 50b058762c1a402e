import { type CemmClient, CemmError, type Meter, USUAL_METERS } from "../../lib/internal.js";
import { routesOf, withClient } from "./form-client.js";
import type { AdminRequest } from "./handler.js";
import { type ListedMeter, listed } from "./listed-meters.js";

/** The cloud lists a meter's type and port, but not its alias. */
const CLOUD_ALIASES = USUAL_METERS.flatMap((meter) => ("cloud" in meter ? [meter.alias] : []));

/** `/cemm/device/meters`: the meters with their aliases, for completion. */
export async function deviceMeters({ RED, form, options }: AdminRequest): Promise<{ meters: ListedMeter[] }> {
  const [route] = routesOf(form);
  const meters = await withClient(RED, form, route, (client) =>
    route === "lan" ? client.meters(options) : aliasedMeters(client, options),
  );
  return { meters: listed(meters) };
}

/** The cloud does not list aliases, but each common one can be tried. */
async function aliasedMeters(client: CemmClient, options: AdminRequest["options"]): Promise<Meter[]> {
  const asked = await Promise.allSettled(CLOUD_ALIASES.map((alias) => client.meter(alias, options)));
  const failed = asked.find((result) => result.status === "rejected" && !isUnsupported(result.reason));
  if (failed?.status === "rejected") throw failed.reason;
  return asked.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

function isUnsupported(error: unknown): boolean {
  return error instanceof CemmError && error.code === "CEMM_ALIAS_UNSUPPORTED";
}
