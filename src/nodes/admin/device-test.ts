import {
  type CemmAccount,
  type CemmClient,
  CemmError,
  type CemmInfo,
  type Meter,
  parseHost,
  parseUid,
  type RouteName,
  roleOf,
} from "../../lib/internal.js";
import { readingText } from "../shared/reading-text.js";
import { askOnce } from "./ask-once.js";
import { type AdminProblem, MAX_CEMMS, problemOf } from "./form.js";
import { routesOf, withClient } from "./form-client.js";
import type { AdminRequest } from "./handler.js";
import { type ListedMeter, listed } from "./listed-meters.js";

/** Time limit for identifying a device, in seconds. */
const IDENTITY_TIME = 3;

interface LiveValue {
  alias: string;
  text: string;
}

interface TestedCemm extends Pick<CemmInfo, "uid" | "name" | "firmware" | "core"> {
  host?: string;
  meters: ListedMeter[];
  now: LiveValue | null;
}

/** The result or error of a test by one route, and how long it took, in ms. */
interface TestedRoute extends TestedCemm {
  route: RouteName;
  error?: AdminProblem;
  /** The uid of another CEMM that has the typed address. */
  other?: string;
  ms: number;
}

const UNKNOWN: TestedCemm = { uid: null, name: null, firmware: null, core: null, meters: [], now: null };

/** `/cemm/device/test`: tests each route of the chosen access. */
export async function deviceTest(request: AdminRequest): Promise<{ routes: TestedRoute[] }> {
  return { routes: await Promise.all(routesOf(request.form).map((route) => testRoute(request, route))) };
}

async function testRoute(request: AdminRequest, route: RouteName): Promise<TestedRoute> {
  const began = performance.now();
  try {
    const cemm = await withClient(request.RED, request.form, route, (client, account) =>
      account ? testCloud(client, account, request) : testLan(client, request),
    );
    const other = cemm.host === undefined ? {} : await otherCemm(request, cemm.host);
    return { route, ...cemm, ...other, ms: since(began) };
  } catch (error) {
    const other = route === "lan" && isWrongDevice(error) ? await otherCemm(request) : {};
    return { route, ...UNKNOWN, error: problemOf(error), ...other, ms: since(began) };
  }
}

function isWrongDevice(error: unknown): boolean {
  return error instanceof CemmError && error.code === "CEMM_WRONG_DEVICE";
}

/** The device at the typed address, if the right CEMM is at another one (`at`) or was not found. */
async function otherCemm({ form, options }: AdminRequest, at?: string): Promise<{ other?: string }> {
  const host = parseHost(form.text("host"));
  if (host === undefined || host === at) return {};
  const info = await askOnce({ host, timeout: IDENTITY_TIME }, (client) => client.info(options));
  return info?.uid ? { other: info.uid } : {};
}

async function testLan(client: CemmClient, { options }: AdminRequest): Promise<TestedCemm> {
  const { uid, host, name, firmware, core } = await client.info(options);
  const meters = await client.meters(options);
  const now = await liveValue(client, meters, options);
  return { uid, host, name, firmware, core, meters: listed(meters), now };
}

async function testCloud(
  client: CemmClient,
  account: CemmAccount,
  { form, options }: AdminRequest,
): Promise<TestedCemm> {
  const uids = await account.cemms(options);
  const typed = form.text("uid");
  const uid = typed ? parseUid(typed) : uids[0];
  if (typed && uid && !uids.includes(uid)) {
    const linked = uids.length > 0 ? `It has: ${uids.slice(0, MAX_CEMMS).join(", ")}.` : "It has none.";
    throw new CemmError("CEMM_WRONG_DEVICE", `The account has no CEMM ${uid}. ${linked}`);
  }
  const meters = await client.meters(options);
  return { ...UNKNOWN, uid: uid ?? null, meters: listed(meters), now: await liveValue(client, meters, options) };
}

/** A value to recognise the house by: the smart meter's power, else the first meter's value; null without one. */
async function liveValue(
  client: CemmClient,
  meters: Meter[],
  options: AdminRequest["options"],
): Promise<LiveValue | null> {
  const meter = meters.find((each) => roleOf(each) === "grid") ?? meters[0];
  if (!meter) return null;
  // The cloud does not list the alias.
  const alias = meter.alias ?? meter.type;
  try {
    const reading = readingText(await client.realtime(alias, options));
    return reading ? { alias, text: reading.text } : null;
  } catch {
    return null;
  }
}

function since(began: number): number {
  return Math.round(performance.now() - began);
}
