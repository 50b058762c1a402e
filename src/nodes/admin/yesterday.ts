/** Yesterday as a meter recorded it: kept for a while, since a dialog asks for it with each change of a field. */
import { type Answer, type CemmClient, type Period, RecentMap, type RouteName } from "../../lib/index.js";
import type { Form } from "./form.js";
import { routesOf, withClient } from "./form-client.js";
import type { AdminRequest } from "./handler.js";

export interface RecordedDay extends Pick<Answer, "channels"> {
  period: Period;
}

/** Whatever the answer depends on. */
const FIELDS = ["access", "host", "uid", "account", "timezone", "target", "alias"];
/** In ms; past midnight yesterday is another day, and the cloud may hear of its last minutes late. */
const FRESH = 300_000;
const MOST_KEPT = 8;
const kept = new RecentMap<{ at: number; day: RecordedDay }>(MOST_KEPT);

/** From the CEMM of the form: its first route that answers. */
export async function yesterday(request: AdminRequest): Promise<RecordedDay> {
  const key = JSON.stringify(FIELDS.map(request.form));
  const known = kept.get(key);
  if (known && Date.now() - known.at < FRESH) return known.day;
  const day = await record(request);
  kept.set(key, { at: Date.now(), day });
  return day;
}

function record({ RED, form, options }: AdminRequest): Promise<RecordedDay> {
  const ask = (route: RouteName) => withClient(RED, form, route, (client) => read(client, form, options));
  const [first, second] = routesOf(form);
  return second ? ask(first).catch(() => ask(second)) : ask(first);
}

async function read(client: CemmClient, form: Form, options: AdminRequest["options"]): Promise<RecordedDay> {
  const target = form("target");
  const cemm = target ? client.at(target) : client;
  const period = cemm.period("day", Date.now(), 1);
  const { channels } = await cemm.history(form("alias"), period, options);
  return { period, channels };
}
