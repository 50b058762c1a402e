/** The cloud API: all CEMMs of one account behind one key. See "Open API" of the vendor's page. */
import type { z } from "zod";
import type { CemmList, History, IoList, Readings } from "../lib/data/schemas.js";
import { askedTime, NOT_A_TIME } from "./asked-time.js";
import type { CalendarUnit } from "./calendar.js";
import { type Cemm, ioEntry } from "./cemm.js";
import type { HttpReply } from "./faults.js";
import { type Api, badRequest, notFound, ok, refused } from "./http-server.js";
import type { SimulatedMeter } from "./kinds.js";
import type { CheckedOptions } from "./options.js";
import { Promises } from "./promises.js";

type CloudOptions = Pick<CheckedOptions, "apiKey" | "promise" | "promiseShare" | "seed" | "now"> & {
  cemms: readonly Cemm[];
};

interface CloudMeterQuestion {
  cemm: Cemm;
  meter: SimulatedMeter;
  query: URLSearchParams;
  /** When the CEMM answered. */
  now: number;
}

const METER: Readonly<Record<string, (question: CloudMeterQuestion) => HttpReply>> = {
  "": ({ meter }) => entries([ioEntry(meter)]),
  "realtime/": realtime,
  "data/day/": (question) => history(question, "day"),
  "data/month/": (question) => history(question, "month"),
  "data/year/": (question) => history(question, "year"),
  "totals/": totals,
};

/** The aliases that every endpoint's description lists; others are answered with 412. */
const ALIASES = new Set(["p1", "p1-gas", "han", "s01", "s02", "s03"]);
const DENIED = refused(403, "Access denied. API key invalid for this action");
const ALIAS_REFUSED = refused(412, "The specified alias is not supported by this endpoint");
// Both base addresses are in use: https://open-api.cemm.nl/v1/ and https://mijn.cemm.nl/open-api/v1/.
const PATH = /^(?:\/open-api)?\/v1\/cemm\/(?:([^/]+)\/(?:([^/]+)\/(.*))?)?$/;

/** `now`: when the CEMM, or the cloud's list of them, was asked. */
type AnswerAt = (now: number) => HttpReply;

export function cloudApi({ cemms, apiKey, promise, promiseShare, seed, now }: CloudOptions): Api {
  const account = { apiKey, cemms: new Map(cemms.map((cemm) => [cemm.uid, cemm])) };
  const promises = new Promises(promise, promiseShare, seed);
  const neverKept = new Promises(Number.POSITIVE_INFINITY, 1, seed);
  return (path, query, fault) => {
    const answer = answerAt(path, query, account);
    if (typeof answer !== "function") return answer;
    const request = `${path} ${query.get("time")}`;
    const state = (fault === "promise-forever" ? neverKept : promises).ask(request, now());
    return "promise" in state ? { status: 202, body: state } : answer(state.answeredAt);
  };
}

interface Account {
  apiKey: string;
  cemms: ReadonlyMap<string, Cemm>;
}

/** The request for this path, or a refusal, which needs no CEMM. */
function answerAt(path: string, query: URLSearchParams, { apiKey, cemms }: Account): AnswerAt | HttpReply {
  const [matched, uid, alias, endpoint = ""] = PATH.exec(path) ?? [];
  if (matched === undefined || (uid !== undefined && alias === undefined)) return notFound();
  const isIo = alias === "io" && endpoint === "";
  const ofMeter = METER[endpoint];
  if (!isIo && !ofMeter) return notFound();
  if (query.get("api_key") !== apiKey) return DENIED;
  if (uid === undefined || alias === undefined) return () => cemmList([...cemms.keys()]);
  const cemm = cemms.get(uid);
  if (!cemm) return DENIED;
  if (isIo) return () => entries(cemm.io());
  const meter = ALIASES.has(alias) ? cemm.meter(alias) : undefined;
  if (!meter || !ofMeter) return ALIAS_REFUSED;
  return (now) => ofMeter({ cemm, meter, query, now });
}

function cemmList(uids: readonly string[]): HttpReply {
  return ok({ data: uids.map((uid) => ({ uid })) } satisfies z.input<typeof CemmList>);
}

/** Only the local API lists aliases. */
function entries(list: z.input<typeof IoList>["data"]): HttpReply {
  return ok({ data: list.map(({ alias: _, ...entry }) => entry) } satisfies z.input<typeof IoList>);
}

function realtime({ cemm, meter, now }: CloudMeterQuestion): HttpReply {
  return ok({ io_id: meter.ioId, data: cemm.live(meter, now) } satisfies z.input<typeof Readings>);
}

function history({ cemm, meter, query, now }: CloudMeterQuestion, unit: CalendarUnit): HttpReply {
  const time = askedTime(query, now);
  if (time === undefined) return badRequest(NOT_A_TIME);
  const data = cemm.history(meter, cemm.period(unit, time), now, 0);
  return ok({ io_id: meter.ioId, time, data } satisfies z.input<typeof History>);
}

function totals({ cemm, meter, query, now }: CloudMeterQuestion): HttpReply {
  const time = askedTime(query, now);
  if (time === undefined) return badRequest(NOT_A_TIME);
  return ok({ io_id: meter.ioId, time, data: cemm.totals(meter, time, now) } satisfies z.input<typeof Readings>);
}
