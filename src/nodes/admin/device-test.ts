import { type CemmClient, CemmError, type Meter, parseUid, type RouteName } from "../../lib/index.js";
import { readingText } from "../runtime/reading-text.js";
import { deployedAccount } from "./accounts.js";
import { MAX_CEMMS, problemOf, shortText } from "./form.js";
import { routesOf, withClient } from "./form-client.js";
import type { AdminRequest } from "./handler.js";
import { listed } from "./listed-meters.js";

/** `/cemm/device/test`: for each route that the chosen access uses, what the CEMM told, or what is wrong. */
export async function deviceTest(request: AdminRequest): Promise<object> {
  const ways = await Promise.all(routesOf(request.form).map((route) => testRoute(request, route)));
  return { ways };
}

async function testRoute(request: AdminRequest, route: RouteName): Promise<object> {
  const began = performance.now();
  const test = route === "lan" ? testLan : testCloud;
  try {
    const result = await withClient(request.RED, request.form, route, (client) => test(client, request));
    return { source: route, ...result, ms: since(began) };
  } catch (error) {
    return { source: route, error: problemOf(error), ms: since(began) };
  }
}

async function testLan(client: CemmClient, { options }: AdminRequest): Promise<object> {
  const { uid, host, name, firmware, core } = await client.info(options);
  const found = await client.meters(options);
  const told = { name: shortText(name), firmware: shortText(firmware), core: shortText(core) };
  return { uid, host, ...told, meters: listed(found), now: await liveValue(client, found, options) };
}

async function testCloud(client: CemmClient, { RED, form, options }: AdminRequest): Promise<object> {
  const uids = await deployedAccount(RED, form("account")).cemms(options);
  const typed = form("uid");
  const uid = typed ? parseUid(typed) : uids[0];
  if (typed && uid && !uids.includes(uid)) {
    const linked = uids.length > 0 ? `It has: ${uids.slice(0, MAX_CEMMS).join(", ")}.` : "It has none.";
    throw new CemmError("CEMM_WRONG_DEVICE", `The account has no CEMM ${uid}. ${linked}`);
  }
  const found = await client.meters(options);
  const told = { name: null, firmware: null, core: null };
  return { uid, ...told, meters: listed(found), now: await liveValue(client, found, options) };
}

/** What a person knows the house by: the smart meter's power, else the first meter's value. Null: it does not tell. */
async function liveValue(
  client: CemmClient,
  meters: Meter[],
  options: AdminRequest["options"],
): Promise<object | null> {
  // The cloud does not tell the alias.
  const aliases = meters.map(({ alias, type }) => alias ?? type);
  const alias = aliases.includes("p1") ? "p1" : aliases[0];
  if (alias === undefined) return null;
  try {
    const text = readingText(await client.realtime(alias, options));
    return text === null ? null : { alias, text };
  } catch {
    return null;
  }
}

function since(began: number): number {
  return Math.round(performance.now() - began);
}
