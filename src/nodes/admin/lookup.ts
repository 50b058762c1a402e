/** Search, look-up and test: what the dialogs ask, with the values as typed, before anything is deployed. */
import type { NodeAPI } from "node-red";
import {
  ACCESSES,
  broadcastAddresses,
  CemmAccount,
  CemmClient,
  type CemmClientOptions,
  CemmError,
  DEFAULT_BASE_URL,
  DISCOVERY_PORT,
  type DiscoveredCemm,
  discover,
  type Meter,
  parseUid,
  type RequestOptions,
  type RouteName,
} from "../../lib/index.js";
import { type AccountNode, checkVariables, isAccountNode } from "../runtime/config-nodes.js";
import { type Form, problemOf, Refusal, shown } from "./form.js";

/** How a saved password shows in a form: the key itself never leaves the runtime. */
const PLACEHOLDER = "__PWRD__";
/** In seconds. */
const LONGEST_WAIT = 20;
const SEARCH = 3_000;
const MOST_CEMMS = 50;
const MOST_METERS = 100;
/** What the vendor's pages list: the cloud tells a meter's type and port, but not its alias. */
const CLOUD_ALIASES = ["p1", "p1-gas", "s01", "s02", "s03", "han"];

// ---- the network --------------------------------------------------------------------------------------------------

/** The CEMMs that answer on the network, and where it was asked. */
export async function search(form: Form, ask: RequestOptions): Promise<object> {
  const typed = form("broadcast")
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
  const tried = typed.length > 0 ? typed : broadcastAddresses();
  const port = Number(form("port") || DISCOVERY_PORT);
  const found = await discover({ timeout: SEARCH, broadcast: tried, port, ...(ask.signal && { signal: ask.signal }) });
  return { cemms: await Promise.all(found.slice(0, MOST_CEMMS).map((cemm) => withInfo(cemm, ask))), tried, port };
}

/** A CEMM that was found is listed, whether or not it tells more. */
async function withInfo({ uid, mac, host, model, core }: DiscoveredCemm, ask: RequestOptions): Promise<object> {
  const cemm = { uid, mac, host, model: shown(model), core: shown(core) };
  const client = new CemmClient({ host, uid, timeout: SEARCH / 1000 });
  try {
    const { name, firmware } = await client.info(ask);
    return { ...cemm, name: shown(name), firmware: shown(firmware) };
  } catch {
    return { ...cemm, name: null, firmware: null };
  } finally {
    client.close();
  }
}

// ---- an account ---------------------------------------------------------------------------------------------------

/** The CEMMs of the account as typed: its key works. */
export async function testAccount(RED: NodeAPI, form: Form, ask: RequestOptions): Promise<object> {
  const baseUrl = form("baseUrl");
  const typedKey = form("apiKey");
  const apiKey = typedKey === PLACEHOLDER ? storedKey(RED, form("id"), baseUrl) : typedKey;
  const account = new CemmAccount({ apiKey, baseUrl, name: form("name") });
  try {
    return await listCemms(account, ask);
  } finally {
    await account.close();
  }
}

/** The CEMMs of a deployed account. */
export async function listAccount(RED: NodeAPI, form: Form, ask: RequestOptions): Promise<object> {
  return listCemms(deployedAccount(RED, form("account")), ask);
}

async function listCemms(account: CemmAccount, options: RequestOptions): Promise<object> {
  const began = performance.now();
  const uids = await account.cemms({ ...options, timeout: LONGEST_WAIT });
  return { uids: uids.slice(0, MOST_CEMMS).map(shown), ms: since(began) };
}

/** The deployed key, for the machine it was deployed for only: whoever may edit could else send it anywhere. */
function storedKey(RED: NodeAPI, id: string, baseUrl: string): string {
  const node = accountNode(RED, id);
  const key = node?.credentials?.apiKey;
  if (!node || typeof key !== "string") {
    throw new Refusal("CEMM_NOT_DEPLOYED", "The key is not deployed yet. Deploy, or enter it again.", 422);
  }
  if (originOf(baseUrl) === originOf(node.baseUrl)) return key;
  throw new Refusal("CEMM_KEY_AGAIN", "Enter the key again: the stored one goes to its own base address only.", 422);
}

function originOf(url: string): string | undefined {
  const address = url || DEFAULT_BASE_URL;
  return URL.canParse(address) ? new URL(address).origin : undefined;
}

function accountNode(RED: NodeAPI, id: string): AccountNode | undefined {
  const node = id ? RED.nodes.getNode(id) : null;
  return isAccountNode(node) ? node : undefined;
}

function deployedAccount(RED: NodeAPI, id: string): CemmAccount {
  const node = accountNode(RED, id);
  if (node) return node.account();
  throw new Refusal("CEMM_NOT_DEPLOYED", "The account is not deployed yet. Deploy, then try again.", 422);
}

// ---- a CEMM -------------------------------------------------------------------------------------------------------

/** Each way to the CEMM that the chosen access uses, with what it told or what is wrong. */
export async function testDevice(RED: NodeAPI, form: Form, ask: RequestOptions): Promise<object> {
  const ways = await Promise.all(sourcesOf(form).map((source) => tryWay(RED, source, form, ask)));
  return { ways };
}

async function tryWay(RED: NodeAPI, source: RouteName, form: Form, ask: RequestOptions): Promise<object> {
  const began = performance.now();
  try {
    const told = await withClient(optionsOf(RED, source, form), (client) =>
      source === "lan"
        ? tellLan(client, ask)
        : tellCloud(client, deployedAccount(RED, form("account")), form("uid"), ask),
    );
    return { source, ...told, ms: since(began) };
  } catch (error) {
    return { source, error: problemOf(error), ms: since(began) };
  }
}

async function tellLan(client: CemmClient, ask: RequestOptions): Promise<object> {
  const { uid, host, name, firmware, core } = await client.info(ask);
  const meters = (await client.meters(ask)).slice(0, MOST_METERS).map(shownMeter);
  return { uid, host, name: shown(name), firmware: shown(firmware), core: shown(core), meters };
}

async function tellCloud(
  client: CemmClient,
  account: CemmAccount,
  typed: string,
  ask: RequestOptions,
): Promise<object> {
  const uids = await account.cemms({ ...ask, timeout: LONGEST_WAIT });
  const uid = typed ? parseUid(typed) : uids[0];
  if (typed && uid && !uids.includes(uid)) {
    const linked = uids.length > 0 ? `It has: ${uids.slice(0, MOST_CEMMS).join(", ")}.` : "It has none.";
    throw new CemmError("CEMM_WRONG_DEVICE", `The account has no CEMM ${uid}. ${linked}`);
  }
  const meters = await client.meters(ask);
  return { uid, name: null, firmware: null, core: null, meters: meters.slice(0, MOST_METERS).map(shownMeter) };
}

/** The meters with their aliases, for completion. */
export async function listMeters(RED: NodeAPI, form: Form, ask: RequestOptions): Promise<object> {
  const [source = "lan"] = sourcesOf(form);
  return withClient(optionsOf(RED, source, form), async (client) => {
    const meters = source === "lan" ? await client.meters(ask) : await aliasedMeters(client, ask);
    return { meters: meters.slice(0, MOST_METERS).map(shownMeter) };
  });
}

/** The cloud does not tell the aliases; but which of the usual ones it knows can be asked. */
async function aliasedMeters(client: CemmClient, ask: RequestOptions): Promise<Meter[]> {
  const asked = await Promise.allSettled(CLOUD_ALIASES.map((alias) => client.meter(alias, ask)));
  const failed = asked.find((result) => result.status === "rejected" && !isRefusedAlias(result.reason));
  if (failed?.status === "rejected") throw failed.reason;
  return asked.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

function isRefusedAlias(error: unknown): boolean {
  return error instanceof CemmError && error.code === "CEMM_ALIAS_UNSUPPORTED";
}

function shownMeter({ alias, type, port }: Meter): object {
  return { alias: shown(alias), type: shown(type), port };
}

function sourcesOf(form: Form): RouteName[] {
  const access = ACCESSES.find((each) => each === (form("access") || "lan"));
  if (!access) throw new Refusal("CEMM_INPUT", "The access must be lan, cloud or auto.", 400);
  return access === "auto" ? ["lan", "cloud"] : [access];
}

function optionsOf(RED: NodeAPI, source: RouteName, form: Form): CemmClientOptions {
  checkVariables(["host", "uid", "timezone", "timeout"].map(form), "The CEMM");
  const timeout = Math.min(Number(form("timeout") || 30), LONGEST_WAIT);
  const common = { access: source, uid: form("uid"), name: form("name"), timezone: form("timezone"), timeout };
  if (source === "lan") return { ...common, host: form("host") };
  return { ...common, account: deployedAccount(RED, form("account")) };
}

async function withClient<T>(options: CemmClientOptions, use: (client: CemmClient) => Promise<T>): Promise<T> {
  const client = new CemmClient(options);
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

function since(began: number): number {
  return Math.round(performance.now() - began);
}
