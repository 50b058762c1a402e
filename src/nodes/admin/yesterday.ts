/** Yesterday as a meter recorded it: cached, since a dialog requests it with each change of a field. */
import { type Answer, type CemmClient, RecentMap, type RouteName } from "../../lib/internal.js";
import type { Form } from "./form.js";
import { routesOf, withClient } from "./form-client.js";
import type { AdminRequest } from "./handler.js";

type RecordedDay = Required<Pick<Answer, "period" | "channels">>;

/** In ms. Not longer, since the cloud may get the last minutes late, and yesterday changes at midnight. */
const FRESH = 300_000;
const MAX_KEPT = 8;
const kept = new RecentMap<{ at: number; day: RecordedDay }>(MAX_KEPT);

/** Asks the CEMM of the form, by the first route that answers. */
export async function yesterday({ RED, form, options }: AdminRequest): Promise<RecordedDay> {
  const meter = form.part("meter");
  const key = keyOf(meter);
  const known = kept.get(key);
  if (known && Date.now() - known.at < FRESH) return known.day;
  const device = meter.part("device");
  const ask = (route: RouteName) => withClient(RED, device, route, (client) => read(client, meter, options));
  const [first, second] = routesOf(device);
  const day = await (second ? ask(first).catch(() => ask(second)) : ask(first));
  kept.set(key, { at: Date.now(), day });
  return day;
}

/** Everything that the answer depends on. */
function keyOf(meter: Form): string {
  const device = meter.part("device");
  const account = device.part("account");
  return JSON.stringify([
    ...["alias", "target"].map((name) => meter.text(name)),
    ...["access", "host", "uid", "timezone"].map((name) => device.text(name)),
    ...["id", "baseUrl"].map((name) => account.text(name)),
  ]);
}

async function read(client: CemmClient, meter: Form, options: AdminRequest["options"]): Promise<RecordedDay> {
  const target = meter.text("target");
  const cemm = target ? client.at(target) : client;
  const period = cemm.period("day", Date.now(), 1);
  const { channels } = await cemm.history(meter.text("alias"), period, options);
  return { period, channels };
}
